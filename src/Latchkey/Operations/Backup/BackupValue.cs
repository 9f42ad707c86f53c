using System.Globalization;
using System.Text.Json;
using Latchkey.Data;

namespace Latchkey.Operations.Backup;

/// <summary>Reads and writes a backup's values: null, text, a number, a boolean, or bytes in base64.</summary>
public static class BackupValue
{
    public static void Write(Utf8JsonWriter json, object? value, ColumnKind kind)
    {
        switch (value)
        {
            case null or DBNull:
                json.WriteNullValue();
                break;
            case byte[] bytes:
                json.WriteBase64StringValue(bytes);
                break;
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case string text:
                json.WriteStringValue(text);
                break;
            default:
                Write(json, Convert.ToInt64(value, CultureInfo.InvariantCulture), kind);
                break;
        }
    }

    private static void Write(Utf8JsonWriter json, long number, ColumnKind kind)
    {
        if (kind == ColumnKind.Boolean)
        {
            json.WriteBooleanValue(number != 0); // SQLite has no boolean type
        }
        else
        {
            json.WriteNumberValue(number);
        }
    }

    /// <summary>What a backup cannot hold, for a message; null for a value of any column.</summary>
    public static string? Problem(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Null or JsonValueKind.True or JsonValueKind.False => null,
            JsonValueKind.Number => value.TryGetInt64(out _) ? null : "a number that is not a whole number of 64 bits",
            JsonValueKind.String => IsText(value) ? null : "a text that is not Unicode",
            _ => "a list or an object",
        };

    /// <summary>A value without a <see cref="Problem"/>.</summary>
    /// <exception cref="RestoreException">The value does not fit the column.</exception>
    public static object? Read(JsonElement value, ColumnSchema column) =>
        (value.ValueKind, column.Kind) switch
        {
            (JsonValueKind.Null, _) => null,
            (JsonValueKind.String, ColumnKind.Text) => value.GetString(),
            (JsonValueKind.String, ColumnKind.Bytes) when value.TryGetBytesFromBase64(out var bytes) => bytes,
            (JsonValueKind.Number, ColumnKind.Number) => value.GetInt64(),
            (JsonValueKind.True or JsonValueKind.False, ColumnKind.Boolean) => value.GetBoolean(),
            _ => throw new RestoreException(
                $"The backup is damaged: it holds a {value.ValueKind} in the column {column.Name}, which is of the kind {column.Kind}. "
                    + "Nothing was restored."
            ),
        };

    private static bool IsText(JsonElement value)
    {
        try
        {
            return value.GetString() is not null;
        }
        catch (InvalidOperationException)
        {
            return false; // bytes that are not UTF-8, or half of a surrogate pair
        }
    }
}
