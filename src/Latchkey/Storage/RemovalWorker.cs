using System.Data.Common;
using Latchkey.Data;
using Latchkey.Jobs;

namespace Latchkey.Storage;

/// <summary>
/// Removes the objects of deleted assets. Rows are leased, so that nodes share the work, and when a node dies, another one repeats it:
/// removing an object twice does no harm.
/// </summary>
public sealed partial class RemovalWorker(
    Database database,
    RemovalStore store,
    ObjectRemover remover,
    StorageMeter meter,
    WorkerHealth health,
    ServerStart start,
    TimeProvider clock,
    ILogger<RemovalWorker> log
) : BackgroundService
{
    private const string Work = "Removing files from buckets";
    private const int MaxFiles = 50;
    private const int MaxApplications = 16;
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LeaseDuration = TimeSpan.FromMinutes(2);

    /// <summary>No call begins after it. The last one ends within <see cref="Bucket.CallTime"/>: together half of the lease.</summary>
    private static readonly TimeSpan RoundTime = TimeSpan.FromSeconds(30);

    private string lastApplication = ""; // of the last round; the next one goes on behind it

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await start.Wait(stoppingToken);
        var isMetered = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (!isMetered)
                {
                    await meter.RecordUnknown();
                    isMetered = true;
                }

                var removed = await RunDue(stoppingToken);
                health.Ran(Work);
                if (removed == 0)
                {
                    await store.WaitForWork(PollInterval, stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (database.Dialect.IsTransient(e))
            {
                health.Failed(Work);
                LogDatabase(log, e);
                await Task.Delay(PollInterval, clock, stoppingToken);
            }
        }
    }

    /// <summary>
    /// A round: a few files of a few applications, all at the same time. So however much one of them has to remove, and however slow its
    /// bucket is, the others have their turn.
    /// </summary>
    private async Task<int> RunDue(CancellationToken stop)
    {
        var now = clock.Now();
        if (!await database.Read(db => store.AnyDue(db, now)))
        {
            return 0;
        }

        var rows = await database.Write(db => Lease(db, now));
        var end = now + (long)RoundTime.TotalMilliseconds;
        await Parallel.ForEachAsync(
            rows.GroupBy(row => row.AppId, StringComparer.Ordinal),
            new ParallelOptions { MaxDegreeOfParallelism = MaxApplications, CancellationToken = stop },
            async (group, cancel) => await Remove(group.Key, [.. group], end, cancel)
        );
        return rows.Count;
    }

    private async Task<IReadOnlyList<Removal>> Lease(DbConnection db, long now)
    {
        var (rows, until) = (new List<Removal>(), now + (long)LeaseDuration.TotalMilliseconds);
        var due = await store.ListDue(db, now, lastApplication, MaxApplications);
        foreach (var appId in due)
        {
            rows.AddRange(await store.Lease(db, appId, now, until, MaxFiles));
            await meter.Record(db, appId);
        }

        lastApplication = due.Count < MaxApplications ? "" : due[^1];
        return rows;
    }

    /// <summary>An exception concerns one application: its rows are tried again like those of a bucket that fails.</summary>
    private async Task Remove(string appId, IReadOnlyList<Removal> rows, long end, CancellationToken stop)
    {
        try
        {
            await remover.Remove(appId, rows, end, stop);
        }
        catch (Exception e) when (e is not OperationCanceledException && !database.Dialect.IsTransient(e))
        {
            LogBroken(log, appId, e);
            await remover.Retry(appId, rows);
        }
    }

    [LoggerMessage(2, LogLevel.Error, "Removing objects of {AppId} broke")]
    private static partial void LogBroken(ILogger log, string appId, Exception reason);

    [LoggerMessage(1, LogLevel.Warning, "Removing objects from buckets cannot reach the database")]
    private static partial void LogDatabase(ILogger log, Exception reason);
}
