using System.Data.Common;
using Dapper;
using Latchkey.Users;

namespace Latchkey.Sessions;

/// <summary>What an access token stands for; ended by logout, suspension, reset and deletion at once.</summary>
public sealed record Session
{
    public string Id { get; init; } = "";

    public string AppId { get; init; } = "";

    public string UserId { get; init; } = "";

    /// <summary>The client's address when it was opened.</summary>
    public string Client { get; init; } = "";

    public long CreatedAt { get; init; }

    public long ExpiresAt { get; init; }

    public long? EndedAt { get; init; }
}

/// <summary>A user together with the session it came by.</summary>
public sealed record SessionUser(User User, Session Session);

/// <summary>The table sessions.</summary>
public sealed class SessionStore
{
    public Task Insert(DbConnection db, Session session) =>
        db.ExecuteAsync(
            "INSERT INTO sessions (id, app_id, user_id, client, created_at, expires_at) VALUES (@Id, @AppId, @UserId, @Client, @CreatedAt, @ExpiresAt)",
            session);

    /// <summary>The session and its user in one round trip, ended or not; null when either is gone.</summary>
    public async Task<SessionUser?> Find(DbConnection db, string appId, string sessionId) =>
        (await db.QueryAsync<User, Session, SessionUser>(
            $"""
            SELECT {UserStore.Columns}, s.id, s.app_id, s.user_id, s.client, s.created_at, s.expires_at, s.ended_at
            FROM sessions s JOIN users u ON u.id = s.user_id AND u.app_id = s.app_id
            WHERE s.id = @sessionId AND s.app_id = @appId
            """,
            (user, session) => new SessionUser(user, session),
            new { sessionId, appId })).SingleOrDefault();

    public Task End(DbConnection db, string appId, string sessionId, long now) =>
        db.ExecuteAsync("UPDATE sessions SET ended_at = @now WHERE id = @sessionId AND app_id = @appId AND ended_at IS NULL", new { sessionId, appId, now });

    /// <summary>Ends all sessions of a user, but for the one named.</summary>
    public Task EndAll(DbConnection db, string appId, string userId, long now, string except = "") =>
        db.ExecuteAsync(
            "UPDATE sessions SET ended_at = @now WHERE user_id = @userId AND app_id = @appId AND id <> @except AND ended_at IS NULL",
            new { userId, appId, except, now });

    /// <summary>Removes what no token can name any more.</summary>
    public Task<int> RemoveExpired(DbConnection db, long before) => db.ExecuteAsync("DELETE FROM sessions WHERE expires_at < @before", new { before });
}
