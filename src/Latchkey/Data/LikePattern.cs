using Latchkey.Core;

namespace Latchkey.Data;

/// <summary>Patterns for <c>LIKE … ESCAPE '\'</c> from typed text; % and _ are matched literally.</summary>
public static class LikePattern
{
    public static string Containing(string text) => $"%{Escape(text)}%";

    /// <summary>As <see cref="Containing"/>, for part of an address in any Unicode form.</summary>
    public static string ContainingAddress(string text) => Containing(Handle.Normalise(text));

    /// <summary>Keeps upper-case letters, since SQLite ignores case for ASCII only.</summary>
    public static string ContainingCaseSensitive(string text) => $"%{EscapeWildcards(text)}%";

    /// <summary>The parts as they are, in their order, with any text between them.</summary>
    public static string Of(IEnumerable<string> parts) => string.Join('%', parts.Select(EscapeWildcardsIn));

    public static string StartingWith(string text) => $"{Escape(text)}%";

    /// <summary>The range of texts with this prefix in byte order: from the first (inclusive) to the second (exclusive).</summary>
    public static (string From, string To) PrefixRange(string text) => (Normalise(text), Normalise(text) + char.ConvertFromUtf32(0x10FFFF));

    private static string Normalise(string text) => text.Trim().ToLowerInvariant();

    private static string Escape(string text) => EscapeWildcards(Normalise(text));

    private static string EscapeWildcards(string text) => EscapeWildcardsIn(text.Trim());

    private static string EscapeWildcardsIn(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("%", "\\%", StringComparison.Ordinal)
            .Replace("_", "\\_", StringComparison.Ordinal);
}
