namespace Latchkey.Operations.Overview;

/// <summary>The queues of the installation.</summary>
public enum QueueKind
{
    /// <summary>Mails and SMS that no provider has taken yet.</summary>
    Messages,

    /// <summary>Resets, deletions, exports.</summary>
    Jobs,

    /// <summary>Work that requests leave for the moment after their answer.</summary>
    DeferredWork,

    /// <summary>Notices to clients that a session is over.</summary>
    LogoutNotices,

    /// <summary>Files to be removed from buckets, and due.</summary>
    FileRemovals,
}
