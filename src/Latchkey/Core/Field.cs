using System.Text.Json;

namespace Latchkey.Core;

/// <summary>A parameter as received: absent, text, the digits of a number, a boolean, or an unsupported kind.</summary>
public readonly record struct Field(FieldKind Kind, string Text)
{
    public static readonly Field Absent = new(FieldKind.Absent, "");

    /// <summary>A text that databases, mails and Unicode normalisation support: no NUL, no U+FFFE, no unpaired surrogate.</summary>
    public static Field FromText(string text) => IsStorable(text) ? new(FieldKind.Text, text) : new(FieldKind.Other, "");

    public static Field FromJson(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.String => FromJsonString(value),
            JsonValueKind.Number => new(FieldKind.Number, value.GetRawText()),
            JsonValueKind.True => new(FieldKind.Boolean, "true"),
            JsonValueKind.False => new(FieldKind.Boolean, "false"),
            JsonValueKind.Object => FromText(value.GetRawText()) with { Kind = FieldKind.Object },
            JsonValueKind.Array => FromText(value.GetRawText()) with { Kind = FieldKind.Array },
            JsonValueKind.Null => Absent,
            _ => new(FieldKind.Other, ""),
        };

    public static bool IsStorable(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is '\0' or '\uFFFE' || char.IsLowSurrogate(text[i]))
            {
                return false;
            }

            if (char.IsHighSurrogate(text[i]) && (++i == text.Length || !char.IsLowSurrogate(text[i])))
            {
                return false;
            }
        }

        return true;
    }

    private static Field FromJsonString(JsonElement value)
    {
        try
        {
            return FromText(value.GetString() ?? "");
        }
        catch (InvalidOperationException)
        {
            return new(FieldKind.Other, ""); // an escaped unpaired surrogate is not valid UTF-16
        }
    }
}
