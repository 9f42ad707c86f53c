using System.Data.Common;
using Dapper;
using Latchkey.Core.Metrics;

namespace Latchkey.Users.Sessions;

/// <summary>Ends sessions that belong to one grant alone (<see cref="SessionGrant.OwnsSession"/>).</summary>
public sealed class OwnedSessionStore
{
    /// <summary>How many sessions a client can have beside one session in a browser.</summary>
    public const int MaxBeside = 5;

    private const string OfGrants = "app_id = @appId AND sid_session_id IS NOT NULL";

    /// <summary>The session of a grant, if it is its own; false when there is none that was live.</summary>
    public async Task<bool> EndOfGrant(DbConnection db, string appId, string grantId, SessionEnd end) =>
        await EndWhere(
            db,
            $"id = (SELECT session_id FROM session_grants WHERE {OfGrants} AND id = @grantId)",
            new
            {
                appId,
                grantId,
                now = end.At,
                reason = end.ReasonName,
                client = end.Client,
            },
            end
        ) == 1;

    /// <summary>
    /// Those that a client had beside a session in a browser, but for the newest: tabs of one browser have a session each. Call it with the
    /// user's row locked, before another is opened.
    /// </summary>
    public Task EndBeside(DbConnection db, string appId, string browserSessionId, string clientId, SessionEnd end) =>
        EndWhere(
            db,
            $"""
            id IN (SELECT s.id FROM session_grants g JOIN sessions s ON s.app_id = g.app_id AND s.id = g.session_id
              WHERE g.app_id = @appId AND g.sid_session_id = @browserSessionId AND g.client = @clientId AND s.id <> @browserSessionId
                AND s.ended_at IS NULL
              ORDER BY s.created_at DESC, s.id DESC LIMIT {SignIn.MaxSessions} OFFSET @kept)
            """,
            new
            {
                appId,
                browserSessionId,
                clientId,
                kept = MaxBeside - 1,
                now = end.At,
                reason = end.ReasonName,
                client = end.Client,
            },
            end
        );

    /// <summary>All that a client has of a user.</summary>
    public Task EndOfUser(DbConnection db, string appId, string userId, string clientId, SessionEnd end) =>
        EndWhere(
            db,
            $"user_id = @userId AND id IN (SELECT session_id FROM session_grants WHERE {OfGrants} AND client = @clientId)",
            new
            {
                appId,
                userId,
                clientId,
                now = end.At,
                reason = end.ReasonName,
                client = end.Client,
            },
            end
        );

    /// <summary>Up to <paramref name="limit"/> of a client that is deleted. Returns how many.</summary>
    public Task<int> EndOfClient(DbConnection db, string appId, string clientId, SessionEnd end, int limit) =>
        EndWhere(
            db,
            """
            id IN (SELECT s.id FROM session_grants g JOIN sessions s ON s.app_id = g.app_id AND s.id = g.session_id
              WHERE g.app_id = @appId AND g.client = @clientId AND g.client <> '' AND g.sid_session_id IS NOT NULL AND s.ended_at IS NULL
              LIMIT @limit)
            """,
            new
            {
                appId,
                clientId,
                limit,
                now = end.At,
                reason = end.ReasonName,
                client = end.Client,
            },
            end
        );

    private static async Task<int> EndWhere(DbConnection db, string condition, object parameters, SessionEnd end)
    {
        var ended = await db.ExecuteAsync(
            $"UPDATE sessions SET {SessionStore.SetEnded} WHERE app_id = @appId AND ended_at IS NULL AND {condition}",
            parameters
        );
        LatchkeyMeter.RecordSessionsEnded(end.ReasonName, ended);
        return ended;
    }
}
