using System.Data.Common;
using Dapper;

namespace Latchkey.Storage;

/// <summary>The table storage_settings: one row for each application with a bucket.</summary>
public sealed class StorageSettingsStore
{
    public Task<StorageSettings?> Find(DbConnection db, string appId) =>
        db.QuerySingleOrDefaultAsync<StorageSettings>("SELECT * FROM storage_settings WHERE app_id = @appId", new { appId });

    /// <summary>The applications with a bucket, by id.</summary>
    public async Task<IReadOnlyList<string>> ListApplications(DbConnection db) =>
        [.. await db.QueryAsync<string>("SELECT app_id FROM storage_settings ORDER BY app_id")];

    public Task Save(DbConnection db, StorageSettings settings) =>
        db.ExecuteAsync(
            """
            INSERT INTO storage_settings (app_id, enabled, endpoint, region, bucket, key_id, secret_sealed, path_style, prefix, max_bytes,
              content_types, link_hours, user_quota, app_quota, updated_at)
            VALUES (@AppId, @Enabled, @Endpoint, @Region, @Bucket, @KeyId, @SecretSealed, @PathStyle, @Prefix, @MaxBytes, @ContentTypes,
              @LinkHours, @UserQuota, @AppQuota, @UpdatedAt)
            ON CONFLICT (app_id) DO UPDATE SET enabled = excluded.enabled, endpoint = excluded.endpoint, region = excluded.region,
              bucket = excluded.bucket, key_id = excluded.key_id, secret_sealed = excluded.secret_sealed,
              path_style = excluded.path_style, prefix = excluded.prefix, max_bytes = excluded.max_bytes,
              content_types = excluded.content_types, link_hours = excluded.link_hours, user_quota = excluded.user_quota,
              app_quota = excluded.app_quota, updated_at = excluded.updated_at
            """,
            settings
        );

    /// <summary>Removes the settings of an application that is deleted, unless objects are still to be removed with them.</summary>
    public Task RemoveUnused(DbConnection db, string appId) =>
        db.ExecuteAsync(
            """
            DELETE FROM storage_settings WHERE app_id = @appId
              AND NOT EXISTS (SELECT 1 FROM applications WHERE id = @appId)
              AND NOT EXISTS (SELECT 1 FROM storage_removals WHERE app_id = @appId)
            """,
            new { appId }
        );

    /// <summary>
    /// As <see cref="RemoveUnused(DbConnection, string)"/>, for all applications: a deletion and the last removal that run at the same
    /// time may each leave it to the other.
    /// </summary>
    public Task RemoveUnused(DbConnection db) =>
        db.ExecuteAsync(
            """
            DELETE FROM storage_settings
            WHERE NOT EXISTS (SELECT 1 FROM applications a WHERE a.id = storage_settings.app_id)
              AND NOT EXISTS (SELECT 1 FROM storage_removals r WHERE r.app_id = storage_settings.app_id)
            """
        );
}
