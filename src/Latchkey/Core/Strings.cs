using System.Globalization;

namespace Latchkey.Core;

public static class Strings
{
    /// <summary>Truncates a text without splitting a surrogate pair, which databases reject.</summary>
    public static string Truncate(string text, int maxLength) =>
        text.Length <= maxLength ? text : text[..(char.IsHighSurrogate(text[maxLength - 1]) ? maxLength - 1 : maxLength)];

    /// <summary>
    /// A foreign text on one line for a terminal or a log. What is not printable is shown as an escape, so that it moves no cursor and
    /// hides nothing.
    /// </summary>
    public static string Printable(string text) =>
        text.All(IsPrintable)
            ? text
            : string.Concat(
                text.Select(c => IsPrintable(c) ? c.ToString() : string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"))
            );

    private static bool IsPrintable(char c) =>
        c is >= ' ' and <= '~'
        || char.IsSurrogate(c)
        || (
            c > '\u009f'
            && CharUnicodeInfo.GetUnicodeCategory(c)
                is not (
                    UnicodeCategory.Format
                    or UnicodeCategory.LineSeparator
                    or UnicodeCategory.ParagraphSeparator
                    or UnicodeCategory.OtherNotAssigned
                )
        );
}
