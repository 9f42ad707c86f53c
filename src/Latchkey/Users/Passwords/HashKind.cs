using System.Globalization;
using System.Text.RegularExpressions;
using Latchkey.Core.Configuration;
using Latchkey.Cryptography;

namespace Latchkey.Users.Passwords;

/// <summary>
/// The algorithm and parameters of a stored hash, without salt and result. Latchkey creates one kind; imports bring others. Hashes
/// beyond the bounds defined here are never computed; <see cref="HashCostLimits"/> bounds what may be imported.
/// </summary>
public abstract partial record HashKind
{
    /// <summary>The kind for new hashes.</summary>
    public static Argon2Kind Current { get; } = new("argon2id", Memory: 19_456, Passes: 2, Lanes: 1);

    /// <summary>Estimated cost in microseconds, for comparing kinds.</summary>
    public abstract double Cost { get; }

    /// <summary>A hash of this kind that matches no password.</summary>
    public abstract string DummyHash { get; }

    /// <summary>Why an import refuses this kind; null when it is within the caps.</summary>
    public abstract string? Validate(HashCostLimits caps);

    /// <param name="memory">The calling thread's, for Argon2.</param>
    public abstract bool Verify(string hash, ReadOnlySpan<byte> password, Argon2Memory memory);

    /// <summary>Parses a stored hash without its pepper mark; null when it is malformed or out of bounds.</summary>
    public static HashKind? Parse(string hash)
    {
        if (BcryptHash().Match(hash) is { Success: true } bcrypt)
        {
            return Number(bcrypt, "cost") is >= 4 and <= HashCostLimits.MaxBcryptCost and var cost ? new BcryptKind(cost) : null;
        }

        if (Argon2Hash.Read(hash) is { } argon2)
        {
            return argon2.Kind;
        }

        return Pbkdf2.Read(hash) is { } pbkdf2 ? new Pbkdf2Kind(pbkdf2.Digest, pbkdf2.Rounds, pbkdf2.Hash.Length) : null;
    }

    /// <summary>A number in the text of a hash; one that does not fit is beyond every bound.</summary>
    internal static int Number(Match match, string group) =>
        int.TryParse(match.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : int.MaxValue;

    [GeneratedRegex(
        @"^\$2[aby]\$(?<cost>[0-9]{2})\$[./A-Za-z0-9]{53}\z",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        1000
    )]
    private static partial Regex BcryptHash();
}
