using System.Data.Common;
using Dapper;

namespace Latchkey.Provider.IdentityProviders.Flow;

/// <summary>The table provider_sign_ins.</summary>
public sealed class ProviderSignInStore
{
    private const string Row = "app_id = @appId AND id = @id AND browser = @browser";

    /// <summary>Adds a row, or replaces the one with the id.</summary>
    public Task Save(DbConnection db, string appId, string id, string browser, string contentSealed, long expiresAt) =>
        db.ExecuteAsync(
            """
            INSERT INTO provider_sign_ins (app_id, id, browser, content_sealed, expires_at)
            VALUES (@appId, @id, @browser, @contentSealed, @expiresAt)
            ON CONFLICT (app_id, id) DO UPDATE SET browser = @browser, content_sealed = @contentSealed, expires_at = @expiresAt
            """,
            new
            {
                appId,
                id,
                browser,
                contentSealed,
                expiresAt,
            }
        );

    /// <summary>The content of a live row; null for none.</summary>
    public Task<string?> Find(DbConnection db, string appId, string id, string browser, long now) =>
        db.QuerySingleOrDefaultAsync<string?>(
            $"SELECT content_sealed FROM provider_sign_ins WHERE {Row} AND expires_at > @now",
            new
            {
                appId,
                id,
                browser,
                now,
            }
        );

    /// <summary>As <see cref="Find"/>, and the row is gone: one caller gets it.</summary>
    public Task<string?> Take(DbConnection db, string appId, string id, string browser, long now) =>
        db.QuerySingleOrDefaultAsync<string?>(
            $"DELETE FROM provider_sign_ins WHERE {Row} AND expires_at > @now RETURNING content_sealed",
            new
            {
                appId,
                id,
                browser,
                now,
            }
        );

    /// <summary>Deletes up to <paramref name="limit"/> expired rows. Returns how many.</summary>
    public Task<int> RemoveExpired(DbConnection db, long now, int limit) =>
        db.ExecuteAsync(
            "DELETE FROM provider_sign_ins WHERE (app_id, id) IN (SELECT app_id, id FROM provider_sign_ins WHERE expires_at < @now "
                + "LIMIT @limit)",
            new { now, limit }
        );
}
