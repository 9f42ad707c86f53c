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

    /// <exception cref="InvalidDataException">The value does not fit the column.</exception>
    public static object? Read(JsonElement value, ColumnKind kind) =>
        (value.ValueKind, kind) switch
        {
            (JsonValueKind.Null, _) => null,
            (JsonValueKind.String, ColumnKind.Text) => value.GetString(),
            (JsonValueKind.String, ColumnKind.Bytes) => value.GetBytesFromBase64(),
            (JsonValueKind.Number, ColumnKind.Number) => value.GetInt64(),
            (JsonValueKind.True or JsonValueKind.False, ColumnKind.Boolean) => value.GetBoolean(),
            _ => throw new InvalidDataException($"the backup holds a {value.ValueKind} where a {kind} belongs"),
        };
}
