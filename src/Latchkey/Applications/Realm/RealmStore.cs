using System.Data.Common;
using Dapper;

namespace Latchkey.Applications.Realm;

/// <summary>The table realm_configurations.</summary>
public sealed class RealmStore
{
    public Task<RealmConfiguration?> Find(DbConnection db, string appId) =>
        db.QuerySingleOrDefaultAsync<RealmConfiguration>(
            "SELECT app_id, signing, secret_key, report, configured_by, configured_at FROM realm_configurations WHERE app_id = @appId",
            new { appId }
        );

    public Task Save(DbConnection db, RealmConfiguration configuration) =>
        db.ExecuteAsync(
            """
            INSERT INTO realm_configurations (app_id, signing, secret_key, report, configured_by, configured_at)
            SELECT id, @Signing, @SecretKey, @Report, @ConfiguredBy, @ConfiguredAt FROM applications WHERE id = @AppId
            ON CONFLICT (app_id) DO UPDATE SET
              signing = excluded.signing, secret_key = excluded.secret_key, report = excluded.report,
              configured_by = excluded.configured_by, configured_at = excluded.configured_at
            """,
            configuration
        );
}
