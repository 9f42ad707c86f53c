namespace Latchkey.Applications.Status;

/// <summary>The statuses of an application one after another, without gaps, and how long it was in each.</summary>
public sealed class StatusHistory(IReadOnlyList<StatusRow> rows)
{
    /// <summary>Oldest first.</summary>
    public IReadOnlyList<StatusSpan> Spans { get; } =
    [.. rows.Select((row, index) => new StatusSpan(row, index + 1 < rows.Count ? rows[index + 1].BeganAt : null))];

    /// <summary>The time in each status that occurred from one moment until before another, both in unix milliseconds.</summary>
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
