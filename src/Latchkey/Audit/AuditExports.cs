using System.IO.Compression;
using System.Runtime.CompilerServices;
using Latchkey.Contract;
using Latchkey.Data;
using Latchkey.Jobs;

namespace Latchkey.Audit;

/// <summary>Starts exports of a log and hands them out; <see cref="AuditExport"/> makes them.</summary>
public sealed class AuditExports(Database database, AuditExportStore store, AuditStore audit, JobQueue queue)
{
    /// <summary>Starts an export and notes it in the log; the job's id.</summary>
    public Task<string> Start(string appId, LogFilter filter, Actor actor) =>
        database.Write(async db =>
        {
            await audit.Add(db, new AuditEntry(appId, AuditExport.Action, "", actor) { Detail = filter.Query });
            return await queue.Start(db, AuditExport.Action, appId, filter.Query, actor.Name);
        });

    /// <summary>The application's newest export; null when there is none.</summary>
    public Task<Job?> Newest(string appId) => queue.Newest(appId, AuditExport.Action);

    /// <summary>Whether a job is a finished export of this application that has not expired.</summary>
    public async Task<bool> IsReady(string appId, string jobId) =>
        Field.IsStorable(jobId) && await queue.Find(jobId) is { State: JobState.Done, Kind: AuditExport.Action } job && job.AppId == appId
        && await database.Read(db => store.Last(db, jobId)) is not null;

    /// <summary>The pieces of a finished export as CSV, one after the other.</summary>
    public async IAsyncEnumerable<Stream> Read(string jobId, [EnumeratorCancellation] CancellationToken stop = default)
    {
        for (var seq = 0; await Body(jobId, seq) is { } body; seq++)
        {
            stop.ThrowIfCancellationRequested();
            await using var unzipped = new GZipStream(new MemoryStream(body), CompressionMode.Decompress);
            yield return unzipped;
        }
    }

    private Task<byte[]?> Body(string jobId, int seq) => database.Read(db => store.Body(db, jobId, seq));
}
