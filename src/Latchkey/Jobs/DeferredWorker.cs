using Latchkey.Data;

namespace Latchkey.Jobs;

/// <summary>
/// Does the <see cref="DeferredWork"/>. Rows are leased, so that nodes share the work, and when a node dies, another one does it. Each
/// row's work commits together with its removal, so it happens once.
/// </summary>
public sealed partial class DeferredWorker(
    Database database,
    DeferredWork queue,
    IEnumerable<IDeferredWork> kinds,
    WorkerHealth health,
    ServerStart start,
    TimeProvider clock,
    ILogger<DeferredWorker> log
) : BackgroundService
{
    private const string Work = "Work after answers";
    private const int BatchSize = 256;
    private const int MaxConcurrency = 8;

    /// <summary>After so many errors that are not the database's, a row is given up.</summary>
    private const int MaxAttempts = 10;

    /// <summary>Older work is dropped: it comes from a restored backup, and nobody waits for its mail any more.</summary>
    private static readonly TimeSpan MaxAge = TimeSpan.FromDays(1);

    private static readonly TimeSpan LeaseDuration = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Before each batch, so that its load falls on whatever requests come then, and does not tell the next request of a client what the
    /// one before led to.
    /// </summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly Dictionary<string, IDeferredWork> handlers = kinds.ToDictionary(one => one.Kind, StringComparer.Ordinal);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await start.Wait(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var done = await RunDue();
                health.Ran(Work);
                if (done == 0)
                {
                    await queue.WaitForWork(PollInterval, stoppingToken);
                }

                await Task.Delay(Pause, clock, stoppingToken);
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

    /// <summary>Runs a batch of due rows. Returns how many there were.</summary>
    private async Task<int> RunDue()
    {
        var now = clock.Now();
        if (!await database.Read(db => queue.AnyDue(db, now)))
        {
            return 0;
        }

        var rows = await database.Write(db => queue.Lease(db, now, now + (long)LeaseDuration.TotalMilliseconds, BatchSize));
        await Parallel.ForEachAsync(
            rows,
            new ParallelOptions { MaxDegreeOfParallelism = MaxConcurrency },
            async (row, _) => await Run(row)
        );
        return rows.Count;
    }

    private async Task Run(DeferredWorkRow row)
    {
        try
        {
            if (row.CreatedAt < clock.Now() - (long)MaxAge.TotalMilliseconds)
            {
                LogTooOld(log, row.Id, row.Kind);
                await database.Write(db => queue.Remove(db, row.Id));
                return;
            }

            var handler = handlers[row.Kind];
            var work = await handler.Prepare(queue.Decrypt(row));
            await database.Write(async db =>
            {
                if (await queue.Remove(db, row.Id) && work is not null)
                {
                    await work(db);
                }
            });
            handler.Finish();
        }
        catch (Exception e) when (!database.Dialect.IsTransient(e))
        {
            LogBroken(log, row.Id, row.Kind, row.Attempts, e); // its lease ends, and it is tried again
            if (row.Attempts >= MaxAttempts)
            {
                await database.Write(db => queue.Remove(db, row.Id));
            }
        }
    }

    [LoggerMessage(1, LogLevel.Error, "Deferred work {Id} ({Kind}) broke at attempt {Attempt}")]
    private static partial void LogBroken(ILogger log, string id, string kind, int attempt, Exception reason);

    [LoggerMessage(3, LogLevel.Warning, "Deferred work {Id} ({Kind}) is more than a day old and was dropped")]
    private static partial void LogTooOld(ILogger log, string id, string kind);

    [LoggerMessage(2, LogLevel.Warning, "Deferred work cannot reach the database")]
    private static partial void LogDatabase(ILogger log, Exception reason);
}
