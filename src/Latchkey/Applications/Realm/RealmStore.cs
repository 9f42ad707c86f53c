using System.Data.Common;
using Dapper;

namespace Latchkey.Applications.Realm;

/// <summary>What the last run that came to its end did to an application's Realm application. No key that was typed is in it.</summary>
public sealed record RealmConfiguration
{
    public string AppId { get; init; } = "";

    /// <summary>A <see cref="RealmSigning"/>.</summary>
    public string Signing { get; init; } = RealmSigning.Secret;

    /// <summary>The secret that holds our public key, and which key: App Services does not tell what a secret holds. Empty when there is none.</summary>
    public string SecretKey { get; init; } = "";

    /// <summary>What was done, a line each; empty when every run so far has stopped before its end.</summary>
    public string Report { get; init; } = "";

    public string ConfiguredBy { get; init; } = "";

    public long ConfiguredAt { get; init; }
}

/// <summary>The table realm_configurations.</summary>
public sealed class RealmStore
{
    public Task<RealmConfiguration?> Find(DbConnection db, string appId) =>
        db.QuerySingleOrDefaultAsync<RealmConfiguration>("SELECT app_id, signing, secret_key, report, configured_by, configured_at FROM realm_configurations WHERE app_id = @appId", new { appId });

    public Task Save(DbConnection db, RealmConfiguration configuration) =>
        db.ExecuteAsync(
            """
            INSERT INTO realm_configurations (app_id, signing, secret_key, report, configured_by, configured_at)
            SELECT id, @Signing, @SecretKey, @Report, @ConfiguredBy, @ConfiguredAt FROM applications WHERE id = @AppId
            ON CONFLICT (app_id) DO UPDATE SET
              signing = excluded.signing, secret_key = excluded.secret_key, report = excluded.report, configured_by = excluded.configured_by, configured_at = excluded.configured_at
            """,
            configuration);
}
