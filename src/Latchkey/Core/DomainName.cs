using System.Globalization;
using System.Text;

namespace Latchkey.Core;

/// <summary>
/// Domains of e-mail addresses, which may be international (RFC 5890): <c>müller.example</c> is <c>xn--mller-kva.example</c>.
/// </summary>
public static class DomainName
{
    private const int MaxLabelLength = 63;
    private const int IdeographicFullStop = 0x3002;

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

    /// <summary>UTS 46 decides; but nobody sees format characters, and an ideographic full stop would end the label.</summary>
    private static bool IsLabelCharacter(Rune rune) =>
        rune.Value != IdeographicFullStop && Rune.GetUnicodeCategory(rune) != UnicodeCategory.Format;
}
