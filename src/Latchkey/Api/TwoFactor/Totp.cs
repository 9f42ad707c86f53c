using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace Latchkey.Api.TwoFactor;

/// <summary>Time-based one-time passwords: RFC 6238 with SHA-1, six digits, steps of 30 seconds, as authenticator apps expect.</summary>
public static class Totp
{
    private const int SecondsPerStep = 30;
    private const int SeedBytes = 20;
    private const int MaxNameLength = 64;

    /// <summary>Steps of a clock that is this much ahead or behind are accepted.</summary>
    private const int Drift = 1;

    private const string Base32Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    public static byte[] CreateSeed() => RandomNumberGenerator.GetBytes(SeedBytes);

    /// <summary>The code of a time step (RFC 4226 §5.3).</summary>
    public static string Code(ReadOnlySpan<byte> seed, long step)
    {
        Span<byte> counter = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        Span<byte> hash = stackalloc byte[HMACSHA1.HashSizeInBytes];
        Hmac(seed, counter, hash);
        var number = BinaryPrimitives.ReadInt32BigEndian(hash[(hash[^1] & 0xF)..]) & 0x7FFF_FFFF;
        return (number % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }

    public static long Step(DateTimeOffset time) => time.ToUnixTimeSeconds() / SecondsPerStep;

    /// <summary>The time step near now that has this code; null if there is none.</summary>
    public static long? FindMatchingStep(ReadOnlySpan<byte> seed, string code, DateTimeOffset now)
    {
        long? match = null;
        var typed = System.Text.Encoding.ASCII.GetBytes(code);
        for (var step = Step(now) - Drift; step <= Step(now) + Drift; step++)
        {
            if (CryptographicOperations.FixedTimeEquals(System.Text.Encoding.ASCII.GetBytes(Code(seed, step)), typed))
            {
                match = step;
            }
        }

        return match;
    }

    /// <summary>RFC 4648 §6, without padding.</summary>
    public static string ToBase32(ReadOnlySpan<byte> bytes)
    {
        var text = new System.Text.StringBuilder((bytes.Length * 8 + 4) / 5);
        var (bits, held) = (0, 0);
        foreach (var value in bytes)
        {
            bits = (bits << 8) | value;
            for (held += 8; held >= 5; held -= 5)
            {
                text.Append(Base32Alphabet[(bits >> (held - 5)) & 31]);
            }

            bits &= (1 << held) - 1;
        }

        return held > 0 ? text.Append(Base32Alphabet[(bits << (5 - held)) & 31]).ToString() : text.ToString();
    }

    /// <summary>The bytes of base32 as people have it, with spaces, dashes, padding and small letters; null for anything else.</summary>
    public static byte[]? FromBase32(string text)
    {
        var bytes = new List<byte>(text.Length * 5 / 8);
        var (bits, held) = (0, 0);
        foreach (var c in text.TrimEnd('=').Where(c => c is not (' ' or '-')))
        {
            var value = Base32Alphabet.IndexOf(char.ToUpperInvariant(c), StringComparison.Ordinal);
            if (value < 0)
            {
                return null;
            }

            bits = (bits << 5) | value;
            held += 5;
            if (held >= 8)
            {
                held -= 8;
                bytes.Add((byte)(bits >> held));
                bits &= (1 << held) - 1;
            }
        }

        return bits == 0 ? [.. bytes] : null; // spare bits are zero (RFC 4648 §3.5)
    }

    /// <summary>In groups of four, as people type it.</summary>
    public static string FormatSecret(string base32) => string.Join(' ', base32.Chunk(4).Select(group => new string(group)));

    /// <summary>What a QR code for authenticator apps says (https://github.com/google/google-authenticator/wiki/Key-Uri-Format).</summary>
    public static string KeyUri(string issuer, string account, string base32)
    {
        var name = Uri.EscapeDataString(LabelPart(issuer));
        var label = name.Length > 0 ? $"{name}:{Uri.EscapeDataString(LabelPart(account))}" : Uri.EscapeDataString(LabelPart(account));
        return $"otpauth://totp/{label}?secret={base32}&issuer={name}&algorithm=SHA1&digits=6&period={SecondsPerStep}";
    }

    /// <summary>Without colons, of which the label has one, and as much as a QR code has room for, whatever the script.</summary>
    private static string LabelPart(string name) =>
        string.Concat(name.Replace(":", "", StringComparison.Ordinal).Trim().EnumerateRunes().Take(MaxNameLength));

#pragma warning disable CA5350 // RFC 6238's default; HMAC does not need SHA-1's lost collision resistance
    private static void Hmac(ReadOnlySpan<byte> seed, ReadOnlySpan<byte> counter, Span<byte> hash) =>
        HMACSHA1.HashData(seed, counter, hash);
#pragma warning restore CA5350
}
