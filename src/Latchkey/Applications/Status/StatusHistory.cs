namespace Latchkey.Applications.Status;

/// <summary>The status history of an application without gaps, and the time spent in each status.</summary>
public sealed class StatusHistory(IReadOnlyList<StatusRow> rows)
{
    /// <summary>Oldest first.</summary>
    public IReadOnlyList<StatusSpan> Spans { get; } =
    [.. rows.Select((row, index) => new StatusSpan(row, index + 1 < rows.Count ? rows[index + 1].BeganAt : null))];

    /// <summary>The time in each status within a range of unix milliseconds (end exclusive).</summary>
    public IReadOnlyDictionary<string, TimeSpan> DurationsByStatus(long from, long to) =>
        Spans
            .GroupBy(span => span.Row.Status, StringComparer.Ordinal)
            .Select(group =>
                (
                    Status: group.Key,
                    Milliseconds: group.Sum(span => Math.Max(0, Math.Min(span.EndedAt ?? to, to) - Math.Max(span.Row.BeganAt, from)))
                )
            )
            .Where(time => time.Milliseconds > 0)
            .ToDictionary(time => time.Status, time => TimeSpan.FromMilliseconds(time.Milliseconds), StringComparer.Ordinal);
}
