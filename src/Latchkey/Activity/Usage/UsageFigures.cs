namespace Latchkey.Activity.Usage;

/// <summary>The counters of the last hours, days, weeks or months, the present one included.</summary>
/// <param name="Step">What each number is the sum of.</param>
/// <param name="First">The <see cref="UsageTime"/> of the first one.</param>
/// <param name="Length">How many there are.</param>
/// <param name="Counts">By <see cref="UsageKind"/> and <see cref="UsageTime"/>.</param>
public sealed record UsageFigures(UsageStep Step, int First, int Length, IReadOnlyDictionary<(string Kind, int Time), long> Counts)
{
    /// <summary>As many before these.</summary>
    public UsageFigures Before => this with { First = First - Length };

    /// <summary>When each begins, and last, when the present one ends.</summary>
    public IReadOnlyList<DateTimeOffset> Times => [.. Enumerable.Range(First, Length + 1).Select(number => UsageTime.Start(Step, number))];

    /// <summary>The sums of these kinds, one for each hour, day, week or month, oldest first.</summary>
    public IReadOnlyList<long> Of(params IReadOnlyList<string> kinds) =>
        [.. Enumerable.Range(First, Length).Select(time => kinds.Sum(kind => Counts.GetValueOrDefault((kind, time))))];

    /// <summary>The sum of all.</summary>
    public long Sum(string kind) => Of(kind).Sum();

    /// <summary>The beginning of the first hour, day, week or month in which something of a kind was counted; null for none.</summary>
    public DateTimeOffset? FirstOf(string kind) =>
        Counts.Keys.Where(key => key.Kind == kind).Select(key => (int?)key.Time).Min() is { } first ? UsageTime.Start(Step, first) : null;
}
