using System.Data.Common;
using Dapper;

namespace Latchkey.Users.Sessions;

/// <summary>The table remembered_devices.</summary>
public sealed class RememberedDeviceStore
{
    public Task Insert(DbConnection db, RememberedDevice device) =>
        db.ExecuteAsync(
            "INSERT INTO remembered_devices (app_id, id, user_id, token_hash, device_name, client, created_at, expires_at) "
                + "VALUES (@AppId, @Id, @UserId, @TokenHash, @DeviceName, @Client, @CreatedAt, @ExpiresAt)",
            device
        );

    /// <summary>The id of the device with this token that was remembered after a time and has not expired; null for none.</summary>
    public Task<string?> FindId(DbConnection db, string appId, string userId, string tokenHash, long since, long now) =>
        db.QuerySingleOrDefaultAsync<string?>(
            "SELECT id FROM remembered_devices WHERE app_id = @appId AND user_id = @userId AND token_hash = @tokenHash "
                + "AND created_at > @since AND expires_at > @now",
            new
            {
                appId,
                userId,
                tokenHash,
                since,
                now,
            }
        );

    public async Task<bool> Exists(DbConnection db, string appId, string userId, string id) =>
        await db.QuerySingleOrDefaultAsync<int?>(
            "SELECT 1 FROM remembered_devices WHERE app_id = @appId AND user_id = @userId AND id = @id",
            new
            {
                appId,
                userId,
                id,
            }
        )
            is not null;

    /// <summary>The user's devices that were remembered after a time and have not expired, newest first.</summary>
    public async Task<IReadOnlyList<RememberedDevice>> List(DbConnection db, string appId, string userId, long since, long now) =>
        [
            .. await db.QueryAsync<RememberedDevice>(
                "SELECT * FROM remembered_devices WHERE app_id = @appId AND user_id = @userId AND created_at > @since "
                    + "AND expires_at > @now ORDER BY created_at DESC, id DESC",
                new
                {
                    appId,
                    userId,
                    since,
                    now,
                }
            ),
        ];

    /// <summary>Deletes the user's oldest devices beyond <paramref name="kept"/>.</summary>
    public Task RemoveSurplus(DbConnection db, string appId, string userId, int kept) =>
        db.ExecuteAsync(
            """
            DELETE FROM remembered_devices WHERE app_id = @appId AND user_id = @userId AND (created_at, id) <= (
              SELECT created_at, id FROM remembered_devices WHERE app_id = @appId AND user_id = @userId
              ORDER BY created_at DESC, id DESC LIMIT 1 OFFSET @kept)
            """,
            new
            {
                appId,
                userId,
                kept,
            }
        );

    /// <summary>Forgets all devices of a user. Returns how many there were.</summary>
    public Task<int> RemoveAll(DbConnection db, string appId, string userId) =>
        db.ExecuteAsync("DELETE FROM remembered_devices WHERE app_id = @appId AND user_id = @userId", new { appId, userId });

    /// <summary>Deletes up to <paramref name="limit"/> expired devices. Returns how many.</summary>
    public Task<int> RemoveExpired(DbConnection db, long before, int limit) =>
        db.ExecuteAsync(
            "DELETE FROM remembered_devices WHERE (app_id, id) IN "
                + "(SELECT app_id, id FROM remembered_devices WHERE expires_at < @before LIMIT @limit)",
            new { before, limit }
        );
}
