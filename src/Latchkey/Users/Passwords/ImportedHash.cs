using System.Buffers.Binary;
using System.Globalization;
using System.Text.RegularExpressions;
using Latchkey.Core.Configuration;

namespace Latchkey.Users.Passwords;

/// <summary>
/// Parses password hashes exported by other systems: PHC strings, bcrypt, passlib, Django, Werkzeug, and the base64 of ASP.NET Identity
/// (versions 2 and 3). Hashes that a login could not verify are refused.
/// </summary>
public static partial class ImportedHash
{
    /// <summary>The hash in its stored form and its kind, or the reason for refusal (the end of a sentence).</summary>
    public static (string Hash, HashKind? Kind, string? Refused) Parse(string text, HashCostLimits caps)
    {
        var trimmed = text.Trim();
        var pepperPrefix = trimmed.StartsWith(PasswordHash.PepperPrefix, StringComparison.Ordinal) ? PasswordHash.PepperPrefix : "";
        var hash = Normalise(trimmed[pepperPrefix.Length..]);
        var kind = HashKind.Parse(hash);
        return (
            pepperPrefix + hash,
            kind,
            kind switch
            {
                null => DescribeUnknown(hash),
                BcryptKind when pepperPrefix.Length > 0 => "bcrypt cannot be checked with a pepper",
                _ => kind.Validate(caps),
            }
        );
    }

    private static string Normalise(string text)
    {
        var hash =
            text.StartsWith("bcrypt$$2", StringComparison.Ordinal) ? text["bcrypt$".Length..]
            : text.StartsWith("argon2$argon2", StringComparison.Ordinal) ? text["argon2".Length..]
            : text;
        return ParsePbkdf2(hash)?.ToString() ?? ParseAspNetIdentity(hash)?.ToString() ?? hash;
    }

    /// <summary>Describes an unsupported hash without quoting it, because reasons appear in reports.</summary>
    private static string DescribeUnknown(string hash) =>
        hash.StartsWith("$argon2d$", StringComparison.Ordinal) ? "Argon2d is not supported, only Argon2id and Argon2i"
        : hash.StartsWith("$argon2", StringComparison.Ordinal) ? "not an Argon2 hash of version 19 (v=19) with parameters that can be"
        : hash.StartsWith("$2", StringComparison.Ordinal) ? "not a bcrypt hash: $2a$, $2b$ or $2y$, two digits, 53 characters"
        : $"a hash of no known kind{(UnknownHash.Name(hash) is { } name ? $", it looks like {name}" : "")}; bcrypt, Argon2id, Argon2i, "
            + "PBKDF2 and ASP.NET Identity are known";

    private static Pbkdf2Hash? ParsePbkdf2(string text)
    {
        if (Passlib().Match(text) is { Success: true } passlib)
        {
            var digest = passlib.Groups["digest"].Value;
            return CreatePbkdf2(
                digest.Length == 0 ? "sha1" : digest,
                passlib.Groups["rounds"].Value,
                DecodeBase64(passlib.Groups["salt"].Value),
                DecodeBase64(passlib.Groups["hash"].Value)
            );
        }

        if (Werkzeug().Match(text) is { Success: true } werkzeug)
        {
            return CreatePbkdf2(
                werkzeug.Groups["digest"].Value,
                werkzeug.Groups["rounds"].Value,
                System.Text.Encoding.UTF8.GetBytes(werkzeug.Groups["salt"].Value),
                Convert.FromHexString(werkzeug.Groups["hash"].ValueSpan)
            );
        }

        return Django().Match(text) is { Success: true } django
            ? CreatePbkdf2(
                django.Groups["digest"].Value,
                django.Groups["rounds"].Value,
                System.Text.Encoding.UTF8.GetBytes(django.Groups["salt"].Value),
                DecodeBase64(django.Groups["hash"].Value)
            )
            : null;
    }

    private static Pbkdf2Hash? CreatePbkdf2(string digest, string rounds, byte[]? salt, byte[]? hash) =>
        salt is not null && hash is not null && int.TryParse(rounds, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? Pbkdf2.WithinBounds(new Pbkdf2Hash(digest, number, salt, hash))
            : null;

    /// <summary>Version 2: PBKDF2-HMAC-SHA-1 with 1000 rounds. Version 3: starts with digest, rounds and salt length, big-endian.</summary>
    private static Pbkdf2Hash? ParseAspNetIdentity(string text)
    {
        if (text.Contains('$', StringComparison.Ordinal) || DecodeBase64(text) is not { } bytes)
        {
            return null;
        }

        if (bytes.Length == 49 && bytes[0] == 0)
        {
            return new Pbkdf2Hash("sha1", 1000, bytes[1..17], bytes[17..]);
        }

        if (bytes.Length < 13 || bytes[0] != 1)
        {
            return null;
        }

        var (digest, rounds, saltBytes) = (ReadUInt32(bytes, 1), ReadUInt32(bytes, 5), ReadUInt32(bytes, 9));
        return digest <= 2 && rounds <= HashCostLimits.MaxPbkdf2Rounds && saltBytes <= bytes.Length - 13
            ? Pbkdf2.WithinBounds(
                new Pbkdf2Hash(
                    digest switch
                    {
                        0 => "sha1",
                        1 => "sha256",
                        _ => "sha512",
                    },
                    (int)rounds,
                    bytes[13..(13 + (int)saltBytes)],
                    bytes[(13 + (int)saltBytes)..]
                )
            )
            : null;
    }

    private static uint ReadUInt32(byte[] bytes, int at) => BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at));

    /// <summary>Decodes base64 of any alphabet (passlib writes . for +), padded or not.</summary>
    internal static byte[]? DecodeBase64(string text)
    {
        var plain = text.TrimEnd('=').Replace('.', '+').Replace('-', '+').Replace('_', '/');
        var bytes = new byte[plain.Length];
        return Convert.TryFromBase64String(plain + new string('=', (4 - (plain.Length % 4)) % 4), bytes, out var written)
            ? bytes[..written]
            : null;
    }

    [GeneratedRegex(
        @"^\$pbkdf2(-(?<digest>sha1|sha256|sha512))?\$(i=)?(?<rounds>[0-9]{1,9})(,l=[0-9]{1,3})?"
            + @"\$(?<salt>[A-Za-z0-9+/._=-]*)\$(?<hash>[A-Za-z0-9+/._=-]+)\z",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        1000
    )]
    private static partial Regex Passlib();

    [GeneratedRegex(
        @"^pbkdf2:(?<digest>sha1|sha256|sha512):(?<rounds>[0-9]{1,9})\$(?<salt>[^$]{1,128})\$(?<hash>([0-9a-f]{2})+)\z",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        1000
    )]
    private static partial Regex Werkzeug();

    [GeneratedRegex(
        @"^pbkdf2_(?<digest>sha1|sha256|sha512)\$(?<rounds>[0-9]{1,9})\$(?<salt>[^$]{1,128})\$(?<hash>[A-Za-z0-9+/=]+)\z",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        1000
    )]
    private static partial Regex Django();
}
