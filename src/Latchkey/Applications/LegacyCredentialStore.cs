using System.Data.Common;
using Dapper;
using Latchkey.Data;

namespace Latchkey.Applications;

/// <summary>The tables imported_hashes and old_servers: credentials from other systems.</summary>
public sealed class LegacyCredentialStore(Dialect dialect)
{
    /// <summary>A hash of the slowest imported kind; null when none was imported.</summary>
    public Task<string?> SlowestHash(DbConnection db, string appId) =>
        db.QuerySingleOrDefaultAsync<string>("SELECT slowest FROM imported_hashes WHERE app_id = @appId", new { appId });

    public async Task SetSlowestHash(DbConnection db, string appId, string slowest)
    {
        await db.ExecuteAsync(
            "INSERT INTO imported_hashes (app_id, slowest) VALUES (@appId, @slowest) ON CONFLICT (app_id) DO UPDATE SET slowest "
                + "= excluded.slowest",
            new { appId, slowest }
        );
        await dialect.AnnounceChange(db, appId);
    }

    public Task<LegacyServerRow?> FindLegacyServer(DbConnection db, string appId) =>
        db.QuerySingleOrDefaultAsync<LegacyServerRow>(
            "SELECT app_id, app_token_hash, public_key, access_tokens_until, added_at FROM old_servers WHERE app_id = @appId",
            new { appId }
        );

    public async Task InsertLegacyServer(DbConnection db, LegacyServerRow row)
    {
        await db.ExecuteAsync(
            "INSERT INTO old_servers (app_id, app_token_hash, public_key, access_tokens_until, added_at) VALUES (@AppId, "
                + "@AppTokenHash, @PublicKey, @AccessTokensUntil, @AddedAt)",
            row
        );
        await dialect.AnnounceChange(db, row.AppId);
    }

    /// <summary>
    /// Sets the accepted key and the end of access tokens; a null key accepts nothing. False when the application has no old server.
    /// </summary>
    public async Task<bool> SetLegacyKey(DbConnection db, string appId, string? publicKey, long accessTokensUntil)
    {
        await dialect.AnnounceChange(db, appId);
        return await db.ExecuteAsync(
                "UPDATE old_servers SET public_key = @publicKey, access_tokens_until = @accessTokensUntil WHERE app_id = @appId",
                new
                {
                    appId,
                    publicKey,
                    accessTokensUntil,
                }
            ) == 1;
    }
}
