namespace Latchkey.Data;

/// <summary>Patterns for <c>LIKE … ESCAPE '\'</c> from what a person typed, so that % and _ stand for themselves.</summary>
public static class LikePattern
{
    public static string Containing(string text) => $"%{Escape(text)}%";

    /// <summary>With its upper-case letters, since SQLite folds those of ASCII only.</summary>
    public static string ContainingCaseSensitive(string text) => $"%{EscapeWildcards(text)}%";

    public static string StartingWith(string text) => $"{Escape(text)}%";

    /// <summary>The bounds of what begins so, in the order of bytes: at or after the first, before the second.</summary>
    public static (string From, string To) PrefixRange(string text) => (Normalise(text), Normalise(text) + char.ConvertFromUtf32(0x10FFFF));

    private static string Normalise(string text) => text.Trim().ToLowerInvariant();

    private static string Escape(string text) => EscapeWildcards(Normalise(text));

    private static string EscapeWildcards(string text) =>
        text.Trim()
            .Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("%", "\\%", StringComparison.Ordinal)
            .Replace("_", "\\_", StringComparison.Ordinal);
}
