using Latchkey.Core;
using Latchkey.Cryptography;

namespace Latchkey.Users.Sessions;

/// <summary>The text of a recovery code: 59 random bits, written in groups of four.</summary>
public static class RecoveryCode
{
    /// <summary>Letters and digits that are not easily confused.</summary>
    private const string Alphabet = "abcdefghjkmnpqrstuvwxyz23456789";

    private const int Length = 12;

    public static string Create() => Secrets.RandomString(Alphabet, Length);

    /// <summary>As people see it: abcd-efgh-jkmn.</summary>
    public static string Format(string code) => string.Join('-', code.Chunk(4).Select(group => new string(group)));

    /// <summary>The code that was typed, in large or small letters, with blanks and hyphens; null for what cannot be one.</summary>
    public static string? Parse(string typed)
    {
        var code = TypedCode.Fold(typed).ToLowerInvariant();
        return code.Length == Length && code.All(char.IsAsciiLetterOrDigit) ? code : null;
    }
}
