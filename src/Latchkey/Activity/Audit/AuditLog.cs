using System.Data.Common;
using System.Globalization;
using System.Runtime.CompilerServices;
using CsvHelper;
using Latchkey.Core;
using Latchkey.Data;

namespace Latchkey.Activity.Audit;

/// <summary>An application's log: filtered, paged, and as CSV.</summary>
public sealed class AuditLog(Database database, AuditLogStore store, AuditStore audit)
{
    public const int BatchSize = 2000;
    private const string AnonymousPrefix = "ANON_";

    public const string CsvHeader = "time,action,handle,by,result,code,meaning,detail,client address,count\r\n";

    /// <summary>One page, newest first, and the cursor of the next page (null on the last).</summary>
    public async Task<(IReadOnlyList<LogLine> Lines, LogCursor? Next)> Page(string appId, LogFilter filter, LogCursor after, int size)
    {
        var lines = await database.Read(db => Lines(db, appId, filter, after, size + 1));
        return lines.Count <= size ? (lines, null) : ([.. lines.Take(size)], new LogCursor(lines[size - 1].At, lines[size - 1].Id));
    }

    /// <summary>All entries, page by page: one page in memory, no long transaction.</summary>
    public async IAsyncEnumerable<IReadOnlyList<LogLine>> Pages(
        string appId,
        LogFilter filter,
        LogCursor after,
        [EnumeratorCancellation] CancellationToken stop = default
    )
    {
        for (LogCursor? next = after; next is { } cursor; )
        {
            stop.ThrowIfCancellationRequested();
            (var lines, next) = await Page(appId, filter, cursor, BatchSize);
            yield return lines;
        }
    }

    public Task<long> Count(string appId, LogFilter filter) =>
        database.Read(async db =>
        {
            var count = 0L;
            foreach (var handle in StoredHandles(filter.Handle))
            {
                count += await store.Count(db, appId, filter, handle);
            }

            return count;
        });

    /// <summary>The values to choose from in the filter.</summary>
    public Task<AuditFilterOptions> GetFilterOptions(string appId) =>
        database.Read(async db => new AuditFilterOptions(await store.Actions(db, appId), await store.Codes(db, appId)));

    /// <summary>The filter in a form that may be stored: an anonymous handle is replaced by its mask, and the same entries match.</summary>
    public LogFilter Mask(LogFilter filter) => filter with { Handle = ToStoredHandle(filter.Handle) };

    public static string ToCsv(IReadOnlyList<LogLine> lines)
    {
        using var text = new StringWriter();
        using (var csv = CsvWriter.Create(text, Csv.Options, leaveOpen: true))
        {
            foreach (var line in lines)
            {
                var time = DateTimeOffset
                    .FromUnixTimeMilliseconds(line.At)
                    .ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
                var isDone = line.Code == 0;
                Csv.WriteLine(
                    csv,
                    [
                        time,
                        line.Action,
                        line.Handle,
                        line.Actor,
                        isDone ? LogFilter.Done : LogFilter.Refused,
                        isDone ? "" : line.Code.ToString(CultureInfo.InvariantCulture),
                        ErrorCodes.Meaning(line.Code),
                        line.ChangeList is { Count: > 0 } changes ? string.Join(", ", changes) : line.Detail,
                        line.Client,
                        line.Count.ToString(CultureInfo.InvariantCulture),
                    ]
                );
            }
        }

        return text.ToString();
    }

    /// <summary>The newest lines of each form of the handle, merged.</summary>
    private async Task<IReadOnlyList<LogLine>> Lines(DbConnection db, string appId, LogFilter filter, LogCursor after, int limit)
    {
        var lines = new List<LogLine>();
        foreach (var handle in StoredHandles(filter.Handle))
        {
            lines.AddRange(await store.Page(db, appId, filter, handle, after, limit));
        }

        return [.. lines.OrderByDescending(line => line.At).ThenByDescending(line => line.Id, StringComparer.Ordinal).Take(limit)];
    }

    /// <summary>An address may stand there with its domain in A-labels or in U-labels.</summary>
    private IReadOnlyList<string> StoredHandles(string handle) => Handle.SpellingsOf(ToStoredHandle(handle));

    /// <summary>Anonymous handles are masked in the log; the searched one may be masked already.</summary>
    private string ToStoredHandle(string handle) =>
        handle.StartsWith(AnonymousPrefix, StringComparison.Ordinal)
            ? handle.Contains('…', StringComparison.Ordinal)
                ? handle
                : audit.MaskHandle(handle)
            : Handle.Normalise(handle);
}
