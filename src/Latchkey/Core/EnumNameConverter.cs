using System.Text.Json;
using System.Text.Json.Serialization;

namespace Latchkey.Core;

/// <summary>Writes an enum in JSON by its <see cref="EnumNames"/>.</summary>
public sealed class EnumNameConverter<T> : JsonConverter<T>
    where T : struct, Enum
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetString() is { } name && EnumNames.TryParse<T>(name, out var value)
            ? value
            : throw new JsonException($"not one of {string.Join(", ", EnumNames.All<T>())}");

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToName());
}
