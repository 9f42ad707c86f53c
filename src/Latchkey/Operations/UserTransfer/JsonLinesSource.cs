using System.Text.Json;
using Latchkey.Core;

namespace Latchkey.Operations.UserTransfer;

/// <summary>Users as JSON lines: one object per line, in UTF-8.</summary>
public sealed class JsonLinesSource(string path, FieldMap map) : IUserSource
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    public long Length { get; } = new FileInfo(path).Length;

    public IEnumerable<SourceRow> Rows()
    {
        using var stream = File.OpenRead(path);
        foreach (var row in JsonLines.Read(stream))
        {
            yield return row;
        }
    }

    public RowValues Parse(SourceRow row)
    {
        var values = new RowValues { Problem = row.Problem };
        if (row.Problem is not null)
        {
            return values;
        }

        try
        {
            using var document = JsonDocument.Parse(row.Json, Strict);
            Read(values, document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            values.Problem = "not JSON, deeper than 16, or with a name twice";
        }

        return values;
    }

    private void Read(RowValues values, JsonElement user)
    {
        if (user.ValueKind != JsonValueKind.Object)
        {
            values.Problem = "not a JSON object";
            return;
        }

        foreach (var property in user.EnumerateObject())
        {
            if (map.Resolve(property.Name) is { } target)
            {
                Set(values, target, property.Value);
            }
            else
            {
                values.Problem ??= "there is no field of this name; --map says where it goes: " + Strings.Truncate(property.Name, 60);
            }
        }
    }

    private static void Set(RowValues values, FieldTarget target, JsonElement value)
    {
        if (target.Field is not { } field)
        {
            return;
        }

        if (field is UserField.MetaData or UserField.InviteMetaData && target.Path.Length == 0)
        {
            MetadataReader.Read(values, field, value);
        }
        else if (Field.FromJson(value) is not { Kind: not FieldKind.Other } scalar)
        {
            values.Problem ??= $"{UserFields.Name(field)}: not a text";
        }
        else if (target.Path.Length > 0)
        {
            values.MetadataOf(field)[target.Path] = scalar.Text;
        }
        else if (values[field] is null)
        {
            values[field] = scalar.Text;
        }
        else
        {
            values.Problem ??= $"{UserFields.Name(field)}: there twice";
        }
    }
}
