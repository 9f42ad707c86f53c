using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;
using Latchkey.Core.Configuration;

namespace Latchkey.Users.Passwords;

/// <summary>
/// bcrypt (Provos and Mazières 1999) of 2 to the power of <paramref name="Rounds"/> rounds. It looks at the first 72 bytes of a password.
/// </summary>
public sealed record BcryptKind(int Rounds) : HashKind
{
    /// <summary>$2b$, cost, $, and 22 characters of salt.</summary>
    private const int SettingLength = 29;

    public override double Cost => 50.0 * (1 << Rounds);

    public override string DummyHash => string.Create(CultureInfo.InvariantCulture, $"$2b${Rounds:D2}${new string('.', 53)}");

    public override string? Validate(HashCostLimits caps) =>
        Rounds > caps.BcryptCost ? $"bcrypt of cost {Rounds} is above {caps.BcryptCost} (LATCHKEY_MOST_BCRYPT_COST)" : null;

    /// <summary>
    /// bcrypt repeats a password and the NUL after it, so one with a NUL in it could stand for another: it does the work and never
    /// matches. Nor do bytes that are not UTF-8, which the library cannot be given.
    /// </summary>
    public override bool Verify(string hash, ReadOnlySpan<byte> password)
    {
        // 2a, 2b and 2y are one algorithm for UTF-8. The salt's spare bits come back as zeros, so only what follows it is compared.
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
