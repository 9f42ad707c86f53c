namespace Latchkey.Core;

public static class Strings
{
    /// <summary>The text's first characters, never half of a surrogate pair, which no database takes.</summary>
    public static string Truncate(string text, int maxLength) =>
        text.Length <= maxLength ? text : text[..(char.IsHighSurrogate(text[maxLength - 1]) ? maxLength - 1 : maxLength)];
}
