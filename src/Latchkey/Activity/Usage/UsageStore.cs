using System.Data.Common;
using Dapper;
using Latchkey.Activity.Metering;
using Latchkey.Data;

namespace Latchkey.Activity.Usage;

/// <summary>
/// The tables usage_events and usage_days. Each event inserts a row in its own transaction, so that logins do not contend for a counter
/// row and a crash loses no event. <see cref="AggregateEvents"/> turns events into daily sums.
/// </summary>
public sealed class UsageStore(Dialect dialect, MeteringStore metering)
{
    /// <summary>Two years and the current month.</summary>
    public const int RetentionDays = 366 + 365 + 31;

    /// <summary>Counts one event of each kind. Runs in the transaction of what is counted.</summary>
    public Task Count(DbConnection db, string appId, long now, params IReadOnlyList<string> kinds)
    {
        var day = UsageDay.Of(now);
        // Kinds are constants of this program, so they are safe in SQL
        var values = kinds.Select(kind => $"(@appId, {(kind == UsageKind.ActiveMonth ? "@month" : "@day")}, '{kind}')");
        return db.ExecuteDeferred(
            $"INSERT INTO usage_events (app_id, day, kind) VALUES {string.Join(", ", values)}",
            new
            {
                appId,
                day,
                month = UsageDay.FirstOfMonth(day),
            }
        );
    }

    /// <summary>As <see cref="Count"/>, for a user's activity. The month's first is metered with the same commit.</summary>
    public async Task CountActivity(DbConnection db, string appId, string userId, long now, IReadOnlyList<string> kinds)
    {
        await Count(db, appId, now, kinds);
        if (kinds.Contains(UsageKind.ActiveMonth, StringComparer.Ordinal))
        {
            await metering.RecordUse(db, appId, MeterKind.ActiveUser, userId, now);
        }
    }

    public async Task<bool> HasPendingEvents(DbConnection db) =>
        await db.QueryFirstOrDefaultAsync<int?>("SELECT 1 FROM usage_events LIMIT 1") is not null;

    /// <summary>
    /// Moves up to <paramref name="limit"/> events into the daily sums. Returns how many. Each event is counted exactly once.
    /// </summary>
    public async Task<int> AggregateEvents(DbConnection db, int limit)
    {
        var events = (
            await db.QueryAsync<UsageCount>(
                $"""
                DELETE FROM usage_events WHERE (app_id, id) IN (
                  SELECT app_id, id FROM usage_events ORDER BY app_id, id LIMIT @limit {dialect.ForUpdateSkipLocked})
                RETURNING app_id, day, kind, 1 AS count
                """,
                new { limit }
            )
        ).AsList();
        var sums = events.GroupBy(one => (one.AppId, one.Day, one.Kind)).Select(group => group.First() with { Count = group.Count() });
        await db.ExecuteAsync(
            """
            INSERT INTO usage_days (app_id, day, kind, count)
            SELECT @AppId, @Day, @Kind, @Count WHERE EXISTS (SELECT 1 FROM applications WHERE id = @AppId)
            ON CONFLICT (app_id, day, kind) DO UPDATE SET count = usage_days.count + excluded.count
            """,
            sums.OrderBy(sum => (sum.AppId, sum.Day, sum.Kind))
        ); // the same order on all nodes prevents deadlocks
        return events.Count;
    }

    /// <summary>The daily sums since a day.</summary>
    public async Task<IReadOnlyList<UsageCount>> Since(DbConnection db, string appId, int day) =>
        [
            .. await db.QueryAsync<UsageCount>(
                "SELECT app_id, day, kind, count FROM usage_days WHERE app_id = @appId AND day >= @day",
                new { appId, day }
            ),
        ];

    public Task<int> RemoveOlder(DbConnection db, int before) =>
        db.ExecuteAsync("DELETE FROM usage_days WHERE day < @before", new { before });
}
