using System.Data.Common;
using Dapper;

namespace Latchkey.Operations.Erasure;

/// <summary>Numbers of an application's rows over the tables of several features.</summary>
public sealed class ApplicationCountStore
{
    /// <summary>
    /// Counts no further than this: the reader learns that there are more, and the largest application is as quick as a small one.
    /// </summary>
    public const int MaxCount = 10_000;

    public async Task<ApplicationCounts> CountUpToMax(DbConnection db, string appId) =>
        new(
            await CountUpToMax(db, "users", appId),
            await CountUpToMax(db, "signups", appId),
            await CountUpToMax(db, "invitations", appId),
            await CountUpToMax(db, "members", appId)
        );

    public Task<long> CountUsersUpToMax(DbConnection db, string appId) => CountUpToMax(db, "users", appId);

    /// <summary>All rows that are deleted one by one when the application is.</summary>
    public Task<long> CountAll(DbConnection db, string appId) =>
        db.QuerySingleAsync<long>(
            """
            SELECT (SELECT COUNT(*) FROM users WHERE app_id = @appId) + (SELECT COUNT(*) FROM signups WHERE app_id = @appId)
              + (SELECT COUNT(*) FROM invitations WHERE app_id = @appId) + (SELECT COUNT(*) FROM messages WHERE app_id = @appId)
              + (SELECT COUNT(*) FROM audit WHERE app_id = @appId)
            """,
            new { appId },
            commandTimeout: 0
        ); // millions are counted for as long as it takes

    private static Task<long> CountUpToMax(DbConnection db, string table, string appId) =>
        db.QuerySingleAsync<long>(
            $"SELECT COUNT(*) FROM (SELECT 1 FROM {table} WHERE app_id = @appId LIMIT {MaxCount + 1}) AS first_rows",
            new { appId }
        );
}
