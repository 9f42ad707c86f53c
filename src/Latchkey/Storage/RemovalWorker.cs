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
    ServerStart start,
    TimeProvider clock,
    ILogger<RemovalWorker> log
) : BackgroundService
{
    private const int BatchSize = 200;
    private const int MaxConcurrency = 4;
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LeaseDuration = TimeSpan.FromMinutes(2);

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

                if (await RunDue(stoppingToken) == 0)
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
                LogDatabase(log, e);
                await Task.Delay(PollInterval, clock, stoppingToken);
            }
        }
    }

    private async Task<int> RunDue(CancellationToken stop)
    {
        var now = clock.Now();
        if (!await database.Read(db => store.AnyDue(db, now)))
        {
            return 0;
        }

        var rows = await database.Write(db => Lease(db, now));
        await Parallel.ForEachAsync(
            rows.GroupBy(row => row.AppId, StringComparer.Ordinal),
            new ParallelOptions { MaxDegreeOfParallelism = MaxConcurrency, CancellationToken = stop },
            async (group, cancel) => await Remove(group.Key, [.. group], cancel)
        );
        return rows.Count;
    }

    private async Task<IReadOnlyList<Removal>> Lease(DbConnection db, long now)
    {
        var rows = await store.Lease(db, now, now + (long)LeaseDuration.TotalMilliseconds, BatchSize);
        foreach (var appId in rows.Select(row => row.AppId).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            await meter.Record(db, appId);
        }

        return rows;
    }

    /// <summary>An exception concerns one application: its rows are tried again when their lease ends.</summary>
    private async Task Remove(string appId, IReadOnlyList<Removal> rows, CancellationToken stop)
    {
        try
        {
            await remover.Remove(appId, rows, stop);
        }
        catch (Exception e) when (e is not OperationCanceledException && !database.Dialect.IsTransient(e))
        {
            LogBroken(log, appId, e);
        }
    }

    [LoggerMessage(2, LogLevel.Error, "Removing objects of {AppId} broke")]
    private static partial void LogBroken(ILogger log, string appId, Exception reason);

    [LoggerMessage(1, LogLevel.Warning, "Removing objects from buckets cannot reach the database")]
    private static partial void LogDatabase(ILogger log, Exception reason);
}
