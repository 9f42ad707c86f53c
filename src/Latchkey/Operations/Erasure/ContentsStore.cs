using System.Data.Common;
using Dapper;

namespace Latchkey.Operations.Erasure;

/// <summary>Numbers of an application's rows over the tables of several features.</summary>
public sealed class ContentsStore
{
    /// <summary>Counts no further than this: the reader learns that there are more, and the largest application is as quick as a small one.</summary>
    public const int Most = 10_000;

    public async Task<Contents> UpToMost(DbConnection db, string appId) =>
        new(await UpToMost(db, "users", appId), await UpToMost(db, "signups", appId), await UpToMost(db, "invitations", appId), await UpToMost(db, "members", appId));

    public Task<long> UsersUpToMost(DbConnection db, string appId) => UpToMost(db, "users", appId);

    /// <summary>All rows that are deleted one by one when the application is.</summary>
    public Task<long> All(DbConnection db, string appId) =>
        db.QuerySingleAsync<long>(
            """
            SELECT (SELECT COUNT(*) FROM users WHERE app_id = @appId) + (SELECT COUNT(*) FROM signups WHERE app_id = @appId)
              + (SELECT COUNT(*) FROM invitations WHERE app_id = @appId) + (SELECT COUNT(*) FROM messages WHERE app_id = @appId)
              + (SELECT COUNT(*) FROM audit WHERE app_id = @appId)
            """,
            new { appId },
            commandTimeout: 0); // millions are counted for as long as it takes

    private static Task<long> UpToMost(DbConnection db, string table, string appId) =>
        db.QuerySingleAsync<long>($"SELECT COUNT(*) FROM (SELECT 1 FROM {table} WHERE app_id = @appId LIMIT {Most + 1}) AS first_rows", new { appId });
}

/// <summary>Numbers of rows, each exact up to <see cref="ContentsStore.Most"/>.</summary>
public sealed record Contents(long Users, long Signups, long Invitations, long Members);
