namespace Latchkey.Storage;

/// <summary>What a user, or an application, has in the bucket.</summary>
public sealed record StorageUsage
{
    /// <summary>All bytes, also of files that are not completed: what quotas bound.</summary>
    public long Bytes { get; init; }

    /// <summary>The bytes of completed files.</summary>
    public long StoredBytes { get; init; }

    public long Files { get; init; }

    /// <summary>Of the files, those not completed.</summary>
    public long Pending { get; init; }
}
