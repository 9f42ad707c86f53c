namespace Latchkey.Operations.UserTransfer;

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
