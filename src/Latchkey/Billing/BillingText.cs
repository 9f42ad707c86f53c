using Latchkey.Applications.Settings;
using Latchkey.Core;

namespace Latchkey.Billing;

/// <summary>Names and addresses that people type.</summary>
public static class BillingText
{
    private const int MaxLength = 100;
    private const int MaxLines = 6;

    /// <summary>One line of 1 to 100 characters; 602 with a sentence for anything else.</summary>
    public static Result<string> Line(string what, string text) =>
        IsLine(text.Trim()) && text.Trim().Length > 0
            ? text.Trim()
            : Setting.Invalid($"{what} has 1 to {MaxLength} characters on one line.");

    /// <summary>As <see cref="Line"/>, and may be empty.</summary>
    public static Result<string> OptionalLine(string what, string text) =>
        IsLine(text.Trim()) ? text.Trim() : Setting.Invalid($"{what} has at most {MaxLength} characters on one line.");

    /// <summary>Up to six lines; empty ones are left out.</summary>
    public static Result<string> Lines(string what, string text)
    {
        var lines = text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return lines.Length <= MaxLines && lines.All(IsLine)
            ? string.Join('\n', lines)
            : Setting.Invalid($"{what} has at most {MaxLines} lines of {MaxLength} characters.");
    }

    private static bool IsLine(string text) => text.Length <= MaxLength && Field.IsStorable(text) && !text.Any(char.IsControl);
}
