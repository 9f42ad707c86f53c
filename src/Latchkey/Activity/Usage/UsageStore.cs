using System.Data.Common;
using Dapper;
using Latchkey.Data;

namespace Latchkey.Activity.Usage;

/// <summary>
/// The tables usage_events and usage_days. What happens adds a row of its own in its own transaction, so no two logins wait for one
/// counter and a kill loses none; <see cref="AggregateEvents"/> turns rows into sums.
/// </summary>
public sealed class UsageStore(Dialect dialect)
{
    /// <summary>Two years, and the month that is not over.</summary>
    public const int RetentionDays = 366 + 365 + 31;

    /// <summary>Counts one thing of each kind; part of the transaction of what is counted.</summary>
    public Task Count(DbConnection db, string appId, long now, params IReadOnlyList<string> kinds)
    {
        var day = UsageDay.Of(now);
        // Kinds are our own words
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

    public async Task<bool> HasPendingEvents(DbConnection db) =>
        await db.QueryFirstOrDefaultAsync<int?>("SELECT 1 FROM usage_events LIMIT 1") is not null;

    /// <summary>Moves at most so many events into the sums; how many there were. Each event counts once, whatever breaks.</summary>
    public async Task<int> AggregateEvents(DbConnection db, int most)
    {
        var events = (
            await db.QueryAsync<UsageCount>(
                $"""
                DELETE FROM usage_events WHERE (app_id, id) IN (
                  SELECT app_id, id FROM usage_events ORDER BY app_id, id LIMIT @most {dialect.ForUpdateSkipLocked})
                RETURNING app_id, day, kind, 1 AS count
                """,
                new { most }
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
        ); // in one order on all nodes, so that none waits in a circle
        return events.Count;
    }

    /// <summary>The sums since a day.</summary>
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
