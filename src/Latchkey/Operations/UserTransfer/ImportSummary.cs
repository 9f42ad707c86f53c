namespace Latchkey.Operations.UserTransfer;

/// <summary>The result of an import, or of a dry run.</summary>
public sealed record ImportSummary
{
    public long Rows { get; init; }

    public long Added { get; init; }

    public long Updated { get; init; }

    /// <summary>Users that existed already.</summary>
    public long Skipped { get; init; }

    public long Bad { get; init; }

    /// <summary>The line from which the file cannot be read; null when all of it was read.</summary>
    public long? StoppedAt { get; init; }

    /// <summary>Users whose hash is over the plain password: clients that send MD5 cannot log them in.</summary>
    public long PlainHashes { get; init; }

    /// <summary>Undefined metadata paths, with the number of rows that contain them.</summary>
    public IReadOnlyDictionary<string, long> UndefinedPaths { get; init; } = new Dictionary<string, long>(StringComparer.Ordinal);

    /// <summary>Values that were omitted from imported users.</summary>
    public IReadOnlyCollection<ImportNote> Notes { get; init; } = [];
}
