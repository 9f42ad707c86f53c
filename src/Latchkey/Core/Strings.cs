namespace Latchkey.Core;

public static class Strings
{
    /// <summary>Truncates a text without splitting a surrogate pair, which databases reject.</summary>
    public static string Truncate(string text, int maxLength) =>
        text.Length <= maxLength ? text : text[..(char.IsHighSurrogate(text[maxLength - 1]) ? maxLength - 1 : maxLength)];
}
