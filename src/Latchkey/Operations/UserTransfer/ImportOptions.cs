using Latchkey.Activity.Audit;

namespace Latchkey.Operations.UserTransfer;

/// <summary>What happens to a row whose handle the application has.</summary>
public enum OnConflict
{
    /// <summary>The user stays as it is.</summary>
    Skip,

    /// <summary>The row is bad.</summary>
    Fail,

    /// <summary>The user takes over what the row says.</summary>
    Update,
}

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

/// <summary>What an import did, or would do.</summary>
public sealed record ImportSummary
{
    public long Rows { get; init; }

    public long Added { get; init; }

    public long Updated { get; init; }

    /// <summary>Users that were there already.</summary>
    public long Skipped { get; init; }

    public long Bad { get; init; }

    /// <summary>Users whose hash is over the password itself: clients that send MD5 cannot log them in.</summary>
    public long PlainHashes { get; init; }

    /// <summary>Paths of metadata that the application does not define, and how many rows have them.</summary>
    public IReadOnlyDictionary<string, long> UndefinedPaths { get; init; } = new Dictionary<string, long>(StringComparer.Ordinal);
}

/// <summary>A row that did not come in.</summary>
public sealed record RejectedRow(SourceRow Row, string Problem);
