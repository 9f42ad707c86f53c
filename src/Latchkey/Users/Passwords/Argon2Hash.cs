using System.Globalization;
using System.Text.RegularExpressions;

namespace Latchkey.Users.Passwords;

/// <summary>
/// An Argon2 hash in its stored form, a PHC string: <c>$argon2id$v=19$m=19456,t=2,p=1$salt$tag</c>, salt and tag in base64 without padding.
/// </summary>
internal sealed partial record Argon2Hash(Argon2Kind Kind, byte[] Salt, byte[] Tag)
{
    /// <summary>Parses a stored hash; null when it is malformed or out of bounds.</summary>
    public static Argon2Hash? Read(string stored)
    {
        if (Pattern().Match(stored) is not { Success: true } match)
        {
            return null;
        }

        var kind = new Argon2Kind(
            match.Groups["variant"].Value,
            HashKind.Number(match, "m"),
            HashKind.Number(match, "t"),
            HashKind.Number(match, "p")
        );
        return
            kind.IsWithinBounds
            && ImportedHash.DecodeBase64(match.Groups["salt"].Value) is { } salt
            && ImportedHash.DecodeBase64(match.Groups["tag"].Value) is { } tag
            ? new Argon2Hash(kind, salt, tag)
            : null;
    }

    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"${Kind.Variant}$v=19$m={Kind.Memory},t={Kind.Passes},p={Kind.Lanes}${Encode(Salt)}${Encode(Tag)}"
        );

    private static string Encode(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=');

    [GeneratedRegex(
        @"^\$(?<variant>argon2id?)\$v=19\$m=(?<m>[0-9]{1,9}),t=(?<t>[0-9]{1,9}),p=(?<p>[0-9]{1,9})\$(?<salt>[A-Za-z0-9+/]{11,64})"
            + @"\$(?<tag>[A-Za-z0-9+/]{22,172})\z",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        1000
    )]
    private static partial Regex Pattern();
}
