using System.Data.Common;
using Dapper;

namespace Latchkey.Operations.Erasure;

/// <summary>Counts an application's rows in the tables of several features.</summary>
public sealed class ApplicationCountStore
{
    /// <summary>The highest number counted, so that the largest application takes no longer than a small one.</summary>
    public const int MaxCount = 10_000;

    public async Task<ApplicationCounts> CountUpToMax(DbConnection db, string appId) =>
        new(
            await CountUpToMax(db, "users", appId),
            await CountUpToMax(db, "signups", appId),
            await CountUpToMax(db, "invitations", appId),
            await CountUpToMax(db, "members", appId)
        );

    public Task<long> CountUsersUpToMax(DbConnection db, string appId) => CountUpToMax(db, "users", appId);

    /// <summary>The number of rows to delete with the application.</summary>
    public Task<long> CountAll(DbConnection db, string appId) =>
        db.QuerySingleAsync<long>(
            """
            SELECT (SELECT COUNT(*) FROM users WHERE app_id = @appId) + (SELECT COUNT(*) FROM signups WHERE app_id = @appId)
              + (SELECT COUNT(*) FROM invitations WHERE app_id = @appId) + (SELECT COUNT(*) FROM messages WHERE app_id = @appId)
              + (SELECT COUNT(*) FROM login_codes WHERE app_id = @appId) + (SELECT COUNT(*) FROM audit WHERE app_id = @appId)
              + (SELECT COUNT(*) FROM storage_assets WHERE app_id = @appId) + (SELECT COUNT(*) FROM clients WHERE app_id = @appId)
              + (SELECT COUNT(*) FROM device_codes WHERE app_id = @appId) + (SELECT COUNT(*) FROM used_tokens WHERE app_id = @appId)
              + (SELECT COUNT(*) FROM logout_notices WHERE app_id = @appId)
              + (SELECT COUNT(*) FROM identity_providers WHERE app_id = @appId)
              + (SELECT COUNT(*) FROM provider_sign_ins WHERE app_id = @appId)
            """,
            new { appId },
            commandTimeout: 0
        ); // no timeout: counting millions takes long

    private static Task<long> CountUpToMax(DbConnection db, string table, string appId) =>
        db.QuerySingleAsync<long>(
            $"SELECT COUNT(*) FROM (SELECT 1 FROM {table} WHERE app_id = @appId LIMIT {MaxCount + 1}) AS first_rows",
            new { appId }
        );
}
