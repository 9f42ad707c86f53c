namespace Latchkey.Activity.Usage;

/// <summary>The counters of a range of days.</summary>
/// <param name="FirstDay">A <see cref="UsageDay"/>.</param>
public sealed record UsageFigures(int FirstDay, int Days, IReadOnlyDictionary<(string Kind, int Day), long> Counts, int Month)
{
    public DateOnly Today => UsageDay.Date(FirstDay + Days - 1);

    /// <summary>As many days before these.</summary>
    public UsageFigures Before => this with { FirstDay = FirstDay - Days };

    /// <summary>Distinct users who signed up or logged in since the first of this month.</summary>
    public long ActiveThisMonth => At(UsageKind.ActiveMonth, Month);

    /// <summary>One value per day, oldest first.</summary>
    public IReadOnlyList<long> Daily(string kind) => [.. Enumerable.Range(FirstDay, Days).Select(day => At(kind, day))];

    /// <summary>The sums of several kinds, one value per day, oldest first.</summary>
    public IReadOnlyList<long> Daily(IReadOnlyList<string> kinds) =>
        [.. Enumerable.Range(FirstDay, Days).Select(day => kinds.Sum(kind => At(kind, day)))];

    /// <summary>The sum of all days.</summary>
    public long Sum(string kind) => Daily(kind).Sum();

    private long At(string kind, int day) => Counts.GetValueOrDefault((kind, day));
}
