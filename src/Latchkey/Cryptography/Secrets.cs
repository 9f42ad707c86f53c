using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;

namespace Latchkey.Cryptography;

/// <summary>Random codes, tokens and ids.</summary>
public static class Secrets
{
    /// <summary>A uniformly random code from 000000 to 999999.</summary>
    public static string SixDigits() => RandomNumberGenerator.GetInt32(1_000_000).ToString("D6", CultureInfo.InvariantCulture);

    /// <summary>256 random bits in base64url (43 characters), for links, cookies and app secrets.</summary>
    public static string Token() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>A text of <paramref name="number"/> independently drawn characters.</summary>
    public static string RandomString(string choices, int number) => RandomNumberGenerator.GetString(choices, number);

    /// <summary>32 lower-case hex digits, the form of an App Id.</summary>
    public static string AppId() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    /// <summary>SHA-256 for the look-up of tokens with 256 random bits. They cannot be guessed, so no key or salt is needed.</summary>
    public static string Hash(string token) => Base64Url.EncodeToString(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(token)));
}
