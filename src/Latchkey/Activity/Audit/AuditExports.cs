using System.IO.Compression;
using System.Runtime.CompilerServices;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Jobs;
using Latchkey.Limits;

namespace Latchkey.Activity.Audit;

/// <summary>Starts and serves exports of a log; <see cref="AuditExport"/> creates them.</summary>
public sealed class AuditExports(
    Database database,
    AuditExportStore store,
    AuditStore audit,
    AuditLog log,
    JobQueue queue,
    RateLimits limits
)
{
    private static readonly Error ExportInProgress = ErrorCodes.InvalidData with
    {
        Message = "An export of this log is already running. Wait until it is ready, then start another.",
    };
    private static readonly Error TooMany = ErrorCodes.TooManyAttempts with
    {
        Message =
            $"This log was exported {DefaultLimits.LogExports.PermitLimit} times within a day, which is the maximum. Download it "
            + "directly, or try again later.",
    };

    /// <summary>
    /// Starts an export and logs it. Returns the job's id. Limited to one at a time and a number per day: each may copy the whole log,
    /// delays other jobs, and is stored for a day.
    /// </summary>
    public async Task<Result<string>> Start(string appId, LogFilter filter, Actor actor)
    {
        if (await limits.TryAcquire(appId, new RateLimitRequest(DefaultLimits.LogExports, "log")) is not null)
        {
            return TooMany;
        }

        var query = log.Mask(filter).Query;
        return await database.Write<Result<string>>(async db =>
        {
            if (await queue.EnqueueUnlessRunning(db, AuditExport.Action, appId, query, actor.Name) is not { } job)
            {
                return ExportInProgress;
            }

            await audit.Add(db, new AuditEntry(appId, AuditExport.Action, "", actor) { Detail = query });
            return job;
        });
    }

    /// <summary>Logs that a file of the log was downloaded.</summary>
    /// <param name="what">Which file.</param>
    public Task LogDownload(string appId, string what, Actor actor) =>
        database.Write(db => audit.Add(db, new AuditEntry(appId, AuditExport.Action, "", actor) { Detail = $"download of {what}" }));

    /// <summary>The application's newest export; null when there is none.</summary>
    public Task<Job?> Newest(string appId) => queue.Newest(appId, AuditExport.Action);

    /// <summary>Whether the job is a finished export of this application that has not expired.</summary>
    public async Task<bool> IsReady(string appId, string jobId) =>
        Field.IsStorable(jobId)
        && await queue.Find(jobId) is { State: JobState.Done, Kind: AuditExport.Action } job
        && job.AppId == appId
        && await database.Read(db => store.Last(db, appId, jobId)) is not null;

    /// <summary>The chunks of a finished export as CSV, in order.</summary>
    public async IAsyncEnumerable<Stream> Read(string appId, string jobId, [EnumeratorCancellation] CancellationToken stop = default)
    {
        for (var seq = 0; await Body(appId, jobId, seq) is { } body; seq++)
        {
            stop.ThrowIfCancellationRequested();
            await using var unzipped = new GZipStream(new MemoryStream(body), CompressionMode.Decompress);
            yield return unzipped;
        }
    }

    private Task<byte[]?> Body(string appId, string jobId, int seq) => database.Read(db => store.Body(db, appId, jobId, seq));
}
