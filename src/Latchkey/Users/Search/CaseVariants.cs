using System.Globalization;

namespace Latchkey.Users.Search;

/// <summary>
/// How values can stand in the index of metadata, which has A to Z in lower case and all other letters as they are: SQLite knows no others.
/// A search for "österreich" also finds "Österreich" and "ÖSTERREICH".
/// </summary>
public static class CaseVariants
{
    /// <summary>One text for ASCII; otherwise as typed, in lower case, in capitals, and with a capital at the start of each word.</summary>
    public static IReadOnlyList<TextPattern> Of(TextPattern typed)
    {
        var text = CultureInfo.InvariantCulture.TextInfo;
        Func<string, string>[] changes = [part => part, text.ToLower, text.ToUpper, part => text.ToTitleCase(text.ToLower(part))];
        return
        [
            .. changes.Select(change => typed.Select(part => LowerAscii(change(part)))).DistinctBy(one => one.Like, StringComparer.Ordinal),
        ];
    }

    private static string LowerAscii(string text) =>
        string.Concat(text.Select(c => char.IsAsciiLetterUpper(c) ? char.ToLowerInvariant(c) : c));
}
