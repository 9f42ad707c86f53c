using System.Globalization;
using System.Text.RegularExpressions;
using Latchkey.Core.Configuration;

namespace Latchkey.Users.Passwords;

/// <summary>
/// How a stored hash was made and what it costs to check: its parameters, without salt and result. The product makes one kind; imports
/// bring others. Beyond the bounds in here no hash is ever evaluated; what an import may bring is bounded by <see cref="HashCostLimits"/>.
/// </summary>
public abstract partial record HashKind
{
    /// <summary>What the product makes itself.</summary>
    public static HashKind Current { get; } = Sodium.IsAvailable ? Parse(Sodium.Example)! : new Pbkdf2Kind("sha512", Pbkdf2.DefaultRounds, Pbkdf2.HashBytes);

    /// <summary>A rough count of microseconds, good for telling which of two kinds is slower.</summary>
    public abstract double Cost { get; }

    /// <summary>A hash of this kind that no password matches.</summary>
    public abstract string DummyHash { get; }

    /// <summary>Why an import refuses it; null when it is within the caps.</summary>
    public abstract string? Validate(HashCostLimits caps);

    public abstract bool Verify(string hash, ReadOnlySpan<byte> password);

    /// <summary>The kind of a stored hash, without its pepper mark; null for what is none, or is out of all bounds.</summary>
    public static HashKind? Parse(string hash)
    {
        if (BcryptHash().Match(hash) is { Success: true } bcrypt)
        {
            return Number(bcrypt, "cost") is >= 4 and <= HashCostLimits.MaxBcryptCost and var cost ? new BcryptKind(cost) : null;
        }

        if (Argon2Hash().Match(hash) is { Success: true } argon2)
        {
            var kind = new Argon2Kind(argon2.Groups["variant"].Value, Number(argon2, "m"), Number(argon2, "t"), Number(argon2, "p"));
            return kind.IsWithinBounds ? kind : null;
        }

        return Pbkdf2.Read(hash) is { } pbkdf2 ? new Pbkdf2Kind(pbkdf2.Digest, pbkdf2.Rounds, pbkdf2.Hash.Length) : null;
    }

    private static int Number(Match match, string group) =>
        int.TryParse(match.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : int.MaxValue;

    [GeneratedRegex(@"^\$2[aby]\$(?<cost>[0-9]{2})\$[./A-Za-z0-9]{53}\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex BcryptHash();

    [GeneratedRegex(@"^\$(?<variant>argon2id?)\$v=19\$m=(?<m>[0-9]{1,9}),t=(?<t>[0-9]{1,9}),p=(?<p>[0-9]{1,9})\$[A-Za-z0-9+/]{11,64}\$[A-Za-z0-9+/]{22,172}\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Argon2Hash();
}

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

/// <summary>Argon2id or Argon2i, version 1.3 (RFC 9106), by libsodium, which computes lanes one after the other.</summary>
/// <param name="Memory">KiB.</param>
public sealed record Argon2Kind(string Variant, int Memory, int Passes, int Lanes) : HashKind
{
    public override double Cost => 0.7 * Memory * Passes;

    public override string DummyHash => string.Create(CultureInfo.InvariantCulture, $"${Variant}$v=19$m={Memory},t={Passes},p={Lanes}${new string('A', 22)}${new string('A', 43)}");

    public bool IsWithinBounds => Lanes is >= 1 and <= HashCostLimits.MaxArgon2Lanes && Memory >= 8 * Lanes && Memory <= HashCostLimits.MaxArgon2Memory && Passes is >= 1 and <= HashCostLimits.MaxArgon2Passes;

    public override string? Validate(HashCostLimits caps) =>
        !Sodium.IsAvailable ? "Argon2 needs the system's libsodium (Debian: libsodium23)"
        : Memory > caps.Argon2Memory ? $"Argon2 with {Memory} KiB is above {caps.Argon2Memory} KiB (LATCHKEY_MOST_ARGON2_MEMORY)"
        : Passes > caps.Argon2Passes ? $"Argon2 with {Passes} passes is above {caps.Argon2Passes} (LATCHKEY_MOST_ARGON2_PASSES)"
        : Lanes > caps.Argon2Lanes ? $"Argon2 with {Lanes} lanes is above {caps.Argon2Lanes} (LATCHKEY_MOST_ARGON2_LANES)"
        : null;

    public override bool Verify(string hash, ReadOnlySpan<byte> password) => Sodium.IsAvailable && Sodium.Verify(hash, password);
}

/// <summary>PBKDF2 (RFC 8018 §5.2) with HMAC over SHA-1, SHA-256 or SHA-512.</summary>
public sealed record Pbkdf2Kind(string Digest, int Rounds, int HashLength) : HashKind
{
    private int Blocks => (HashLength - 1) / Pbkdf2.DigestBytes(Digest) + 1;

    public override double Cost => (Digest == "sha512" ? 0.6 : 0.4) * Rounds * Blocks;

    public override string DummyHash => Pbkdf2.Write(Digest, Rounds, new byte[16], new byte[HashLength]);

    public override string? Validate(HashCostLimits caps) =>
        (long)Rounds * Blocks > caps.Pbkdf2Rounds ? $"PBKDF2 with {(long)Rounds * Blocks} rounds is above {caps.Pbkdf2Rounds} (LATCHKEY_MOST_PBKDF2_ROUNDS)" : null;

    public override bool Verify(string hash, ReadOnlySpan<byte> password) => Pbkdf2.Verify(hash, password);
}
