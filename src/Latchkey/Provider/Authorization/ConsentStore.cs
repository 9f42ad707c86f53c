using System.Data.Common;
using Dapper;
using Latchkey.Data;

namespace Latchkey.Provider.Authorization;

/// <summary>The table consents.</summary>
public sealed class ConsentStore
{
    private const string Columns = "app_id, user_id, client_id, scope, resources, created_at, updated_at";

    /// <summary>
    /// The rows, one or none, of the consent that a user gave to a client and that covers <c>@AllowedScope</c> and
    /// <c>@AllowedResources</c>. Nobody takes it back before the transaction ends.
    /// </summary>
    public static string Covering(Dialect dialect) =>
        $"""
            FROM consents k WHERE k.app_id = @AppId AND k.user_id = @UserId AND k.client_id = @Client
              AND {dialect.HasWords("k.scope", "AllowedScope")} AND {dialect.HasWords("k.resources", "AllowedResources")} {dialect.ForShare}
            """;

    public Task<Consent?> Find(DbConnection db, string appId, string userId, string clientId) =>
        db.QuerySingleOrDefaultAsync<Consent>(
            $"SELECT {Columns} FROM consents WHERE app_id = @appId AND user_id = @userId AND client_id = @clientId",
            new
            {
                appId,
                userId,
                clientId,
            }
        );

    /// <summary>The user's, the newest first.</summary>
    public async Task<IReadOnlyList<Consent>> List(DbConnection db, string appId, string userId) =>
        [
            .. await db.QueryAsync<Consent>(
                $"SELECT {Columns} FROM consents WHERE app_id = @appId AND user_id = @userId ORDER BY updated_at DESC, client_id",
                new { appId, userId }
            ),
        ];

    /// <summary>Adds the consent, or replaces what is stored of it.</summary>
    public Task Save(DbConnection db, Consent consent) =>
        db.ExecuteAsync(
            $"""
            INSERT INTO consents ({Columns}) VALUES (@AppId, @UserId, @ClientId, @Scope, @Resources, @CreatedAt, @UpdatedAt)
            ON CONFLICT (app_id, user_id, client_id) DO UPDATE SET scope = @Scope, resources = @Resources, updated_at = @UpdatedAt
            """,
            consent
        );

    /// <summary>Deletes up to <paramref name="limit"/> consents to a client that is deleted. Returns how many.</summary>
    public Task<int> RemoveOfClient(DbConnection db, string appId, string clientId, int limit) =>
        db.ExecuteAsync(
            """
            DELETE FROM consents WHERE app_id = @appId AND (user_id, client_id) IN (
              SELECT user_id, client_id FROM consents WHERE app_id = @appId AND client_id = @clientId LIMIT @limit)
            """,
            new
            {
                appId,
                clientId,
                limit,
            }
        );

    /// <summary>False when there is none.</summary>
    public async Task<bool> Delete(DbConnection db, string appId, string userId, string clientId) =>
        await db.ExecuteAsync(
            "DELETE FROM consents WHERE app_id = @appId AND user_id = @userId AND client_id = @clientId",
            new
            {
                appId,
                userId,
                clientId,
            }
        ) == 1;
}
