using System.Text.Json;
using Latchkey.Applications.Settings;
using Latchkey.Core;

namespace Latchkey.Operations.UserTransfer;

/// <summary>
/// Reads metadata in a file: a JSON document with nested values, full paths as names, or both. A value that cannot be metadata is omitted
/// with a note.
/// </summary>
public static class MetadataReader
{
    private const int MaxNameShown = 80;
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    /// <summary>A JSON document as text, as in CSV.</summary>
    public static void Read(RowValues values, FieldTarget target, string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Strict);
            Read(values, target, document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            if (target.Rank == 0)
            {
                values.Problem ??= $"{target.Name}: not JSON"; // or a name with an unpaired surrogate
            }
            else
            {
                values.Note($"{target.Name} is omitted: it is not JSON");
            }
        }
    }

    public static void Read(RowValues values, FieldTarget target, JsonElement document)
    {
        if (target.Path.Length > 0)
        {
            Add(values, target, target.Path, document);
        }
        else if (document.ValueKind == JsonValueKind.String)
        {
            if (document.GetString() is { Length: > 0 } text && !ImportText.IsNull(UserField.MetaData, text))
            {
                Read(values, target, text);
            }
        }
        else if (document.ValueKind == JsonValueKind.Object)
        {
            AddAll(values, target, "", document);
        }
        else if (document.ValueKind != JsonValueKind.Null && !IsEmptyList(document))
        {
            values.Note($"{target.Name} is omitted: it is not a JSON object");
        }
    }

    /// <summary>PHP serialises an empty object as a list.</summary>
    private static bool IsEmptyList(JsonElement document) => document.ValueKind == JsonValueKind.Array && document.GetArrayLength() == 0;

    private static void AddAll(RowValues values, FieldTarget target, string prefix, JsonElement document)
    {
        foreach (var property in document.EnumerateObject())
        {
            Add(values, target, prefix + property.Name, property.Value);
        }
    }

    private static void Add(RowValues values, FieldTarget target, string path, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Object)
        {
            AddAll(values, target, $"{path}.", value);
        }
        else if (!MetadataFields.IsPath(path))
        {
            Omit(values, target, path, "its name has other characters than letters, digits, _ and -, or it is nested too deep");
        }
        else if (value.ValueKind == JsonValueKind.Array)
        {
            if (target.Reading == ColumnReading.Attributes && value.GetArrayLength() == 1)
            {
                Add(values, target, path, value[0]);
            }
            else
            {
                Omit(values, target, path, "it is a list");
            }
        }
        else if (Field.FromJson(value) is { Kind: not FieldKind.Other } scalar)
        {
            Keep(values, target, path, scalar.Text.Trim());
        }
        else
        {
            Omit(values, target, path, "it has invalid characters");
        }
    }

    private static void Omit(RowValues values, FieldTarget target, string path, string because)
    {
        var name = Strings.Printable(Strings.Truncate(path, MaxNameShown));
        values.Note($"{UserFields.Name(target.Field ?? UserField.MetaData)}.{name} is omitted: {because}");
    }

    /// <summary>When two documents have the same path, the one mapped by the operator or by Latchkey's name wins.</summary>
    private static void Keep(RowValues values, FieldTarget target, string path, string text)
    {
        var held = values.MetadataOf(target.Field ?? UserField.MetaData);
        if (text.Length > 0 && (target.Rank == 0 || !held.ContainsKey(path)))
        {
            held[path] = text;
        }
    }
}
