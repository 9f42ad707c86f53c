using Latchkey.Core.Configuration;
using Latchkey.Cryptography;

namespace Latchkey.Users.Passwords;

/// <summary>PBKDF2 (RFC 8018 §5.2) with HMAC over SHA-1, SHA-256 or SHA-512.</summary>
public sealed record Pbkdf2Kind(string Digest, int Rounds, int HashLength) : HashKind
{
    private int Blocks => (HashLength - 1) / Pbkdf2.DigestBytes(Digest) + 1;

    public override double Cost => (Digest == "sha512" ? 0.6 : 0.4) * Rounds * Blocks;

    public override string DummyHash => Pbkdf2.Write(Digest, Rounds, new byte[16], new byte[HashLength]);

    public override string? Validate(HashCostLimits caps) =>
        (long)Rounds * Blocks > caps.Pbkdf2Rounds
            ? $"PBKDF2 with {(long)Rounds * Blocks} rounds is above {caps.Pbkdf2Rounds} (LATCHKEY_MOST_PBKDF2_ROUNDS)"
            : null;

    public override bool Verify(string hash, ReadOnlySpan<byte> password, Argon2Memory memory) => Pbkdf2.Verify(hash, password);
}
