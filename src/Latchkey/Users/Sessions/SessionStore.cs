using System.Data.Common;
using Dapper;
using Latchkey.Core;
using Latchkey.Data;

namespace Latchkey.Users.Sessions;

/// <summary>The table sessions.</summary>
public sealed class SessionStore
{
    private const string Select = $"SELECT {UserStore.Columns}, s.id, s.client, s.created_at, s.expires_at, s.ended_at";

    public Task Insert(DbConnection db, Session session) =>
        db.ExecuteDeferred(
            "INSERT INTO sessions (id, app_id, user_id, client, created_at, expires_at) VALUES (@Id, @AppId, @UserId, @Client, "
                + "@CreatedAt, @ExpiresAt)",
            session
        );

    /// <summary>
    /// Ends the user's oldest active sessions beyond <paramref name="kept"/>, and deletes ended ones beyond the same number. Call it with
    /// the user's row locked or inserted.
    /// </summary>
    public async Task EndSurplus(DbConnection db, string appId, string userId, int kept, long now)
    {
        const string ofUser = "app_id = @appId AND user_id = @userId";
        var parameters = new
        {
            appId,
            userId,
            kept,
            now,
        };
        await db.ExecuteDeferred(
            $"""
            UPDATE sessions SET ended_at = @now WHERE {ofUser} AND ended_at IS NULL AND (created_at, id) <= (
              SELECT created_at, id FROM sessions WHERE {ofUser} AND ended_at IS NULL AND expires_at > @now
              ORDER BY created_at DESC, id DESC LIMIT 1 OFFSET @kept)
            """,
            parameters
        );
        await db.ExecuteDeferred(
            $"""
            DELETE FROM sessions WHERE {ofUser} AND ended_at IS NOT NULL AND (created_at, id) <= (
              SELECT created_at, id FROM sessions WHERE {ofUser} AND ended_at IS NOT NULL
              ORDER BY created_at DESC, id DESC LIMIT 1 OFFSET @kept)
            """,
            parameters
        );
    }

    /// <summary>The session, ended or not, and its user in one query; null when either does not exist.</summary>
    public Task<SessionUser?> Find(DbConnection db, string appId, string sessionId) =>
        db.QueryRow(
            $"{Select} FROM sessions s JOIN users u ON u.app_id = s.app_id AND u.id = s.user_id WHERE s.app_id = $1 AND s.id = $2",
            Read,
            appId,
            sessionId
        );

    /// <summary>The session of an imported user: its id is <paramref name="mark"/> followed by the user's id.</summary>
    public Task<SessionUser?> FindImported(DbConnection db, string appId, string handle, string mark) =>
        db.QueryRow(
            $"""
            {Select} FROM users u JOIN sessions s ON s.app_id = u.app_id AND s.id = $3 || u.id AND s.user_id = u.id
            WHERE u.app_id = $1 AND u.handle_key = $2
            """,
            Read,
            appId,
            Handle.KeyOf(handle),
            mark
        );

    /// <summary>Sets the expiry of all open sessions with this mark.</summary>
    public Task SetImportedExpiry(DbConnection db, string appId, string mark, long expiresAt) =>
        db.ExecuteAsync(
            "UPDATE sessions SET expires_at = @expiresAt WHERE app_id = @appId AND id LIKE @pattern AND ended_at IS NULL",
            new
            {
                appId,
                expiresAt,
                pattern = $"{mark}%",
            }
        );

    /// <summary>The user's active sessions, newest first.</summary>
    public async Task<IReadOnlyList<Session>> ListActive(DbConnection db, string appId, string userId, long now, int limit) =>
        [
            .. await db.QueryAsync<Session>(
                """
                SELECT id, app_id, user_id, client, created_at, expires_at FROM sessions
                WHERE app_id = @appId AND user_id = @userId AND ended_at IS NULL AND expires_at > @now
                ORDER BY created_at DESC, id LIMIT @limit
                """,
                new
                {
                    userId,
                    appId,
                    now,
                    limit,
                }
            ),
        ];

    public Task End(DbConnection db, string appId, string sessionId, long now) =>
        db.ExecuteAsync(
            "UPDATE sessions SET ended_at = @now WHERE app_id = @appId AND id = @sessionId AND ended_at IS NULL",
            new
            {
                sessionId,
                appId,
                now,
            }
        );

    /// <summary>Ends all sessions of a user except the one with the id <paramref name="except"/>.</summary>
    public Task EndAll(DbConnection db, string appId, string userId, long now, string except = "") =>
        db.ExecuteAsync(
            "UPDATE sessions SET ended_at = @now WHERE app_id = @appId AND user_id = @userId AND id <> @except AND ended_at IS NULL",
            new
            {
                userId,
                appId,
                except,
                now,
            }
        );

    /// <summary>Deletes up to <paramref name="limit"/> sessions whose tokens have expired. Returns how many.</summary>
    public Task<int> RemoveExpired(DbConnection db, long before, int limit) =>
        db.ExecuteAsync(
            "DELETE FROM sessions WHERE (app_id, id) IN (SELECT app_id, id FROM sessions WHERE expires_at < @before LIMIT @limit)",
            new { before, limit }
        );

    private static SessionUser Read(IRow row)
    {
        const int first = UserStore.ColumnCount;
        var user = UserStore.Read(row);
        return new SessionUser(
            user,
            new Session
            {
                Id = row.GetString(first),
                AppId = user.AppId,
                UserId = user.Id,
                Client = row.GetString(first + 1),
                CreatedAt = row.GetInt64(first + 2),
                ExpiresAt = row.GetInt64(first + 3),
                EndedAt = row.GetInt64OrNull(first + 4),
            }
        );
    }
}
