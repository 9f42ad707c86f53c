using Latchkey.Operations.Overview;

namespace Latchkey.Portal.Operator;

/// <summary>The queues of background work in words.</summary>
public static class QueueTexts
{
    /// <summary>Work that is older waits for something that does not answer.</summary>
    private static readonly TimeSpan LateAfter = TimeSpan.FromMinutes(15);

    /// <summary>Jobs run for as long as they need.</summary>
    private static readonly TimeSpan LateJobAfter = TimeSpan.FromHours(6);

    public static string Name(QueueKind kind) =>
        kind switch
        {
            QueueKind.Messages => "Mails and SMS",
            QueueKind.Jobs => "Resets, deletions, exports",
            QueueKind.DeferredWork => "Work after answers",
            QueueKind.LogoutNotices => "Sign-out notices to clients",
            QueueKind.FileRemovals => "Files to remove from buckets",
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };

    /// <summary>The page with more about it.</summary>
    /// <param name="root">The address of the operator's pages.</param>
    public static string Address(string root, QueueKind kind) => kind == QueueKind.Messages ? $"{root}/providers" : $"{root}/system";

    /// <summary>The word of the badge.</summary>
    public static string State(QueueState queue, long now) =>
        queue.Oldest is not { } oldest ? "empty"
        : now - oldest > (queue.Kind == QueueKind.Jobs ? LateJobAfter : LateAfter).TotalMilliseconds ? "overdue"
        : "working";
}
