using System.Data.Common;
using Dapper;

namespace Latchkey.Accounts;

/// <summary>The tables portal_sessions and portal_logins (logins that wait for the second factor).</summary>
public sealed class PortalSessionStore
{
    private const string Columns =
        "s.token_hash, s.id, s.developer_id, s.client, s.browser, s.created_at, s.seen_at, s.expires_at, s.proved_at";

    public async Task Insert(DbConnection db, PortalSession session)
    {
        await db.ExecuteAsync(
            """
            INSERT INTO portal_sessions (token_hash, id, developer_id, client, browser, created_at, seen_at, expires_at, proved_at)
            VALUES (@TokenHash, @Id, @DeveloperId, @Client, @Browser, @CreatedAt, @SeenAt, @ExpiresAt, @ProvedAt)
            """,
            session
        );
        await db.ExecuteAsync("UPDATE developers SET last_login_at = @CreatedAt, failed_codes = 0 WHERE id = @DeveloperId", session);
    }

    /// <summary>Ends a developer's oldest sessions beyond <paramref name="kept"/>. The caller has locked the developer's row.</summary>
    public Task EndSurplus(DbConnection db, string developerId, int kept) =>
        db.ExecuteAsync(
            """
            DELETE FROM portal_sessions WHERE developer_id = @developerId AND (created_at, id) <= (
              SELECT created_at, id FROM portal_sessions WHERE developer_id = @developerId
              ORDER BY created_at DESC, id DESC LIMIT 1 OFFSET @kept)
            """,
            new { developerId, kept }
        );

    /// <summary>The session and its developer; null when it has ended or timed out, or the account is not active.</summary>
    public async Task<(PortalSession Session, Developer Developer)?> Find(DbConnection db, string tokenHash, long now, long idleSince)
    {
        var found = await db.QueryAsync<PortalSession, Developer, (PortalSession, Developer)>(
            $"""
            SELECT {Columns}, {DeveloperStore.Columns}
            FROM portal_sessions s JOIN developers d ON d.id = s.developer_id AND d.status = 'active'
            WHERE s.token_hash = @tokenHash AND s.expires_at > @now AND s.seen_at > @idleSince
            """,
            (session, developer) => (session, developer),
            new
            {
                tokenHash,
                now,
                idleSince,
            },
            splitOn: "id"
        );
        return found.Select(pair => ((PortalSession, Developer)?)pair).FirstOrDefault();
    }

    /// <summary>A developer's active sessions, most recently used first.</summary>
    public async Task<IReadOnlyList<PortalSession>> ListByDeveloper(DbConnection db, string developerId, long now, long idleSince) =>
        [
            .. await db.QueryAsync<PortalSession>(
                $"SELECT {Columns} FROM portal_sessions s WHERE s.developer_id = @developerId AND s.expires_at > @now AND "
                    + "s.seen_at > @idleSince ORDER BY s.seen_at DESC, s.id DESC",
                new
                {
                    developerId,
                    now,
                    idleSince,
                }
            ),
        ];

    public Task Touch(DbConnection db, string tokenHash, long now) =>
        db.ExecuteAsync("UPDATE portal_sessions SET seen_at = @now WHERE token_hash = @tokenHash", new { tokenHash, now });

    /// <summary>Whether the session has not been ended. Call it with the developer's row locked.</summary>
    public async Task<bool> Exists(DbConnection db, string tokenHash) =>
        await db.QuerySingleOrDefaultAsync<int?>("SELECT 1 FROM portal_sessions WHERE token_hash = @tokenHash", new { tokenHash })
            is not null;

    /// <summary>
    /// Gives the session a new token after a proof, and clears the developer's count of wrong codes. False when the session has ended, or
    /// has another token by now.
    /// </summary>
    public async Task<bool> TryRenew(DbConnection db, PortalSession session, string newTokenHash, long now)
    {
        var isRenewed =
            await db.ExecuteAsync(
                "UPDATE portal_sessions SET token_hash = @newTokenHash, proved_at = @now WHERE token_hash = @TokenHash",
                new
                {
                    session.TokenHash,
                    newTokenHash,
                    now,
                }
            ) == 1;
        if (isRenewed)
        {
            await db.ExecuteAsync("UPDATE developers SET failed_codes = 0 WHERE id = @DeveloperId", new { session.DeveloperId });
        }

        return isRenewed;
    }

    public Task End(DbConnection db, string tokenHash) =>
        db.ExecuteAsync("DELETE FROM portal_sessions WHERE token_hash = @tokenHash", new { tokenHash });

    public Task EndById(DbConnection db, string developerId, string id) =>
        db.ExecuteAsync("DELETE FROM portal_sessions WHERE developer_id = @developerId AND id = @id", new { developerId, id });

    /// <summary>Ends a developer's sessions except one, and all pending logins.</summary>
    /// <param name="db">The connection.</param>
    /// <param name="developerId">The developer's id.</param>
    /// <param name="keptId">The session to keep; empty for none.</param>
    public async Task EndAll(DbConnection db, string developerId, string keptId = "")
    {
        await db.ExecuteAsync(
            "DELETE FROM portal_sessions WHERE developer_id = @developerId AND id <> @keptId",
            new { developerId, keptId }
        );
        await EndPendingLogins(db, developerId);
    }

    /// <summary>Deletes logins that wait for the second factor.</summary>
    public Task EndPendingLogins(DbConnection db, string developerId) =>
        db.ExecuteAsync("DELETE FROM portal_logins WHERE developer_id = @developerId", new { developerId });

    public Task InsertPendingLogin(DbConnection db, string tokenHash, string developerId, long expiresAt) =>
        db.ExecuteAsync(
            "INSERT INTO portal_logins (token_hash, developer_id, tries, expires_at) VALUES (@tokenHash, @developerId, 0, @expiresAt)",
            new
            {
                tokenHash,
                developerId,
                expiresAt,
            }
        );

    /// <summary>Whose login it is; null when it is used, expired or has no attempts left.</summary>
    public Task<string?> FindPendingLogin(DbConnection db, string tokenHash, int maxAttempts, long now) =>
        db.QuerySingleOrDefaultAsync<string?>(
            "SELECT developer_id FROM portal_logins WHERE token_hash = @tokenHash AND tries < @maxAttempts AND expires_at > @now",
            new
            {
                tokenHash,
                maxAttempts,
                now,
            }
        );

    /// <summary>Counts an attempt and returns the developer's id; null when the login is used, expired or has no attempts left.</summary>
    public Task<string?> CountLoginAttempt(DbConnection db, string tokenHash, int maxAttempts, long now) =>
        db.QuerySingleOrDefaultAsync<string>(
            "UPDATE portal_logins SET tries = tries + 1 WHERE token_hash = @tokenHash AND tries < @maxAttempts AND expires_at > "
                + "@now RETURNING developer_id",
            new
            {
                tokenHash,
                maxAttempts,
                now,
            }
        );

    /// <summary>Consumes the pending login; true once.</summary>
    public async Task<bool> TryConsumeLogin(DbConnection db, string tokenHash) =>
        await db.ExecuteAsync("DELETE FROM portal_logins WHERE token_hash = @tokenHash", new { tokenHash }) == 1;

    public async Task RemoveExpired(DbConnection db, long now)
    {
        await db.ExecuteAsync("DELETE FROM portal_sessions WHERE expires_at < @now", new { now });
        await db.ExecuteAsync("DELETE FROM portal_logins WHERE expires_at < @now", new { now });
    }
}
