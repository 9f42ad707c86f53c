using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using Latchkey.Core.Configuration;

namespace Latchkey.Users.Passwords;

/// <summary>PBKDF2 in its stored form: <c>$pbkdf2-sha512$i=220000$salt$hash</c>, salt and hash in base64url without padding.</summary>
internal static class Pbkdf2
{
    private const int MinHashLength = 16;
    private const int MaxHashLength = 64;
    private const int MaxSaltLength = 128;

    public static string Write(string digest, int rounds, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> hash) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"$pbkdf2-{digest}$i={rounds}${Base64Url.EncodeToString(salt)}${Base64Url.EncodeToString(hash)}"
        );

    public static bool Verify(string stored, ReadOnlySpan<byte> password) =>
        Read(stored) is { } hash
        && Algorithm(hash.Digest) is { } algorithm
        && CryptographicOperations.FixedTimeEquals(
            Rfc2898DeriveBytes.Pbkdf2(password, hash.Salt, hash.Rounds, algorithm, hash.Hash.Length),
            hash.Hash
        );

    /// <summary>Parses a stored hash; null when it is malformed, too short to be safe, or out of bounds.</summary>
    public static Pbkdf2Hash? Read(string stored)
    {
        var parts = stored.Split('$');
        return
            parts.Length == 5
            && parts[0].Length == 0
            && parts[1].StartsWith("pbkdf2-", StringComparison.Ordinal)
            && parts[2].StartsWith("i=", StringComparison.Ordinal)
            && int.TryParse(parts[2].AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out var rounds)
            && Decode(parts[3]) is { } salt
            && Decode(parts[4]) is { } hash
            ? WithinBounds(new Pbkdf2Hash(parts[1]["pbkdf2-".Length..], rounds, salt, hash))
            : null;
    }

    /// <summary>The hash itself; null when it is out of bounds.</summary>
    public static Pbkdf2Hash? WithinBounds(Pbkdf2Hash hash) =>
        Algorithm(hash.Digest) is not null
        && hash.Rounds is >= 1 and <= HashCostLimits.MaxPbkdf2Rounds
        && hash.Salt.Length <= MaxSaltLength
        && hash.Hash.Length is >= MinHashLength and <= MaxHashLength
            ? hash
            : null;

    public static int DigestBytes(string digest) =>
        digest switch
        {
            "sha1" => SHA1.HashSizeInBytes,
            "sha256" => SHA256.HashSizeInBytes,
            _ => SHA512.HashSizeInBytes,
        };

    private static HashAlgorithmName? Algorithm(string digest) =>
        digest switch
        {
            "sha1" => HashAlgorithmName.SHA1,
            "sha256" => HashAlgorithmName.SHA256,
            "sha512" => HashAlgorithmName.SHA512,
            _ => null,
        };

    private static byte[]? Decode(string text) => Base64Url.IsValid(text) ? Base64Url.DecodeFromChars(text) : null;
}

/// <summary>The parts of a PBKDF2 hash. <paramref name="Digest"/> is sha1, sha256 or sha512.</summary>
internal sealed record Pbkdf2Hash(string Digest, int Rounds, byte[] Salt, byte[] Hash)
{
    public override string ToString() => Pbkdf2.Write(Digest, Rounds, Salt, Hash);
}
