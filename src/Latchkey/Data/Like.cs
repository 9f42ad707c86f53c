namespace Latchkey.Data;

/// <summary>Patterns for <c>LIKE … ESCAPE '\'</c> from what a person typed, so that % and _ stand for themselves.</summary>
public static class Like
{
    public static string Containing(string text) => $"%{Escape(text)}%";

    public static string StartingWith(string text) => $"{Escape(text)}%";

    private static string Escape(string text) =>
        text.Trim().ToLowerInvariant().Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);
}
