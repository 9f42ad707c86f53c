using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;
using Latchkey.Core.Configuration;
using Latchkey.Cryptography;

namespace Latchkey.Users.Passwords;

/// <summary>bcrypt (Provos and Mazières 1999) with 2^<paramref name="Rounds"/> rounds. It uses the first 72 bytes of a password.</summary>
public sealed record BcryptKind(int Rounds) : HashKind
{
    /// <summary>Length of the setting: $2b$, cost, $, and 22 characters of salt.</summary>
    private const int SettingLength = 29;

    public override double Cost => 50.0 * (1 << Rounds);

    public override string DummyHash => string.Create(CultureInfo.InvariantCulture, $"$2b${Rounds:D2}${new string('.', 53)}");

    public override string? Validate(HashCostLimits caps) =>
        Rounds > caps.BcryptCost ? $"bcrypt of cost {Rounds} is above {caps.BcryptCost} (LATCHKEY_MOST_BCRYPT_COST)" : null;

    /// <summary>
    /// bcrypt repeats the password with a NUL as separator, so a password that contains a NUL could equal another one. Such passwords, and
    /// bytes that are not UTF-8 (unsupported by the library), take the full time and never match.
    /// </summary>
    public override bool Verify(string hash, ReadOnlySpan<byte> password, Argon2Memory memory)
    {
        // 2a, 2b and 2y are the same algorithm for UTF-8. The salt's unused bits are returned as zeros, so only the part after the salt is
        // compared.
        var made = BCrypt.Net.BCrypt.HashPassword(Encoding.UTF8.GetString(password), $"$2b{hash.AsSpan(3, SettingLength - 3)}");
        return Utf8.IsValid(password)
            && !password.Contains((byte)0)
            && made.Length == hash.Length
            && CryptographicOperations.FixedTimeEquals(
                MemoryMarshal.AsBytes(made.AsSpan(SettingLength)),
                MemoryMarshal.AsBytes(hash.AsSpan(SettingLength))
            );
    }
}
