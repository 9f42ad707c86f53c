using System.Data.Common;
using Dapper;
using Latchkey.Data;

namespace Latchkey.Storage;

/// <summary>
/// The table storage_assets. Every method takes the application, and those for users the user, so that nobody meets another's file. A
/// trigger queues the objects of deleted rows (<see cref="RemovalStore"/>) and counts them down (<see cref="StorageUsageStore"/>).
/// </summary>
public sealed class AssetStore(Dialect dialect)
{
    /// <summary>The statement that adds a file, and locks its user's row. It gives a number; none when the user is gone.</summary>
    public (string Sql, object Parameters) Insert(Asset asset) =>
        (
            $"""
            INSERT INTO storage_assets (app_id, id, user_id, path, content_type, size, cuts, bytes, folder, name, caption, extra,
              link_hours, upload_until, created_at)
            SELECT @AppId, @Id, @UserId, @Path, @ContentType, @Size, @Cuts, @Bytes, @Folder, @Name, @Caption, @Extra, @LinkHours,
              @UploadUntil, @CreatedAt FROM users WHERE app_id = @AppId AND id = @UserId {dialect.ForUpdate}
            RETURNING 1
            """,
            asset
        );

    public Task<Asset?> Find(DbConnection db, string appId, string userId, string id) =>
        db.QuerySingleOrDefaultAsync<Asset>(
            "SELECT * FROM storage_assets WHERE app_id = @appId AND user_id = @userId AND id = @id",
            new
            {
                appId,
                userId,
                id,
            }
        );

    /// <summary>A user's files, newest first, after the id <paramref name="before"/>; null for the newest.</summary>
    public async Task<IReadOnlyList<Asset>> List(DbConnection db, string appId, string userId, string? before, int limit) =>
        [
            .. await db.QueryAsync<Asset>(
                $"""
                SELECT * FROM storage_assets WHERE app_id = @appId AND user_id = @userId {(before is null ? "" : "AND id < @before")}
                ORDER BY id DESC LIMIT @limit
                """,
                new
                {
                    appId,
                    userId,
                    before,
                    limit,
                }
            ),
        ];

    /// <summary>An application's files by id, after the id <paramref name="after"/>; those not completed are left out.</summary>
    public async Task<IReadOnlyList<Asset>> ListCompleted(DbConnection db, string appId, string after, int limit) =>
        [
            .. await db.QueryAsync<Asset>(
                """
                SELECT * FROM storage_assets WHERE app_id = @appId AND id > @after AND completed_at IS NOT NULL ORDER BY id LIMIT @limit
                """,
                new
                {
                    appId,
                    after,
                    limit,
                }
            ),
        ];

    /// <summary>The files with these ids, completed or not.</summary>
    public async Task<IReadOnlyList<Asset>> ListByIds(DbConnection db, string appId, string[] ids) =>
        [
            .. await db.QueryAsync<Asset>(
                $"SELECT * FROM storage_assets WHERE app_id = @appId AND id {dialect.InArray("ids")}",
                new { appId, ids }
            ),
        ];

    /// <summary>Marks a file as completed; false when it was or is gone.</summary>
    public async Task<bool> Complete(DbConnection db, Asset asset, long now) =>
        await db.ExecuteAsync(
            """
            UPDATE storage_assets SET completed_at = @now
            WHERE app_id = @AppId AND user_id = @UserId AND id = @Id AND completed_at IS NULL
            """,
            new
            {
                asset.AppId,
                asset.UserId,
                asset.Id,
                now,
            }
        ) == 1;

    /// <summary>Deletes a file's row; false when it was gone.</summary>
    public async Task<bool> Delete(DbConnection db, string appId, string userId, string id) =>
        await db.ExecuteAsync(
            "DELETE FROM storage_assets WHERE app_id = @appId AND user_id = @userId AND id = @id",
            new
            {
                appId,
                userId,
                id,
            }
        ) == 1;

    /// <summary>Deletes a file that is not completed; false when it is, or is gone.</summary>
    public async Task<bool> DeletePending(DbConnection db, Asset asset) =>
        await db.ExecuteAsync(
            "DELETE FROM storage_assets WHERE app_id = @AppId AND user_id = @UserId AND id = @Id AND completed_at IS NULL",
            asset
        ) == 1;

    /// <summary>Deletes some of an application's rows. Returns how many.</summary>
    public Task<int> RemoveBatch(DbConnection db, string appId, int limit) =>
        db.ExecuteAsync(
            """
            DELETE FROM storage_assets WHERE app_id = @appId
              AND id IN (SELECT id FROM storage_assets WHERE app_id = @appId ORDER BY id LIMIT @limit)
            """,
            new { appId, limit }
        );

    /// <summary>
    /// Deletes files that were created before a time and never completed. One that is being completed or deleted is left to that.
    /// Returns how many.
    /// </summary>
    public Task<int> RemoveAbandoned(DbConnection db, long before, int limit) =>
        db.ExecuteAsync(
            $"""
            DELETE FROM storage_assets WHERE completed_at IS NULL AND (app_id, id) IN (
              SELECT app_id, id FROM storage_assets WHERE completed_at IS NULL AND created_at < @before
              ORDER BY created_at LIMIT @limit {dialect.ForUpdateSkipLocked})
            """,
            new { before, limit }
        );
}
