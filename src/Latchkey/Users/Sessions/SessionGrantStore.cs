using System.Data.Common;
using Latchkey.Data;

namespace Latchkey.Users.Sessions;

/// <summary>The table session_grants.</summary>
public sealed class SessionGrantStore
{
    public Task Insert(DbConnection db, SessionGrant grant) =>
        db.ExecuteDeferred(
            "INSERT INTO session_grants (app_id, id, session_id, client, secret_sealed, generation, rotations, created_at) "
                + "VALUES (@AppId, @Id, @SessionId, @Client, @SecretSealed, @Generation, @Rotations, @CreatedAt)",
            grant
        );

    /// <summary>The grant with its session and user, in one query; null when there is none.</summary>
    public Task<GrantedSession?> Find(DbConnection db, string appId, string grantId) =>
        db.QueryRow(
            $"""
            SELECT {UserStore.Columns}, {SessionStore.Columns}, g.id, g.client, g.secret_sealed, g.generation, g.rotations, g.created_at
            FROM session_grants g JOIN sessions s ON s.app_id = g.app_id AND s.id = g.session_id
              JOIN users u ON u.app_id = s.app_id AND u.id = s.user_id
            WHERE g.app_id = $1 AND g.id = $2
            """,
            Read,
            appId,
            grantId
        );

    /// <summary>
    /// Moves the grant on, if it still has this generation, its session is live and its user active; otherwise nothing changes. Runs with
    /// the commit.
    /// </summary>
    /// <param name="moved">Called if the grant moved.</param>
    public Task Rotate(DbConnection db, SessionGrant grant, long fromGeneration, Action moved) =>
        db.ExecuteDeferred(
            $"""
            UPDATE session_grants SET generation = @Generation, rotations = @Rotations
            WHERE app_id = @AppId AND id = @Id AND generation = @fromGeneration AND EXISTS (
              SELECT 1 FROM sessions s JOIN users u ON u.app_id = s.app_id AND u.id = s.user_id
              WHERE s.app_id = @AppId AND s.id = @SessionId AND s.ended_at IS NULL AND u.status = '{UserStatus.Active}')
            """,
            new
            {
                grant.AppId,
                grant.Id,
                grant.SessionId,
                grant.Generation,
                grant.Rotations,
                fromGeneration,
            },
            rows =>
            {
                if (rows == 1)
                {
                    moved();
                }
            }
        );

    private static GrantedSession Read(IRow row)
    {
        var user = UserStore.Read(row);
        var session = SessionStore.ReadSession(row, UserStore.ColumnCount, user);
        const int first = UserStore.ColumnCount + SessionStore.ColumnCount;
        return new(
            user,
            session,
            new SessionGrant
            {
                AppId = user.AppId,
                SessionId = session.Id,
                Id = row.GetString(first),
                Client = row.GetString(first + 1),
                SecretSealed = row.GetString(first + 2),
                Generation = row.GetInt64(first + 3),
                Rotations = row.GetString(first + 4),
                CreatedAt = row.GetInt64(first + 5),
            }
        );
    }
}
