using System.Data.Common;
using Dapper;
using Latchkey.Core;

namespace Latchkey.Users.LoginCodes;

/// <summary>The table login_codes.</summary>
public sealed class LoginCodeStore
{
    private const string Columns =
        "id, app_id, handle, user_id, request_hash, code_hash, link_hash, network, client, user_agent, locale, metadata, "
        + "upgrades_user_id, tries, created_at, expires_at, used_at";

    private const string Live = "used_at IS NULL AND expires_at > @now AND tries < @maxTries";

    public Task Insert(DbConnection db, LoginCode code) =>
        db.ExecuteAsync(
            """
            INSERT INTO login_codes (id, app_id, handle, handle_key, user_id, request_hash, code_hash, link_hash, network, client,
              user_agent, locale, metadata, upgrades_user_id, tries, created_at, expires_at)
            VALUES (@Id, @AppId, @Handle, @HandleKey, @UserId, @RequestHash, @CodeHash, @LinkHash, @Network, @Client,
              @UserAgent, @Locale, @Metadata, @UpgradesUserId, 0, @CreatedAt, @ExpiresAt)
            """,
            code
        );

    public Task<LoginCode?> Find(DbConnection db, string appId, string id) =>
        db.QuerySingleOrDefaultAsync<LoginCode>($"SELECT {Columns} FROM login_codes WHERE app_id = @appId AND id = @id", new { appId, id });

    /// <summary>Finds a request that can still be completed by the link that was sent for it.</summary>
    public Task<LoginCode?> FindByLink(DbConnection db, string appId, string handle, string linkHash, int maxTries, long now) =>
        db.QuerySingleOrDefaultAsync<LoginCode>(
            $"SELECT {Columns} FROM login_codes WHERE app_id = @appId AND handle_key = @handleKey AND link_hash = @linkHash AND {Live}",
            new
            {
                appId,
                handleKey = Handle.KeyOf(handle),
                linkHash,
                maxTries,
                now,
            }
        );

    /// <summary>
    /// Counts an attempt at a request before it is verified; null when the handle has no such request, or it is used, expired or has no
    /// attempts left.
    /// </summary>
    public Task<LoginCode?> TryAcquireAttempt(DbConnection db, string appId, string handle, string requestHash, int maxTries, long now) =>
        db.QuerySingleOrDefaultAsync<LoginCode>(
            $"UPDATE login_codes SET tries = tries + 1 WHERE app_id = @appId AND handle_key = @handleKey AND request_hash = @requestHash "
                + $"AND {Live} RETURNING {Columns}",
            new
            {
                appId,
                handleKey = Handle.KeyOf(handle),
                requestHash,
                maxTries,
                now,
            }
        );

    /// <summary>Stores what was sent, and to whom.</summary>
    public Task SetSent(DbConnection db, LoginCode code) =>
        db.ExecuteAsync(
            "UPDATE login_codes SET user_id = @UserId, code_hash = @CodeHash, link_hash = @LinkHash WHERE app_id = @AppId AND id = @Id",
            code
        );

    /// <summary>Marks the request as used; true for one caller only.</summary>
    public async Task<bool> MarkUsed(DbConnection db, string appId, string id, long now) =>
        await db.ExecuteAsync(
            "UPDATE login_codes SET used_at = @now WHERE app_id = @appId AND id = @id AND used_at IS NULL AND expires_at > @now",
            new
            {
                appId,
                id,
                now,
            }
        ) == 1;

    /// <summary>Ends all requests whose code was sent to the user.</summary>
    public Task EndAll(DbConnection db, string appId, string userId, long now) =>
        db.ExecuteAsync(
            "UPDATE login_codes SET used_at = @now WHERE app_id = @appId AND user_id = @userId AND used_at IS NULL",
            new
            {
                appId,
                userId,
                now,
            }
        );

    public Task DeleteByHandle(DbConnection db, string appId, string handle) =>
        db.ExecuteAsync(
            "DELETE FROM login_codes WHERE app_id = @appId AND handle_key = @handleKey",
            new { appId, handleKey = Handle.KeyOf(handle) }
        );

    /// <summary>Deletes up to <paramref name="limit"/> rows of one application, oldest first. Returns how many.</summary>
    public Task<int> RemoveBatch(DbConnection db, string appId, int limit) =>
        db.ExecuteAsync(
            "DELETE FROM login_codes WHERE app_id = @appId AND id IN (SELECT id FROM login_codes WHERE app_id = @appId "
                + "ORDER BY created_at, id LIMIT @limit)",
            new { appId, limit }
        );

    /// <summary>Deletes up to <paramref name="limit"/> expired rows. Returns how many.</summary>
    public Task<int> RemoveExpired(DbConnection db, long before, int limit) =>
        db.ExecuteAsync(
            "DELETE FROM login_codes WHERE (app_id, id) IN (SELECT app_id, id FROM login_codes WHERE expires_at < @before LIMIT @limit)",
            new { before, limit }
        );
}
