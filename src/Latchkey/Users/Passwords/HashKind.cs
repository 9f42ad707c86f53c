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
    public static Argon2Kind Current { get; } = new("argon2id", Memory: 19_456, Passes: 2, Lanes: 1);

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
        int.TryParse(match.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : int.MaxValue;

    [GeneratedRegex(
        @"^\$2[aby]\$(?<cost>[0-9]{2})\$[./A-Za-z0-9]{53}\z",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        1000
    )]
    private static partial Regex BcryptHash();

    [GeneratedRegex(
        @"^\$(?<variant>argon2id?)\$v=19\$m=(?<m>[0-9]{1,9}),t=(?<t>[0-9]{1,9}),p=(?<p>[0-9]{1,9})\$[A-Za-z0-9+/]{11,64}"
            + @"\$[A-Za-z0-9+/]{22,172}\z",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        1000
    )]
    private static partial Regex Argon2Hash();
}
