namespace Latchkey.Core.Configuration;

/// <summary>
/// The highest costs of imported password hashes, so that an import cannot slow down logins. The operator may raise them
/// (<c>LATCHKEY_MOST_…</c>) up to the constants here.
/// </summary>
public sealed record HashCostLimits
{
    public const int MaxBcryptCost = 16;
    public const int MaxArgon2Memory = 1024 * 1024;
    public const int MaxArgon2Passes = 100;
    public const int MaxArgon2Lanes = 64;
    public const int MaxPbkdf2Rounds = 20_000_000;

    public int BcryptCost { get; init; } = 13;

    /// <summary>In KiB.</summary>
    public int Argon2Memory { get; init; } = 128 * 1024;

    public int Argon2Passes { get; init; } = 10;

    public int Argon2Lanes { get; init; } = 4;

    public int Pbkdf2Rounds { get; init; } = 1_500_000;

    /// <exception cref="InvalidSettingException">A variable is not a number within its bounds.</exception>
    public static HashCostLimits Read(Func<string, string?> text)
    {
        int Number(string name, int usual, int max) =>
            text(name) is not { } given ? usual
            : int.TryParse(given, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number)
            && number >= 1
            && number <= max
                ? number
            : throw new InvalidSettingException($"LATCHKEY_{name} is {given}, which is not a number from 1 to {max}.");

        var usual = new HashCostLimits();
        return new HashCostLimits
        {
            BcryptCost = Number("MOST_BCRYPT_COST", usual.BcryptCost, MaxBcryptCost),
            Argon2Memory = Number("MOST_ARGON2_MEMORY", usual.Argon2Memory, MaxArgon2Memory),
            Argon2Passes = Number("MOST_ARGON2_PASSES", usual.Argon2Passes, MaxArgon2Passes),
            Argon2Lanes = Number("MOST_ARGON2_LANES", usual.Argon2Lanes, MaxArgon2Lanes),
            Pbkdf2Rounds = Number("MOST_PBKDF2_ROUNDS", usual.Pbkdf2Rounds, MaxPbkdf2Rounds),
        };
    }
}
