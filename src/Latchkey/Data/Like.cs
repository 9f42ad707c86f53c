namespace Latchkey.Data;

/// <summary>Patterns for <c>LIKE … ESCAPE '\'</c> from what a person typed, so that % and _ stand for themselves.</summary>
public static class Like
{
    public static string Containing(string text) => $"%{Escape(text)}%";

    /// <summary>With its upper-case letters, since SQLite folds those of ASCII only.</summary>
    public static string ContainingAsTyped(string text) => $"%{EscapeAsTyped(text)}%";

    public static string StartingWith(string text) => $"{Escape(text)}%";

    /// <summary>The bounds of what begins so, in the order of bytes: at or after the first, before the second.</summary>
    public static (string From, string To) Beginning(string text) => (Folded(text), Folded(text) + char.ConvertFromUtf32(0x10FFFF));

    private static string Folded(string text) => text.Trim().ToLowerInvariant();

    private static string Escape(string text) => EscapeAsTyped(Folded(text));

    private static string EscapeAsTyped(string text) =>
        text.Trim().Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);
}
