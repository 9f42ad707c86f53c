using System.Globalization;
using System.IO.Compression;
using System.Text;
using Latchkey.Data;
using Latchkey.Jobs;
using Microsoft.AspNetCore.WebUtilities;

namespace Latchkey.Activity.Audit;

/// <summary>
/// Exports a large log in the background. The result is stored in the database, so that any node can serve it, and deleted after a day.
/// It is as sensitive as the table audit.
/// </summary>
public sealed class AuditExport(Database database, AuditLog log, AuditExportStore store, TimeProvider clock) : IJobHandler
{
    public const string Action = "exportLog";
    private const int LinesPerStep = 20_000;

    public static TimeSpan Retention { get; } = TimeSpan.FromDays(1);

    public string Name => Action;

    public string Title(Job job) => "Log export";

    public (string Path, string Text) ResultLink(Job job) => ($"/portal/applications/{job.AppId}/logs/export", "Go to the download");

    public async Task<JobStep> RunStep(Job job, CancellationToken stop)
    {
        var appId = job.RequiredAppId;
        var filter = Filter(job);
        var last =
            await database.Read(db => store.Last(db, appId, job.Id))
            ?? new ExportChunk
            {
                AppId = appId,
                JobId = job.Id,
                Seq = -1,
            };
        var total = job.Total > 0 ? job.Total : await log.Count(appId, filter);
        if (last.Seq < 0 || last.Cursor.Length > 0)
        {
            last = await NextChunk(appId, filter, last, stop);
            await database.Write(db => store.Add(db, last));
        }

        return last.Cursor.Length > 0
            ? new JobStep(last.Lines, Math.Max(total, last.Lines))
            : new JobStep(
                last.Lines,
                last.Lines,
                $"{last.Lines.ToString("N0", CultureInfo.InvariantCulture)} entries are ready. You can download them for a day."
            );
    }

    /// <summary>The filter of an export job.</summary>
    public static LogFilter Filter(Job job)
    {
        var parameters = QueryHelpers.ParseQuery(job.Input);
        return LogFilter.Read(name => parameters.TryGetValue(name, out var value) ? value.ToString() : "").Value
            ?? throw new InvalidOperationException("an export began with a filter that cannot be read");
    }

    private async Task<ExportChunk> NextChunk(string appId, LogFilter filter, ExportChunk last, CancellationToken stop)
    {
        var zipped = new MemoryStream();
        var (lines, after) = (0, last.Seq < 0 ? LogCursor.Start : LogCursor.Read(last.Cursor));
        LogCursor? end = after;
        await using (
            var csv = new StreamWriter(
                new GZipStream(zipped, CompressionLevel.Fastest, leaveOpen: true),
                new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)
            )
        )
        {
            await csv.WriteAsync(last.Seq < 0 ? AuditLog.CsvHeader : "");
            while (end is { } cursor && lines < LinesPerStep)
            {
                stop.ThrowIfCancellationRequested();
                (var page, end) = await log.Page(appId, filter, cursor, AuditLog.BatchSize);
                lines += page.Count;
                await csv.WriteAsync(AuditLog.ToCsv(page).AsMemory(), stop);
            }
        }

        return last with
        {
            Seq = last.Seq + 1,
            Cursor = end?.ToString() ?? "",
            Lines = last.Lines + lines,
            Body = zipped.ToArray(),
            CreatedAt = clock.Now(),
        };
    }
}
