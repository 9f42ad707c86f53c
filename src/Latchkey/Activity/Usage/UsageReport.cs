using Latchkey.Data;

namespace Latchkey.Activity.Usage;

/// <summary>An application's usage figures, delayed by one or two seconds.</summary>
public sealed class UsageReport(Database database, UsageStore store, TimeProvider clock)
{
    /// <summary>The last <paramref name="days"/> UTC days with today, and as many before (<see cref="UsageFigures.Before"/>).</summary>
    public async Task<UsageFigures> Last(string appId, int days)
    {
        var today = UsageDay.Of(clock.Now());
        var (first, month) = (today - days + 1, UsageDay.FirstOfMonth(today));
        var counts = await database.Read(db => store.Since(db, appId, Math.Min(first - days, month)));
        return new UsageFigures(first, days, counts.ToDictionary(count => (count.Kind, count.Day), count => count.Count), month);
    }
}
