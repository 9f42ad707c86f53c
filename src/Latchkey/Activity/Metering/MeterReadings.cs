using System.Data.Common;
using Dapper;

namespace Latchkey.Activity.Metering;

/// <summary>Reads what <see cref="MeteringStore"/> has written.</summary>
public sealed class MeterReadings
{
    /// <summary>The states of an application that began before a time, oldest first.</summary>
    public async Task<IReadOnlyList<MeteredState>> States(DbConnection db, string appId, long before) =>
        [
            .. await db.QueryAsync<MeteredState>(
                "SELECT app_id, id, name, type, status, began_at FROM metered_states WHERE app_id = @appId AND began_at < @before "
                    + "ORDER BY began_at, id",
                new { appId, before }
            ),
        ];

    /// <summary>How often each kind was used in a range of time within a month (end exclusive).</summary>
    public async Task<IReadOnlyDictionary<string, long>> CountUses(
        DbConnection db,
        string appId,
        CalendarMonth month,
        long from,
        long to
    ) =>
        (
            await db.QueryAsync<(string Kind, long Count)>(
                "SELECT kind, COUNT(*) FROM metered_uses WHERE app_id = @appId AND month = @Number AND at >= @from AND at < @to "
                    + "GROUP BY kind",
                new
                {
                    appId,
                    month.Number,
                    from,
                    to,
                }
            )
        ).ToDictionary(use => use.Kind, use => use.Count, StringComparer.Ordinal);

    /// <summary>What an application stored, oldest first: the newest row before a time, and all rows until another (exclusive).</summary>
    public async Task<IReadOnlyList<StoredBytes>> Storage(DbConnection db, string appId, long from, long to) =>
        [
            .. await db.QueryAsync<StoredBytes>(
                """
                SELECT bytes, at FROM metered_storage WHERE app_id = @appId AND at < @to
                  AND at >= COALESCE((SELECT MAX(at) FROM metered_storage WHERE app_id = @appId AND at <= @from), 0)
                ORDER BY at, id
                """,
                new
                {
                    appId,
                    from,
                    to,
                }
            ),
        ];
}
