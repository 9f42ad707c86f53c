using System.Globalization;
using System.Text.Json;

namespace Latchkey.Core;

/// <summary>Reads parameters one by one and keeps the most important problem: missing (403) before invalid (602).</summary>
public sealed class FieldReader(Fields fields)
{
    private Error? missing;
    private Error? wrong;

    public Error? Problem => missing ?? wrong;

    /// <summary>The header with the App Secret.</summary>
    public const string AppSecretHeader = "app-secret";

    /// <summary>The request carries an App Secret, for which some parameters are optional.</summary>
    public bool IsFromServer { get; init; }

    /// <summary>A required, non-empty text.</summary>
    public string Required(string name)
    {
        var field = fields[name];
        if (field.Kind == FieldKind.Absent || (field.Kind == FieldKind.Text && field.Text.Length == 0))
        {
            missing ??= ErrorCodes.MissingParameter.WithCause(name);
            return "";
        }

        return Text(name, field) ?? "";
    }

    /// <summary>A text; null when absent or empty.</summary>
    public string? Optional(string name)
    {
        var field = fields[name];
        return field.Kind == FieldKind.Absent || field.Text.Length == 0 && field.Kind == FieldKind.Text ? null : Text(name, field);
    }

    /// <summary>
    /// A text that an old function of the contract takes in addition; null when absent or of another type, as its clients of before may
    /// send a field of this name.
    /// </summary>
    public string? Added(string name) => fields[name] is { Kind: FieldKind.Text, Text: { Length: > 0 } text } ? text : null;

    /// <summary>A JSON object, or its text. 403 when absent.</summary>
    public string RequiredObject(string name) =>
        fields[name] is { Kind: FieldKind.Object, Text: { Length: > 0 } json } ? json : Required(name);

    /// <summary>As <see cref="Added"/>, for a JSON object or its text.</summary>
    public string? AddedObject(string name) =>
        fields[name] is { Kind: FieldKind.Text or FieldKind.Object, Text: { Length: > 0 } json } ? json : null;

    /// <summary>As <see cref="RequiredObject"/>, but null when absent or empty.</summary>
    public string? OptionalObject(string name) => IsAbsent(fields[name]) ? null : RequiredObject(name);

    /// <summary>As <see cref="Added"/>, for a flag.</summary>
    public bool AddedFlag(string name) =>
        fields[name] is { Kind: FieldKind.Boolean, Text: "true" } or { Kind: FieldKind.Text, Text: "true" or "1" };

    /// <summary>
    /// 403 when the parameter is absent and another one is wrong: missing is told before wrong, also where it depends on the user whether
    /// the parameter may be absent. Call it after all others were read.
    /// </summary>
    public void RequireIfWrong(string name)
    {
        if (wrong is not null)
        {
            RequirePresent(name);
        }
    }

    /// <summary>A code: text as people type it, or a number, which is left-padded with zeros to six digits.</summary>
    public string RequiredCode(string name)
    {
        var field = fields[name];
        return field.Kind == FieldKind.Number ? ParseCodeDigits(name, field.Text) : TypedCode.ParseSixDigits(Required(name));
    }

    /// <summary>As <see cref="RequiredCode"/>, but null when absent or empty.</summary>
    public string? OptionalCode(string name) => IsAbsent(fields[name]) ? null : RequiredCode(name);

    /// <summary>A flag: a JSON boolean, 0 or 1, or one of these as text. Null when absent.</summary>
    public bool? OptionalFlag(string name)
    {
        var field = fields[name];
        switch (field.Kind, field.Text.ToLowerInvariant())
        {
            case (FieldKind.Absent, _) or (FieldKind.Text, ""):
                return null;
            case (FieldKind.Boolean or FieldKind.Text, "true") or (FieldKind.Number or FieldKind.Text, "1"):
                return true;
            case (FieldKind.Boolean or FieldKind.Text, "false") or (FieldKind.Number or FieldKind.Text, "0"):
                return false;
            default:
                AddWrongType(name);
                return null;
        }
    }

    /// <summary>As <see cref="OptionalFlag"/>, but 403 when absent.</summary>
    public bool RequiredFlag(string name)
    {
        RequirePresent(name);
        return OptionalFlag(name) ?? false;
    }

    /// <summary>A whole number of at most 15 digits, or its digits as text. 403 when absent.</summary>
    public long RequiredNumber(string name)
    {
        RequirePresent(name);
        return OptionalNumber(name) ?? 0;
    }

    /// <summary>As <see cref="RequiredNumber"/>, but null when absent.</summary>
    public long? OptionalNumber(string name)
    {
        var field = fields[name];
        if (IsAbsent(field))
        {
            return null;
        }

        if (
            field is { Kind: FieldKind.Number or FieldKind.Text, Text.Length: <= 15 }
            && long.TryParse(field.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        )
        {
            return number;
        }

        AddWrongType(name);
        return null;
    }

    /// <summary>A JSON array of texts, or one text with spaces between them; null when absent. An empty text is no text.</summary>
    public IReadOnlyList<string>? OptionalList(string name)
    {
        var field = fields[name];
        if (field.Kind == FieldKind.Array && ParseTexts(field.Text) is { } texts)
        {
            return texts;
        }

        return field.Kind == FieldKind.Absent ? null
            : Text(name, field) is { } text ? text.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            : [];
    }

    /// <summary>A text that may be empty; null when absent.</summary>
    public string? OptionalText(string name) => fields[name] is { Kind: FieldKind.Absent } ? null : Text(name, fields[name]);

    private static IReadOnlyList<string>? ParseTexts(string json)
    {
        using var document = JsonDocument.Parse(json);
        var all = document.RootElement.EnumerateArray().Select(Field.FromJson).ToList();
        return all.TrueForAll(one => one.Kind == FieldKind.Text) ? [.. all.Select(one => one.Text)] : null;
    }

    private void RequirePresent(string name)
    {
        if (IsAbsent(fields[name]))
        {
            missing ??= ErrorCodes.MissingParameter.WithCause(name);
        }
    }

    private static bool IsAbsent(Field field) => field is { Kind: FieldKind.Absent } or { Kind: FieldKind.Text, Text: "" };

    private string? Text(string name, Field field)
    {
        if (field.Kind == FieldKind.Text)
        {
            return field.Text;
        }

        AddWrongType(name);
        return null;
    }

    private string ParseCodeDigits(string name, string digits)
    {
        if (int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= 999_999)
        {
            return number.ToString("D6", CultureInfo.InvariantCulture);
        }

        AddWrongType(name);
        return "";
    }

    private void AddWrongType(string name) => wrong ??= ErrorCodes.InvalidData.WithCause($"{name} has the wrong type");
}
