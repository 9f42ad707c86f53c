using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Latchkey.Passwords;

/// <summary>
/// Stored hashes as PHC strings, so that parameters travel with each: Argon2id, or PBKDF2-HMAC-SHA-512 where libsodium is
/// missing. A hash made with the pepper says so in front. Slow on purpose: only <see cref="PasswordHasher"/> calls it.
/// </summary>
public sealed class PasswordHash(string pepper)
{
    private const string PepperMark = "peppered:";
    private const string Pbkdf2Mark = "$pbkdf2-sha512$i=";
    private const int Pbkdf2Rounds = 220_000;
    private const int MostPbkdf2Rounds = 1_000_000;
    private const int SaltBytes = 16;
    private const int HashBytes = 64;

    private readonly byte[] pepperKey = Encoding.UTF8.GetBytes(pepper);

    public static bool IsArgon2Available => Sodium.IsAvailable;

    public string Create(ReadOnlySpan<byte> password)
    {
        var peppered = pepperKey.Length > 0;
        var input = peppered ? Pepper(password) : password;
        return (peppered ? PepperMark : "") + (Sodium.IsAvailable ? Sodium.Hash(input) : CreatePbkdf2(input));
    }

    public bool Verify(string hash, ReadOnlySpan<byte> password)
    {
        var peppered = hash.StartsWith(PepperMark, StringComparison.Ordinal);
        var input = peppered ? Pepper(password) : password;
        var phc = peppered ? hash[PepperMark.Length..] : hash;
        return phc.StartsWith(Pbkdf2Mark, StringComparison.Ordinal)
            ? VerifyPbkdf2(phc, input)
            : phc.StartsWith("$argon2", StringComparison.Ordinal) && Sodium.IsAvailable && Sodium.Verify(phc, input);
    }

    /// <summary>True for a hash that is older or weaker than one made today; a login then makes it anew.</summary>
    public bool IsOutdated(string hash)
    {
        var peppered = hash.StartsWith(PepperMark, StringComparison.Ordinal);
        var phc = peppered ? hash[PepperMark.Length..] : hash;
        return peppered != pepperKey.Length > 0 || (Sodium.IsAvailable ? Sodium.NeedsRehash(phc) : !phc.StartsWith($"{Pbkdf2Mark}{Pbkdf2Rounds}$", StringComparison.Ordinal));
    }

    private byte[] Pepper(ReadOnlySpan<byte> password) => HMACSHA256.HashData(pepperKey, password);

    private static string CreatePbkdf2(ReadOnlySpan<byte> password)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        var hash = Rfc2898DeriveBytes.Pbkdf2(password, salt, Pbkdf2Rounds, HashAlgorithmName.SHA512, HashBytes);
        return $"{Pbkdf2Mark}{Pbkdf2Rounds}${Base64Url.EncodeToString(salt)}${Base64Url.EncodeToString(hash)}";
    }

    private static bool VerifyPbkdf2(string phc, ReadOnlySpan<byte> password)
    {
        var parts = phc[Pbkdf2Mark.Length..].Split('$');
        if (parts.Length != 3 || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var rounds) || rounds is < 1 or > MostPbkdf2Rounds)
        {
            return false;
        }

        var expected = Base64Url.DecodeFromChars(parts[2]);
        var actual = Rfc2898DeriveBytes.Pbkdf2(password, Base64Url.DecodeFromChars(parts[1]), rounds, HashAlgorithmName.SHA512, expected.Length);
        return CryptographicOperations.FixedTimeEquals(actual, expected);
    }
}
