using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Latchkey.Core;

/// <summary>
/// Names of people and applications, which others read in mails and pages. A name is one line without control characters, and without
/// anything that mail programs show as a link: a stranger's name must not put a link into our mail.
/// </summary>
public static partial class DisplayName
{
    /// <summary>A person's name, trimmed; null if it is empty, too long, or not fit to be shown to others.</summary>
    public static string? ParsePerson(string raw, int maxLength) =>
        Parse(raw, maxLength) is { } name && !Host().IsMatch(name) ? name : null;

    /// <summary>An application's name, in the same way. It may be a host's, such as Draw.io.</summary>
    public static string? ParseApplication(string raw, int maxLength) => Parse(raw, maxLength);

    private static string? Parse(string raw, int maxLength) =>
        raw.Trim() is { Length: >= 1 } name
        && name.Length <= maxLength
        && Field.IsStorable(name)
        && !name.EnumerateRunes().Any(IsInvisible)
        && !Link().IsMatch(name.Normalize(NormalizationForm.FormKC))
            ? name
            : null;

    /// <summary>Control characters, line separators and marks that change the direction of text. Joiners stay, for emoji.</summary>
    private static bool IsInvisible(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        || rune.Value is (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069);

    /// <summary>A scheme, an e-mail address, <c>www.</c>, or a host with a path.</summary>
    [GeneratedRegex(
        @"://|\b(https?|ftp|mailto|javascript|data|tel):|\bwww\.|[^\s@]@[^\s@]+\.|[\w-]\.[a-z]{2,}/",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Link();

    /// <summary>A host under a common top-level domain.</summary>
    [GeneratedRegex(
        @"[\w-]\.(com|net|org|io|app|dev|info|biz|co|me|ru|cn|xyz|top|link|click|example|test)\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Host();
}
