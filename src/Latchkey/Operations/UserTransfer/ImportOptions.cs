using Latchkey.Activity.Audit;

namespace Latchkey.Operations.UserTransfer;

/// <summary>How an import goes about it.</summary>
public sealed record ImportOptions
{
    public OnConflict OnConflict { get; init; } = OnConflict.Skip;

    /// <summary>Go on without bad rows, instead of not starting.</summary>
    public bool SkipInvalidRows { get; init; }

    /// <summary>For rows that do not say: the hash is over the MD5 hex of the password.</summary>
    public bool Prehashed { get; init; }

    /// <summary>For rows that do not say.</summary>
    public bool EmailVerified { get; init; }

    public Actor Actor { get; init; } = Actor.CommandLine;

    /// <summary>Names the source in the log.</summary>
    public string Source { get; init; } = "";

    /// <summary>Gives every added user a session for the tokens of the server it comes from, until then (unix milliseconds).</summary>
    public long? LegacySessionsUntil { get; init; }
}
