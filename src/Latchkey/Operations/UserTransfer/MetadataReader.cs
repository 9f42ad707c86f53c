using System.Text.Json;
using Latchkey.Applications.Settings;
using Latchkey.Core;

namespace Latchkey.Operations.UserTransfer;

/// <summary>Reads metadata in a file: a JSON document with nested values, full paths as names, or both.</summary>
public static class MetadataReader
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    /// <summary>A JSON document as text, as in CSV.</summary>
    public static void Read(RowValues values, UserField field, string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Strict);
            Read(values, field, document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            values.Problem ??= $"{UserFields.Name(field)}: not JSON"; // or a name with an unpaired surrogate
        }
    }

    public static void Read(RowValues values, UserField field, JsonElement document)
    {
        if (document.ValueKind == JsonValueKind.String)
        {
            Read(values, field, document.GetString() ?? "");
        }
        else if (document.ValueKind == JsonValueKind.Object)
        {
            Add(values, field, "", document);
        }
        else if (document.ValueKind != JsonValueKind.Null)
        {
            values.Problem ??= $"{UserFields.Name(field)}: not a JSON object";
        }
    }

    private static void Add(RowValues values, UserField field, string prefix, JsonElement document)
    {
        foreach (var property in document.EnumerateObject())
        {
            var path = prefix + property.Name;
            if (property.Value.ValueKind == JsonValueKind.Object)
            {
                Add(values, field, $"{path}.", property.Value);
            }
            else if (!MetadataFields.IsPath(path))
            {
                values.Problem ??= $"{UserFields.Name(field)}: a path is one to eight names of letters, digits, _ and - with dots between";
            }
            else if (Field.FromJson(property.Value) is { Kind: not FieldKind.Other } value)
            {
                Keep(values.MetadataOf(field), path, value.Text);
            }
            else
            {
                values.Problem ??= $"{UserFields.Name(field)}.{path}: not a text";
            }
        }
    }

    private static void Keep(Dictionary<string, string> values, string path, string text)
    {
        if (text.Trim() is { Length: > 0 } trimmed)
        {
            values[path] = trimmed;
        }
    }
}
