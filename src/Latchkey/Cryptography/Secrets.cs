using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;

namespace Latchkey.Cryptography;

/// <summary>Where all randomness that a person or a client carries comes from.</summary>
public static class Secrets
{
    /// <summary>Uniform over 000000–999999, leading zeros kept.</summary>
    public static string SixDigits() => RandomNumberGenerator.GetInt32(1_000_000).ToString("D6", CultureInfo.InvariantCulture);

    /// <summary>256 random bits in base64url (43 characters), for links, cookies and app secrets.</summary>
    public static string Token() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>So many of these characters, each drawn by itself.</summary>
    public static string RandomString(string choices, int number) => RandomNumberGenerator.GetString(choices, number);

    /// <summary>32 lower-case hex characters; the form of an App Id.</summary>
    public static string AppId() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    /// <summary>SHA-256 for looking up tokens of 256 random bits: nothing to guess, so no key and no salt.</summary>
    public static string Hash(string token) => Base64Url.EncodeToString(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(token)));
}
