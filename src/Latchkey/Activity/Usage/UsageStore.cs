using System.Data.Common;
using Dapper;
using Latchkey.Activity.Metering;
using Latchkey.Data;

namespace Latchkey.Activity.Usage;

/// <summary>
/// The tables usage_events, usage_hours and usage_days. Each event inserts a row in its own transaction, so that logins do not contend for
/// a counter row and a crash loses no event. <see cref="AggregateEvents"/> turns events into sums.
/// </summary>
public sealed class UsageStore(Dialect dialect, MeteringStore metering)
{
    /// <summary>Two years and the current month.</summary>
    public const int RetentionDays = 366 + 365 + 31;

    /// <summary>How long the sums of hours are kept.</summary>
    public static readonly TimeSpan HoursRetention = TimeSpan.FromDays(14);

    /// <summary>Counts one event of each kind. Runs in the transaction of what is counted.</summary>
    public Task Count(DbConnection db, string appId, long now, params IReadOnlyList<string> kinds)
    {
        var day = UsageDay.Of(now);
        // Kinds are constants of this program, so they are safe in SQL
        var values = kinds.Select(kind =>
            kind switch
            {
                UsageKind.ActiveMonth => $"(@appId, @month, NULL, '{kind}')",
                UsageKind.ActiveWeek => $"(@appId, @week, NULL, '{kind}')",
                UsageKind.Active => $"(@appId, @day, NULL, '{kind}')",
                _ => $"(@appId, @day, @hour, '{kind}')",
            }
        );
        return db.ExecuteDeferred(
            $"INSERT INTO usage_events (app_id, day, hour, kind) VALUES {string.Join(", ", values)}",
            new
            {
                appId,
                day,
                hour = UsageTime.HourOf(now),
                week = UsageDay.FirstOfWeek(day),
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
    /// Moves up to <paramref name="limit"/> events into the sums. Returns how many. Each event is counted exactly once.
    /// </summary>
    public async Task<int> AggregateEvents(DbConnection db, int limit)
    {
        var events = (
            await db.QueryAsync<UsageCount>(
                $"""
                DELETE FROM usage_events WHERE (app_id, id) IN (
                  SELECT app_id, id FROM usage_events ORDER BY app_id, id LIMIT @limit {dialect.ForUpdateSkipLocked})
                RETURNING app_id, day, hour, kind, 1 AS count
                """,
                new { limit }
            )
        ).AsList();
        // The same order on all nodes prevents deadlocks
        await db.ExecuteAsync(AddTo("usage_days", "day", "@Day"), Sums(events, one => one.Day));
        await db.ExecuteAsync(AddTo("usage_hours", "hour", "@Hour"), Sums(events.Where(one => one.Hour is not null), one => one.Hour ?? 0));
        return events.Count;
    }

    /// <summary>The daily sums since a day.</summary>
    public async Task<IReadOnlyList<UsageCount>> DaysSince(DbConnection db, string appId, int day) =>
        [
            .. await db.QueryAsync<UsageCount>(
                "SELECT app_id, day, kind, count FROM usage_days WHERE app_id = @appId AND day >= @day",
                new { appId, day }
            ),
        ];

    /// <summary>The hourly sums since an hour, without active users.</summary>
    public async Task<IReadOnlyList<UsageCount>> HoursSince(DbConnection db, string appId, int hour) =>
        [
            .. await db.QueryAsync<UsageCount>(
                "SELECT app_id, hour, kind, count FROM usage_hours WHERE app_id = @appId AND hour >= @hour",
                new { appId, hour }
            ),
        ];

    public Task<int> RemoveDaysBefore(DbConnection db, int day) => db.ExecuteAsync("DELETE FROM usage_days WHERE day < @day", new { day });

    /// <summary>Deletes up to <paramref name="limit"/> sums of hours before one. Returns how many.</summary>
    public Task<int> RemoveHoursBefore(DbConnection db, int hour, int limit) =>
        db.ExecuteAsync(
            "DELETE FROM usage_hours WHERE (app_id, hour, kind) IN (SELECT old.app_id, old.hour, old.kind FROM applications a "
                + "CROSS JOIN usage_hours old WHERE old.app_id = a.id AND old.hour < @hour LIMIT @limit)",
            new { hour, limit }
        );

    private static string AddTo(string table, string column, string value) =>
        $"""
            INSERT INTO {table} (app_id, {column}, kind, count)
            SELECT @AppId, {value}, @Kind, @Count WHERE EXISTS (SELECT 1 FROM applications WHERE id = @AppId)
            ON CONFLICT (app_id, {column}, kind) DO UPDATE SET count = {table}.count + excluded.count
            """;

    private static IEnumerable<UsageCount> Sums(IEnumerable<UsageCount> events, Func<UsageCount, int> time) =>
        events
            .GroupBy(one => (one.AppId, Time: time(one), one.Kind))
            .OrderBy(group => group.Key)
            .Select(group => group.First() with { Count = group.Count() });
}
