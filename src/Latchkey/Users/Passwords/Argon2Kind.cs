using System.Globalization;
using Latchkey.Core.Configuration;

namespace Latchkey.Users.Passwords;

/// <summary>Argon2id or Argon2i, version 1.3 (RFC 9106), computed by libsodium, which runs lanes sequentially.</summary>
/// <param name="Memory">In KiB.</param>
public sealed record Argon2Kind(string Variant, int Memory, int Passes, int Lanes) : HashKind
{
    public override double Cost => 0.7 * Memory * Passes;

    public override string DummyHash =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"${Variant}$v=19$m={Memory},t={Passes},p={Lanes}${new string('A', 22)}${new string('A', 43)}"
        );

    public bool IsWithinBounds =>
        Lanes is >= 1 and <= HashCostLimits.MaxArgon2Lanes
        && Memory >= 8 * Lanes
        && Memory <= HashCostLimits.MaxArgon2Memory
        && Passes is >= 1 and <= HashCostLimits.MaxArgon2Passes;

    public override string? Validate(HashCostLimits caps) =>
        Memory > caps.Argon2Memory ? $"Argon2 with {Memory} KiB is above {caps.Argon2Memory} KiB (LATCHKEY_MOST_ARGON2_MEMORY)"
        : Passes > caps.Argon2Passes ? $"Argon2 with {Passes} passes is above {caps.Argon2Passes} (LATCHKEY_MOST_ARGON2_PASSES)"
        : Lanes > caps.Argon2Lanes ? $"Argon2 with {Lanes} lanes is above {caps.Argon2Lanes} (LATCHKEY_MOST_ARGON2_LANES)"
        : null;

    public override bool Verify(string hash, ReadOnlySpan<byte> password) => Sodium.Verify(hash, password);
}
