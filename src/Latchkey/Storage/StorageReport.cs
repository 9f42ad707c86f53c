namespace Latchkey.Storage;

/// <summary>What <see cref="StorageCheck"/> saw of one application.</summary>
/// <param name="Objects">Objects in the bucket, under the application's prefix.</param>
/// <param name="Pending">Of these, objects of assets that are not completed.</param>
/// <param name="Removing">Of these, objects of deleted assets that are about to be removed.</param>
public sealed record StorageReport(string AppId, long Objects, long Pending, long Removing, IReadOnlyList<StorageFinding> Findings);
