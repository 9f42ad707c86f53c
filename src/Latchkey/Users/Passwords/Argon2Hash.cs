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

        var kind = new Argon2Kind(match.Groups["variant"].Value, Number("m"), Number("t"), Number("p"));
        return kind.IsWithinBounds && Decode("salt") is { } salt && Decode("tag") is { } tag ? new Argon2Hash(kind, salt, tag) : null;

        int Number(string group) =>
            int.TryParse(match.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number
                : int.MaxValue;

        byte[]? Decode(string group)
        {
            var text = match.Groups[group].Value;
            var bytes = new byte[text.Length];
            return Convert.TryFromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '='), bytes, out var length)
                ? bytes[..length]
                : null;
        }
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
