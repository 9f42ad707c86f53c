using System.Data.Common;
using Dapper;
using Latchkey.Data;

namespace Latchkey.Storage;

/// <summary>
/// The tables storage_usage (a row for each user) and storage_totals (a row for each application). They change in the transaction of the
/// file.
/// </summary>
public sealed class StorageUsageStore
{
    private const string Columns = "bytes, stored_bytes, files, pending";

    public async Task<StorageUsage> OfUser(DbConnection db, string appId, string userId) =>
        await db.QuerySingleOrDefaultAsync<StorageUsage>(
            $"SELECT {Columns} FROM storage_usage WHERE app_id = @appId AND user_id = @userId",
            new { appId, userId }
        ) ?? new StorageUsage();

    public async Task<StorageUsage> OfApplication(DbConnection db, string appId) =>
        await db.QuerySingleOrDefaultAsync<StorageUsage>($"SELECT {Columns} FROM storage_totals WHERE app_id = @appId", new { appId })
        ?? new StorageUsage();

    /// <summary>The bytes of an application's completed files. They stay as they are until the transaction ends.</summary>
    public Task<long> LockStoredBytes(DbConnection db, Dialect dialect, string appId) =>
        db.QuerySingleOrDefaultAsync<long>(
            $"SELECT stored_bytes FROM storage_totals WHERE app_id = @appId {dialect.ForUpdate}",
            new { appId }
        );

    /// <summary>Applications that store something else than metering knows.</summary>
    public async Task<IReadOnlyList<string>> ListUnmetered(DbConnection db) =>
        [
            .. await db.QueryAsync<string>(
                """
                SELECT t.app_id FROM storage_totals t WHERE t.stored_bytes <> COALESCE((SELECT m.bytes FROM metered_storage m
                  WHERE m.app_id = t.app_id ORDER BY m.at DESC, m.id DESC LIMIT 1), 0)
                ORDER BY t.app_id
                """
            ),
        ];

    /// <summary>
    /// The statement that counts a new file of a user and holds the row until the end of the transaction. It gives a number; none when a
    /// bound is reached, or the user is gone.
    /// </summary>
    /// <param name="asset">The file.</param>
    /// <param name="quota">The most bytes; 0 for no limit.</param>
    /// <param name="maxPending">The most files that wait for their upload.</param>
    public static (string Sql, object Parameters) AddToUser(Asset asset, long quota, int maxPending) =>
        (
            """
            INSERT INTO storage_usage (app_id, user_id, bytes, stored_bytes, files, pending)
            SELECT @AppId, @UserId, @Bytes, 0, 1, 1 FROM users WHERE app_id = @AppId AND id = @UserId AND (@quota = 0 OR @Bytes <= @quota)
            ON CONFLICT (app_id, user_id) DO UPDATE SET bytes = storage_usage.bytes + excluded.bytes, files = storage_usage.files + 1,
              pending = storage_usage.pending + 1
            WHERE (@quota = 0 OR storage_usage.bytes + excluded.bytes <= @quota) AND storage_usage.pending < @maxPending
            RETURNING 1
            """,
            new
            {
                asset.AppId,
                asset.UserId,
                asset.Bytes,
                quota,
                maxPending,
            }
        );

    /// <summary>As <see cref="AddToUser"/>, for the application.</summary>
    public static (string Sql, object Parameters) AddToApplication(Asset asset, long quota) =>
        (
            """
            INSERT INTO storage_totals (app_id, bytes, stored_bytes, files, pending)
            SELECT @AppId, @Bytes, 0, 1, 1 FROM applications WHERE id = @AppId AND (@quota = 0 OR @Bytes <= @quota)
            ON CONFLICT (app_id) DO UPDATE SET bytes = storage_totals.bytes + excluded.bytes, files = storage_totals.files + 1,
              pending = storage_totals.pending + 1
            WHERE @quota = 0 OR storage_totals.bytes + excluded.bytes <= @quota
            RETURNING 1
            """,
            new
            {
                asset.AppId,
                asset.Bytes,
                quota,
            }
        );

    /// <summary>Counts a file that was pending as stored.</summary>
    public async Task MarkStored(DbConnection db, Asset asset)
    {
        await db.ExecuteAsync(
            """
            UPDATE storage_usage SET stored_bytes = stored_bytes + @Bytes, pending = pending - 1
            WHERE app_id = @AppId AND user_id = @UserId
            """,
            asset
        );
        await db.ExecuteAsync(
            "UPDATE storage_totals SET stored_bytes = stored_bytes + @Bytes, pending = pending - 1 WHERE app_id = @AppId",
            asset
        );
    }
}
