using Latchkey.Data;

namespace Latchkey.Activity.Usage;

/// <summary>An application's usage figures, delayed by one or two seconds.</summary>
public sealed class UsageReport(Database database, UsageStore store, TimeProvider clock)
{
    /// <summary>The last hours, days, weeks or months, and as many before (<see cref="UsageFigures.Before"/>).</summary>
    public Task<UsageFigures> Last(string appId, UsageStep step, int length) =>
        database.Read(async db =>
        {
            var first = UsageTime.NumberOf(step, clock.GetUtcNow()) - length + 1;
            var since = UsageTime.Start(step, first - length).ToUnixTimeMilliseconds();
            var counts =
                step == UsageStep.Hour
                    ? await store.HoursSince(db, appId, UsageTime.HourOf(since))
                    : await store.DaysSince(db, appId, UsageDay.Of(since));
            return new UsageFigures(step, first, length, Sums(counts, step));
        });

    /// <summary>Distinct users who signed up or logged in since the first of this month, and the refused calls of today (UTC).</summary>
    public async Task<(long ActiveThisMonth, long FailuresToday)> Now(string appId)
    {
        var today = UsageDay.Of(clock.Now());
        var month = UsageDay.FirstOfMonth(today);
        var counts = await database.Read(db => store.DaysSince(db, appId, month));
        return (Of(UsageKind.ActiveMonth, month), Of(UsageKind.Failure, today));

        long Of(string kind, int day) => counts.FirstOrDefault(count => count.Kind == kind && count.Day == day)?.Count ?? 0;
    }

    private static IReadOnlyDictionary<(string Kind, int Time), long> Sums(IEnumerable<UsageCount> counts, UsageStep step) =>
        counts
            .GroupBy(count => (count.Kind, Time: UsageTime.NumberOf(step, count.Start)))
            .ToDictionary(same => same.Key, same => same.Sum(count => count.Count));
}
