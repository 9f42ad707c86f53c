using Latchkey.Activity.Audit;
using Latchkey.Applications;
using Latchkey.Data;
using Latchkey.Jobs;
using Latchkey.Messages.Outbox;
using Latchkey.Provider;
using Latchkey.Storage;
using Latchkey.Users;
using Latchkey.Users.Registration;

namespace Latchkey.Operations.Erasure;

/// <summary>
/// Deletes an application's rows in small transactions with pauses, so that other applications can write in between. The remaining rows
/// are the only progress state, so any node can continue.
/// </summary>
public sealed class DeletionSteps(
    Database database,
    ApplicationStore applications,
    UserStore users,
    PendingRequests pending,
    MessageStore messages,
    AuditStore audit,
    StorageErasure storage,
    ProviderErasure provider,
    ApplicationCountStore contents,
    ApplicationCache cache
)
{
    private readonly TimeProvider clock = database.Clock;

    /// <summary>Rows per transaction, which takes about ten milliseconds.</summary>
    private const int BatchSize = 400;

    /// <summary>How long a job runs before it reports progress.</summary>
    private static readonly TimeSpan StepDuration = TimeSpan.FromSeconds(1);

    /// <summary>One step of the job that deletes an application's rows.</summary>
    /// <param name="mark">A <see cref="DeletionState"/>; an application without this mark is not touched.</param>
    /// <param name="outcome">The result to report when all rows are deleted.</param>
    public async Task<JobStep> Step(Job job, string appId, string mark, string outcome, CancellationToken stop)
    {
        var total = job.Total > 0 ? job.Total : await database.Read(db => contents.CountAll(db, appId));
        var (rows, isDone) = await RunFor(appId, mark, StepDuration, stop);
        return isDone
            ? new JobStep(job.Done + rows, job.Done + rows, $"{outcome}{await DescribeRemovals(appId)}")
            : new JobStep(job.Done + rows, total);
    }

    /// <summary>What is still on its way out of the bucket, as a sentence after another.</summary>
    private async Task<string> DescribeRemovals(string appId) =>
        await database.Read(db => storage.CountRemovals(db, appId)) is > 0 and var files
            ? $" The objects of {ApplicationCounter.FormatCount(files, "file")} are being removed from the bucket in the background."
            : "";

    /// <summary>Runs for about this time.</summary>
    /// <param name="mark">A <see cref="DeletionState"/>; an application without this mark is not touched.</param>
    public async Task<DeletionProgress> RunFor(string appId, string mark, TimeSpan duration, CancellationToken stop)
    {
        var (start, rows) = (clock.GetTimestamp(), 0L);
        while (clock.GetElapsedTime(start) < duration)
        {
            var begun = clock.GetTimestamp();
            var (deleted, isDone) = await database.Write(db => DeleteBatch(db, appId, mark));
            rows += deleted;
            if (isDone)
            {
                cache.Invalidate(appId);
                return new DeletionProgress(rows, IsDone: true);
            }

            await Task.Delay(clock.GetElapsedTime(begun), clock, stop); // leaves half of the time to other writers
        }

        return new DeletionProgress(rows, IsDone: false);
    }

    private async Task<(int Rows, bool IsDone)> DeleteBatch(System.Data.Common.DbConnection db, string appId, string mark)
    {
        if (await applications.FindDeletionState(db, appId) != mark)
        {
            return (0, true); // another node has finished it
        }

        var isReset = mark == DeletionState.Reset;
        var rows = await storage.RemoveBatch(db, appId, BatchSize); // before the users: each may have thousands
        rows = rows > 0 ? rows : await users.RemoveBatch(db, appId, BatchSize);
        rows = rows > 0 ? rows : await pending.RemoveBatch(db, appId, BatchSize);
        rows = rows > 0 ? rows : await provider.RemoveBatch(db, appId, isReset, BatchSize);
        rows = rows > 0 ? rows : await messages.RemoveBatch(db, appId, BatchSize);
        rows = rows > 0 ? rows : await audit.RemoveBatch(db, appId, aboutUsers: isReset, BatchSize);
        if (rows > 0)
        {
            return (rows, false);
        }

        if (isReset)
        {
            await applications.SetDeletionState(db, appId, "");
            return (0, true);
        }

        await applications.Delete(db, appId);
        await storage.RemoveUnusedSettings(db, appId);
        // No foreign key deletes messages. Deleting the row above has waited for transactions that were adding one.
        return (await messages.RemoveBatch(db, appId, BatchSize), true);
    }
}
