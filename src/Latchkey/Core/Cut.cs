namespace Latchkey.Core;

public static class Cut
{
    /// <summary>The text's first characters, never half of a surrogate pair, which no database takes.</summary>
    public static string At(string text, int longest) =>
        text.Length <= longest ? text : text[..(char.IsHighSurrogate(text[longest - 1]) ? longest - 1 : longest)];
}
