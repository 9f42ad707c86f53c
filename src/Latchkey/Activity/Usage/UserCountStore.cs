using System.Data.Common;
using System.Globalization;
using Dapper;
using Latchkey.Data;

namespace Latchkey.Activity.Usage;

/// <summary>The table user_counts, and the time of its next update.</summary>
public sealed class UserCountStore(Dialect dialect)
{
    /// <summary>The name of the time of the last count in the table installation.</summary>
    public const string At = "user_counts_at";

    private const string Due = "user_counts_due";
    private const int CommandTimeoutSeconds = 600;

    /// <summary>Counts the users of each application, up to <paramref name="limit"/>.</summary>
    public async Task<IReadOnlyDictionary<string, long>> CountUpTo(DbConnection db, IReadOnlyCollection<string> appIds, int limit)
    {
        var counts = await db.QueryAsync<UserCount>(
            "SELECT a.id AS app_id, (SELECT COUNT(*) FROM (SELECT 1 FROM users u WHERE u.app_id = a.id LIMIT @limit) counted) AS users "
                + $"FROM applications a WHERE a.id {dialect.InArray("ids")}",
            new { ids = appIds.ToArray(), limit }
        );
        return counts.ToDictionary(count => count.AppId, count => count.Users, StringComparer.Ordinal);
    }

    public Task<long> FindStored(DbConnection db, string appId) =>
        db.QuerySingleOrDefaultAsync<long>("SELECT users FROM user_counts WHERE app_id = @appId", new { appId });

    public async Task<IReadOnlyList<UserCount>> AllStored(DbConnection db) =>
        [.. await db.QueryAsync<UserCount>("SELECT app_id, users, anonymous FROM user_counts")];

    /// <summary>Counts the users of all applications; takes seconds for millions.</summary>
    public async Task<IReadOnlyList<UserCount>> CountAll(DbConnection db) =>
        [
            .. await db.QueryAsync<UserCount>(
                "SELECT app_id, COUNT(*) AS users, COUNT(*) FILTER (WHERE anonymous) AS anonymous FROM users GROUP BY app_id",
                commandTimeout: CommandTimeoutSeconds
            ),
        ];

    public async Task Save(DbConnection db, IEnumerable<UserCount> counts, long now)
    {
        await db.ExecuteAsync(
            """
            INSERT INTO user_counts (app_id, users, anonymous)
            SELECT @AppId, @Users, @Anonymous WHERE EXISTS (SELECT 1 FROM applications WHERE id = @AppId)
            ON CONFLICT (app_id) DO UPDATE SET users = excluded.users, anonymous = excluded.anonymous
            """,
            counts
        );
        await WriteTime(db, At, now);
    }

    /// <summary>When users were last counted, in unix milliseconds.</summary>
    public async Task<long?> CountedAt(DbConnection db) => await ReadTime(db, At);

    /// <summary>When users are to be counted next, in unix milliseconds.</summary>
    public async Task<long> DueAt(DbConnection db) => await ReadTime(db, Due) ?? 0;

    /// <summary>Leases the counting until a time; false when another node has leased it.</summary>
    public Task<bool> TryLease(DbConnection db, long now, long until) => InstallationLease.TryTake(db, Due, now, until);

    public Task Postpone(DbConnection db, long until) => WriteTime(db, Due, until);

    private static Task WriteTime(DbConnection db, string name, long at) =>
        db.ExecuteAsync(
            "INSERT INTO installation (name, value) VALUES (@name, @value) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            new { name, value = at.ToString(CultureInfo.InvariantCulture) }
        );

    private static Task<long?> ReadTime(DbConnection db, string name) =>
        db.QuerySingleOrDefaultAsync<long?>("SELECT CAST(value AS BIGINT) FROM installation WHERE name = @name", new { name });
}
