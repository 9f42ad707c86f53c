using System.Collections.Concurrent;

namespace Latchkey.Activity.Audit;

/// <summary>
/// Finds repeated log entries of users, so that identical ones within a minute become one row with a count. Each node has its own rows. If
/// the first entry was rolled back, the next one inserts the row.
/// </summary>
internal sealed class RepeatedLines
{
    private const int MaxLines = 10_000;
    private const long Minute = 60_000;

    private readonly ConcurrentDictionary<AuditEntry, (long At, string Id)> lines = new();

    /// <summary>The key of the entry's row, and whether it is one that was inserted before.</summary>
    /// <param name="entry">The entry as stored.</param>
    /// <param name="now">The time in unix milliseconds.</param>
    /// <param name="newId">Creates the id of a new row.</param>
    public (long At, string Id, bool IsRepeated) Find(AuditEntry entry, long now, Func<string> newId)
    {
        if (entry.Actor != AuditEntry.ByUser || entry.Handle.Length == 0)
        {
            return (now, newId(), false); // the order of administrative changes matters
        }

        if (lines.Count > MaxLines)
        {
            lines.Clear();
        }

        var (at, id) = lines.AddOrUpdate(entry, _ => (now, newId()), (_, last) => now - last.At < Minute ? last : (now, newId()));
        return (at, id, at < now);
    }
}
