using Latchkey.Activity.Audit;

namespace Latchkey.Operations.UserTransfer;

/// <summary>Options of an import.</summary>
public sealed record ImportOptions
{
    public OnConflict OnConflict { get; init; } = OnConflict.Skip;

    /// <summary>Skips invalid rows instead of refusing the whole file.</summary>
    public bool SkipInvalidRows { get; init; }

    /// <summary>Default for rows that do not say: the hash is over the MD5 hex of the password.</summary>
    public bool Prehashed { get; init; }

    /// <summary>Default for rows that do not say.</summary>
    public bool EmailVerified { get; init; }

    public Actor Actor { get; init; } = Actor.CommandLine;

    /// <summary>The source's name for the log.</summary>
    public string Source { get; init; } = "";

    /// <summary>Gives each added user a session for tokens of the old server, until this time (unix milliseconds).</summary>
    public long? LegacySessionsUntil { get; init; }
}
