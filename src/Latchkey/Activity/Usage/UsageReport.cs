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
