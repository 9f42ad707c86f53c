using Latchkey.Data;

namespace Latchkey.Activity.Usage;

/// <summary>An application's usage for people. It runs a second or two behind.</summary>
public sealed class UsageReport(Database database, UsageStore store, TimeProvider clock)
{
    /// <summary>The last so many days, today included, in UTC.</summary>
    public async Task<UsageFigures> Last(string appId, int days)
    {
        var today = UsageDay.Of(clock.Now());
        var (first, month) = (today - days + 1, UsageDay.FirstOfMonth(today));
        var counts = await database.Read(db => store.Since(db, appId, Math.Min(first, month)));
        return new UsageFigures(first, days, counts.ToDictionary(count => (count.Kind, count.Day), count => count.Count), month);
    }
}

/// <summary>Counts of some days.</summary>
/// <param name="FirstDay">A <see cref="UsageDay"/>.</param>
public sealed record UsageFigures(int FirstDay, int Days, IReadOnlyDictionary<(string Kind, int Day), long> Counts, int Month)
{
    public DateOnly Today => UsageDay.Date(FirstDay + Days - 1);

    /// <summary>Distinct users who signed up or logged in since the first of this month.</summary>
    public long ActiveThisMonth => At(UsageKind.ActiveMonth, Month);

    /// <summary>One number a day, oldest first.</summary>
    public IReadOnlyList<long> Daily(string kind) => [.. Enumerable.Range(FirstDay, Days).Select(day => At(kind, day))];

    private long At(string kind, int day) => Counts.GetValueOrDefault((kind, day));
}
