using System.Data.Common;
using Dapper;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Users.Sessions;

namespace Latchkey.Provider;

/// <summary>
/// The table used_tokens: what works once and was used (client assertions, DPoP proofs, pushed requests), and access tokens that were
/// revoked. The ids are hashed with what they are, so that kinds do not meet.
/// </summary>
public sealed class UsedTokenStore
{
    /// <summary>Kinds of ids.</summary>
    public const string Assertion = "assertion";
    public const string DpopProof = "dpop";
    public const string PushedRequest = "request";
    public const string RevokedToken = "revoked";

    /// <summary>The stored form of an id.</summary>
    /// <param name="kind">One of the kinds of this class.</param>
    /// <param name="owner">Whose it is: the client's id, or the thumbprint of a key.</param>
    /// <param name="id">The token's own id.</param>
    public static string KeyOf(string kind, string owner, string id) => Secrets.Hash($"{kind}\n{owner}\n{id}");

    /// <summary>Uses it up; false when it was used before, on any node.</summary>
    public async Task<bool> TryUse(DbConnection db, string appId, string key, long expiresAt) =>
        await db.ExecuteAsync(
            "INSERT INTO used_tokens (app_id, id, expires_at) VALUES (@appId, @key, @expiresAt) ON CONFLICT DO NOTHING",
            new
            {
                appId,
                key,
                expiresAt,
            }
        ) == 1;

    /// <summary>Whether the client of an access token without a user is still there, and the token was not revoked.</summary>
    /// <param name="key">The <see cref="KeyOf"/> the token, as a revoked one.</param>
    public async Task<bool> IsLive(DbConnection db, string appId, string clientId, string key) =>
        await db.QuerySingleOrDefaultAsync<int?>(
            """
            SELECT 1 FROM clients c WHERE c.app_id = @appId AND c.id = @clientId
              AND NOT EXISTS (SELECT 1 FROM used_tokens r WHERE r.app_id = c.app_id AND r.id = @key)
            """,
            new
            {
                appId,
                clientId,
                key,
            }
        )
            is not null;

    /// <summary>
    /// The grant of an access token with its session and user; null without a grant, if the token was revoked, or if its client is gone.
    /// </summary>
    /// <param name="clientId">The token's client; after an exchange it is another than the grant's.</param>
    /// <param name="key">The <see cref="KeyOf"/> the token, as a revoked one.</param>
    public Task<GrantedSession?> FindGrantOf(DbConnection db, string appId, string grantId, string clientId, string key) =>
        db.QueryRow(
            $"""
            {SessionGrantStore.Select}
            WHERE g.app_id = $1 AND g.id = $2 AND NOT EXISTS (SELECT 1 FROM used_tokens r WHERE r.app_id = g.app_id AND r.id = $3)
              AND EXISTS (SELECT 1 FROM clients c WHERE c.app_id = g.app_id AND c.id = $4)
            """,
            SessionGrantStore.Read,
            appId,
            grantId,
            key,
            clientId
        );

    /// <summary>Deletes up to <paramref name="limit"/> whose tokens have expired. Returns how many.</summary>
    public Task<int> RemoveExpired(DbConnection db, long now, int limit) =>
        db.ExecuteAsync(
            "DELETE FROM used_tokens WHERE (app_id, id) IN (SELECT app_id, id FROM used_tokens WHERE expires_at < @now LIMIT @limit)",
            new { now, limit }
        );
}
