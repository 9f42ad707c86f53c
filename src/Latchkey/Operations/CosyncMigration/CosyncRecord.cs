using System.Text.Json;

namespace Latchkey.Operations.CosyncMigration;

/// <summary>
/// A document of a CosyncJWT server's collection, or a row of its export file: texts by name, with JSON for objects and lists.
/// </summary>
public sealed class CosyncRecord(IReadOnlyDictionary<string, string> texts)
{
    private const string LostObjectText = "[object Object]";
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    /// <summary>Trimmed; null when absent or empty.</summary>
    public string? this[string name] => texts.GetValueOrDefault(name)?.Trim() is { Length: > 0 } text ? text : null;

    /// <summary>Some releases export this text in place of objects.</summary>
    public bool IsLostInExport(string name) => this[name] is { } text && text.Contains(LostObjectText, StringComparison.Ordinal);

    public bool Flag(string name) => this[name]?.ToLowerInvariant() is "true" or "1" or "1.0";

    /// <summary>Unix milliseconds; null when it is not a time.</summary>
    public long? Time(string name) => this[name] is { } text ? UserTransfer.ImportTime.Read(text.Trim('"')) : null;

    /// <summary>A list or object as JSON; null when it is neither or was lost.</summary>
    public string? Json(string name) => this[name] is ['{' or '[', ..] text && !IsLostInExport(name) ? text : null;

    /// <summary>
    /// Parses a line of MongoDB Extended JSON (https://www.mongodb.com/docs/manual/reference/mongodb-extended-json/); null when it is
    /// malformed.
    /// </summary>
    public static CosyncRecord? Read(ReadOnlyMemory<byte> line)
    {
        try
        {
            using var document = JsonDocument.Parse(line, Strict);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? new CosyncRecord(
                    document
                        .RootElement.EnumerateObject()
                        .ToDictionary(property => property.Name, property => Text(property.Value), StringComparer.Ordinal)
                )
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string Text(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.String => value.GetString() ?? "",
            JsonValueKind.Null => "",
            JsonValueKind.Object when value.EnumerateObject().ToList() is [{ Name: ['$', ..] } wrapped] => Text(wrapped.Value),
            _ => value.GetRawText(),
        };
}
