using System.Globalization;
using Latchkey.Core.Configuration;

namespace Latchkey.Users.Passwords;

/// <summary>bcrypt (Provos and Mazières 1999) of 2 to the power of <paramref name="Rounds"/> rounds, by the system's libcrypt.</summary>
public sealed record BcryptKind(int Rounds) : HashKind
{
    public override double Cost => 50.0 * (1 << Rounds);

    public override string DummyHash => string.Create(CultureInfo.InvariantCulture, $"$2b${Rounds:D2}${new string('.', 53)}");

    public override string? Validate(HashCostLimits caps) =>
        !Crypt.IsAvailable ? "bcrypt needs the system's libcrypt.so.1 (Debian: libcrypt1)"
        : Rounds > caps.BcryptCost ? $"bcrypt of cost {Rounds} is above {caps.BcryptCost} (LATCHKEY_MOST_BCRYPT_COST)"
        : null;

    public override bool Verify(string hash, ReadOnlySpan<byte> password) => Crypt.IsAvailable && Crypt.VerifyBcrypt(hash, password);
}
