namespace Latchkey.Storage;

/// <summary>What <see cref="StorageCheck"/> saw of one application.</summary>
/// <param name="Objects">Objects in the bucket, under the application's prefix.</param>
/// <param name="Pending">Of these, objects of assets that are not completed.</param>
/// <param name="Removing">Of these, objects of deleted assets that are about to be removed.</param>
/// <param name="Findings">The first thousand at most.</param>
public sealed record StorageReport(string AppId, long Objects, long Pending, long Removing, IReadOnlyList<StorageFinding> Findings)
{
    private const int MaxFindings = 1000;

    /// <summary>Further findings, which are only counted.</summary>
    public long Unlisted { get; init; }

    /// <summary>Why the bucket could not be checked; null if it was.</summary>
    public string? Problem { get; init; }

    public StorageReport Add(IReadOnlyList<StorageFinding> found)
    {
        var kept = Math.Min(found.Count, MaxFindings - Findings.Count);
        return this with { Findings = [.. Findings, .. found.Take(kept)], Unlisted = Unlisted + found.Count - kept };
    }
}
