using System.Globalization;
using System.Text.Json.Serialization;

namespace Latchkey.Core;

/// <summary>Source-generated JSON of the answers that every feature shares.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ErrorBody))]
public sealed partial class ContractJson : JsonSerializerContext;

/// <summary>The wire's dates: ISO 8601, UTC, with milliseconds (<c>2026-01-31T12:00:00.000Z</c>).</summary>
public static class WireDate
{
    public static string Format(long unixMilliseconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds(unixMilliseconds).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
