using System.Collections.Concurrent;
using Latchkey.Core;
using Latchkey.Data;

namespace Latchkey.Storage;

/// <summary>Removes the objects of an application's deleted assets.</summary>
public sealed partial class ObjectRemover(
    Database database,
    RemovalStore store,
    StorageSettingsStore settings,
    Buckets buckets,
    TimeProvider clock,
    ILogger<ObjectRemover> log
)
{
    private const int MaxConcurrency = 8;

    /// <summary>With the pauses below, about a month.</summary>
    private const int MaxAttempts = 130;

    private static readonly TimeSpan ShortestPause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(6);

    /// <summary>
    /// After a link for uploading has ended: S3 judges a link when an upload begins, and a slow one ends much later.
    /// </summary>
    private static readonly TimeSpan UploadMargin = TimeSpan.FromDays(1);

    /// <summary>
    /// Tries the leased rows until the time <paramref name="end"/>; what is left then waits a little, so that a slow bucket does not hold
    /// up the others. When the bucket fails, all of the application wait, so that a dead bucket is asked once a pause.
    /// </summary>
    public async Task Remove(string appId, IReadOnlyList<Removal> rows, long end, CancellationToken stop)
    {
        if (await database.Read(db => settings.Find(db, appId)) is not { } found)
        {
            LogNoBucket(log, appId, rows.Count);
            await Finish(rows);
            return;
        }

        var (bucket, removed, problem) = (buckets.Open(found), new ConcurrentBag<Removal>(), (Error?)null);
        await Parallel.ForEachAsync(
            rows,
            new ParallelOptions { MaxDegreeOfParallelism = MaxConcurrency, CancellationToken = stop },
            async (row, cancel) =>
            {
                foreach (var key in row.Keys)
                {
                    if (problem is not null || clock.Now() >= end)
                    {
                        return;
                    }

                    if ((await bucket.Delete(key, cancel)).Error is { } failed)
                    {
                        problem = failed;
                        return;
                    }
                }

                removed.Add(row);
            }
        );
        await Finish([.. removed]);
        Removal[] left = [.. rows.Except(removed)];
        if (problem is not null)
        {
            LogFailed(log, appId, problem.Cause ?? "");
            await Retry(appId, left);
        }
        else if (left.Length > 0)
        {
            LogSlow(log, appId);
            await database.Write(db => store.Release(db, appId, Ids(left), clock.Now() + (long)ShortestPause.TotalMilliseconds));
        }

        await database.Write(db => settings.RemoveUnused(db, appId));
    }

    /// <summary>A row goes when no link can bring its objects back; until then it is tried once more.</summary>
    private Task Finish(IReadOnlyList<Removal> rows) =>
        database.Write(async db =>
        {
            foreach (var row in rows)
            {
                var end = row.UploadUntil + (long)UploadMargin.TotalMilliseconds;
                await (end > clock.Now() ? store.MarkRemoved(db, row, end) : store.Delete(db, row));
            }
        });

    /// <summary>Postpones rows that failed, and all of the application that are due; gives all of them up after a month.</summary>
    public async Task Retry(string appId, IReadOnlyList<Removal> rows)
    {
        var now = clock.Now();
        var attempts = rows.Max(row => row.Attempts);
        if (attempts >= MaxAttempts)
        {
            var given = await database.Write(db => store.GiveUp(db, appId, Ids(rows), now));
            LogGivenUp(log, appId, given);
            return;
        }

        var pause = Math.Min(ShortestPause.TotalMilliseconds * Math.Pow(2, Math.Min(attempts - 1, 20)), LongestPause.TotalMilliseconds);
        await database.Write(db => store.Postpone(db, appId, Ids(rows), attempts, now, now + (long)pause));
    }

    private static string[] Ids(IEnumerable<Removal> rows) => [.. rows.Select(row => row.Id)];

    [LoggerMessage(1, LogLevel.Warning, "Objects of {AppId} could not be removed and will be tried again: {Cause}")]
    private static partial void LogFailed(ILogger log, string appId, string cause);

    [LoggerMessage(2, LogLevel.Error, "Objects of {Count} files of {AppId} could not be removed for a month, and stay in the bucket")]
    private static partial void LogGivenUp(ILogger log, string appId, int count);

    [LoggerMessage(3, LogLevel.Warning, "{AppId} has no bucket any more: the objects of {Count} files stay where they are")]
    private static partial void LogNoBucket(ILogger log, string appId, int count);

    [LoggerMessage(4, LogLevel.Warning, "The bucket of {AppId} is slow: the removal of its objects pauses for a minute")]
    private static partial void LogSlow(ILogger log, string appId);
}
