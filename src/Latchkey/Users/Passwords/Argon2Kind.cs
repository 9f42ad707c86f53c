using System.Security.Cryptography;
using Latchkey.Core.Configuration;
using Latchkey.Cryptography;

namespace Latchkey.Users.Passwords;

/// <summary>Argon2id or Argon2i, version 1.3 (RFC 9106).</summary>
/// <param name="Memory">In KiB.</param>
public sealed record Argon2Kind(string Variant, int Memory, int Passes, int Lanes) : HashKind
{
    private const int SaltBytes = 16;
    private const int TagBytes = 32;

    public override double Cost => 0.3 * Memory * Passes;

    public override string DummyHash => new Argon2Hash(this, new byte[SaltBytes], new byte[TagBytes]).ToString();

    public bool IsWithinBounds =>
        Lanes is >= 1 and <= HashCostLimits.MaxArgon2Lanes
        && Memory >= 8 * Lanes
        && Memory <= HashCostLimits.MaxArgon2Memory
        && Passes is >= 1 and <= HashCostLimits.MaxArgon2Passes;

    private Argon2 Algorithm => new(Variant == "argon2id", Memory, Passes, Lanes);

    public override string? Validate(HashCostLimits caps) =>
        Memory > caps.Argon2Memory ? $"Argon2 with {Memory} KiB is above {caps.Argon2Memory} KiB (LATCHKEY_MOST_ARGON2_MEMORY)"
        : Passes > caps.Argon2Passes ? $"Argon2 with {Passes} passes is above {caps.Argon2Passes} (LATCHKEY_MOST_ARGON2_PASSES)"
        : Lanes > caps.Argon2Lanes ? $"Argon2 with {Lanes} lanes is above {caps.Argon2Lanes} (LATCHKEY_MOST_ARGON2_LANES)"
        : null;

    /// <summary>A new hash with a random salt, in its stored form.</summary>
    /// <exception cref="InvalidOperationException">The memory is not there.</exception>
    public string Create(ReadOnlySpan<byte> password, Argon2Memory memory)
    {
        var hash = new Argon2Hash(this, RandomNumberGenerator.GetBytes(SaltBytes), new byte[TagBytes]);
        Algorithm.Hash(memory, password, hash.Salt, hash.Tag);
        return hash.ToString();
    }

    public override bool Verify(string hash, ReadOnlySpan<byte> password, Argon2Memory memory)
    {
        if (Argon2Hash.Read(hash) is not { } stored)
        {
            return false;
        }

        var tag = new byte[stored.Tag.Length];
        Algorithm.Hash(memory, password, stored.Salt, tag);
        return CryptographicOperations.FixedTimeEquals(tag, stored.Tag);
    }
}
