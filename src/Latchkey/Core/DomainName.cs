using System.Globalization;
using System.Text;

namespace Latchkey.Core;

/// <summary>
/// Domains of e-mail addresses, which may be international (RFC 5890): <c>müller.example</c> is <c>xn--mller-kva.example</c>.
/// </summary>
public static class DomainName
{
    private const int MaxLabelLength = 63;

    /// <summary>UTS 46, non-transitional: ß and ς are letters of their own.</summary>
    private static readonly IdnMapping Idn = new() { UseStd3AsciiRules = true };

    /// <summary>The canonical form, in A-labels (RFC 5891 §4); null when this is no domain. ASCII is returned as it is.</summary>
    public static string? ToAscii(string domain) =>
        Ascii.IsValid(domain)
            ? domain.Split('.').All(IsAsciiLabel)
                ? domain
                : null
            : domain.Split('.').Select(ToAsciiLabel).ToList() is var labels && labels.TrueForAll(label => label is not null)
                ? string.Join('.', labels)
                : null;

    /// <summary>As people read it: U-labels. A label that is no A-label stays.</summary>
    public static string ToUnicode(string domain) => string.Join('.', domain.Split('.').Select(ToUnicodeLabel));

    private static string? ToAsciiLabel(string label)
    {
        if (Ascii.IsValid(label))
        {
            return IsAsciiLabel(label) ? label : null;
        }

        try
        {
            return label.EnumerateRunes().All(IsLabelCharacter) && Idn.GetAscii(label) is var ascii && IsAsciiLabel(ascii) ? ascii : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static string ToUnicodeLabel(string label)
    {
        try
        {
            return Idn.GetUnicode(label);
        }
        catch (ArgumentException)
        {
            return label;
        }
    }

    private static bool IsAsciiLabel(string label) =>
        label.Length is >= 1 and <= MaxLabelLength
        && label[0] != '-'
        && label[^1] != '-'
        && label.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');

    /// <summary>
    /// Letters, their marks, digits, hyphens and the dots inside Catalan and Japanese words (RFC 5892): no symbols, and nothing that nobody
    /// sees.
    /// </summary>
    private static bool IsLabelCharacter(Rune rune) =>
        rune.Value is '-' or '\u00B7' or '\u30FB'
        || Rune.IsLetter(rune)
        || Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.NonSpacingMark
                or UnicodeCategory.SpacingCombiningMark
                or UnicodeCategory.DecimalDigitNumber;
}
