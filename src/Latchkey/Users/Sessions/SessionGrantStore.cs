using System.Data.Common;
using Dapper;
using Latchkey.Data;

namespace Latchkey.Users.Sessions;

/// <summary>The table session_grants.</summary>
public sealed class SessionGrantStore
{
    private const string InsertInto = """
        INSERT INTO session_grants (app_id, id, session_id, client, secret_sealed, generation, rotations, created_at,
          scope, resources, claims, dpop_key, sid, sid_session_id, ended_at, expires_at)
        """;

    private const string InsertSql = $"""
        {InsertInto}
        VALUES (@AppId, @Id, @SessionId, @Client, @SecretSealed, @Generation, @Rotations, @CreatedAt,
          @Scope, @Resources, @Claims, @DpopKey, @Sid, @SidSessionId, @EndedAt, @ExpiresAt)
        """;

    /// <summary>Inserts a grant whose id stands for something that works once, if there is none with this id.</summary>
    public const string TryInsertSql = $"{InsertSql} ON CONFLICT DO NOTHING";

    /// <summary>The most grants that a client keeps in one session; more come from signing in there again and again.</summary>
    public const int MaxPerSession = 20;

    /// <summary>Selects what <see cref="Read"/> reads; the grant has the table alias g.</summary>
    public const string Select = $"""
        SELECT {UserStore.Columns}, {SessionStore.Columns}, g.id, g.client, g.secret_sealed, g.generation, g.rotations, g.created_at,
          g.scope, g.resources, g.claims, g.dpop_key, g.sid, g.sid_session_id, g.ended_at, g.expires_at, g.authenticated_at
        FROM session_grants g JOIN sessions s ON s.app_id = g.app_id AND s.id = g.session_id
          JOIN users u ON u.app_id = s.app_id AND u.id = s.user_id
        """;

    public Task Insert(DbConnection db, SessionGrant grant) => db.ExecuteDeferred(InsertSql, grant);

    /// <summary>
    /// As <see cref="TryInsertSql"/>, if rows follow from a text that begins with FROM. Its parameters go into the same object.
    /// </summary>
    public static string InsertFrom(string rows) =>
        $"""
            {InsertInto}
            SELECT @AppId, @Id, @SessionId, @Client, @SecretSealed, @Generation, @Rotations, @CreatedAt,
              CAST(@Scope AS TEXT), CAST(@Resources AS TEXT), CAST(@Claims AS TEXT), CAST(@DpopKey AS TEXT), CAST(@Sid AS TEXT),
              CAST(@SidSessionId AS TEXT), CAST(@EndedAt AS BIGINT), CAST(@ExpiresAt AS BIGINT)
            {rows}
            ON CONFLICT DO NOTHING
            """;

    /// <summary>
    /// Inserts the trace of something that works once. False when there is a grant with its id, or its session is gone.
    /// </summary>
    public async Task<bool> TryInsertTrace(DbConnection db, SessionGrant grant) =>
        await db.ExecuteAsync(InsertFrom("FROM sessions s WHERE s.app_id = @AppId AND s.id = @SessionId"), grant) == 1;

    /// <summary>
    /// Deletes the oldest grants that the grant's client has in its session beyond <see cref="MaxPerSession"/>, but none of after a time.
    /// Runs with the commit.
    /// </summary>
    public Task RemoveSurplus(DbConnection db, SessionGrant grant, long before) =>
        db.ExecuteDeferred(
            """
            DELETE FROM session_grants WHERE app_id = @AppId AND session_id = @SessionId AND client = @Client AND created_at < @before
              AND (created_at, id) <= (
                SELECT created_at, id FROM session_grants WHERE app_id = @AppId AND session_id = @SessionId AND client = @Client
                ORDER BY created_at DESC, id DESC LIMIT 1 OFFSET @kept)
            """,
            new
            {
                grant.AppId,
                grant.SessionId,
                grant.Client,
                before,
                kept = MaxPerSession,
            }
        );

    /// <summary>Ends a grant; false when it had ended already or there is none.</summary>
    public async Task<bool> End(DbConnection db, string appId, string grantId, long now) =>
        await db.ExecuteAsync(
            "UPDATE session_grants SET ended_at = @now WHERE app_id = @appId AND id = @grantId AND ended_at IS NULL",
            new
            {
                appId,
                grantId,
                now,
            }
        ) == 1;

    /// <summary>
    /// Moves the grants of clients from one session of a user to a later one, with whose end their clients are told. They keep their
    /// <c>sid</c> and <c>auth_time</c>. Call it with the user's row locked.
    /// </summary>
    public async Task Move(DbConnection db, string appId, string fromId, string toId)
    {
        await db.ExecuteAsync(
            """
            UPDATE session_grants SET session_id = @toId, authenticated_at = COALESCE(authenticated_at, (
              SELECT CASE WHEN s.proved_at > session_grants.created_at THEN s.created_at ELSE COALESCE(s.proved_at, s.created_at) END
              FROM sessions s WHERE s.app_id = @appId AND s.id = @fromId))
            WHERE app_id = @appId AND session_id = @fromId AND client <> ''
            """,
            new
            {
                appId,
                fromId,
                toId,
            }
        );
        await db.ExecuteAsync(
            "UPDATE session_grants SET sid_session_id = @toId WHERE app_id = @appId AND sid_session_id = @fromId",
            new
            {
                appId,
                fromId,
                toId,
            }
        );
    }

    /// <summary>Whether a client has a grant with this <c>sid</c> in the session.</summary>
    public async Task<bool> IsIn(DbConnection db, string appId, string sessionId, string client, string sid) =>
        await db.QuerySingleOrDefaultAsync<int?>(
            """
            SELECT 1 FROM session_grants WHERE app_id = @appId AND session_id = @sessionId AND client = @client AND client <> ''
              AND sid = @sid LIMIT 1
            """,
            new
            {
                appId,
                sessionId,
                client,
                sid,
            }
        )
            is not null;

    /// <summary>Ends all grants of a client that a user has. Returns how many.</summary>
    public Task<int> EndOfClient(DbConnection db, string appId, string userId, string client, long now) =>
        db.ExecuteAsync(
            """
            UPDATE session_grants SET ended_at = @now WHERE app_id = @appId AND client = @client AND client <> '' AND ended_at IS NULL
              AND session_id IN (SELECT id FROM sessions WHERE app_id = @appId AND user_id = @userId)
            """,
            new
            {
                appId,
                userId,
                client,
                now,
            }
        );

    /// <summary>Deletes up to <paramref name="limit"/> grants of a client that is deleted. Returns how many.</summary>
    public Task<int> RemoveOfClient(DbConnection db, string appId, string client, int limit) =>
        db.ExecuteAsync(
            """
            DELETE FROM session_grants WHERE app_id = @appId AND id IN (
              SELECT id FROM session_grants WHERE app_id = @appId AND client = @client AND client <> '' LIMIT @limit)
            """,
            new
            {
                appId,
                client,
                limit,
            }
        );

    /// <summary>Deletes up to <paramref name="limit"/> grants whose time is over. Returns how many.</summary>
    public Task<int> RemoveExpired(DbConnection db, long now, int limit) =>
        db.ExecuteAsync(
            """
            DELETE FROM session_grants WHERE (app_id, id) IN (
              SELECT app_id, id FROM session_grants WHERE expires_at IS NOT NULL AND expires_at <= @now LIMIT @limit)
            """,
            new { now, limit }
        );

    /// <summary>The grant with its session and user, in one query; null when there is none.</summary>
    public Task<GrantedSession?> Find(DbConnection db, string appId, string grantId) => db.QueryRow(ById(appId, grantId));

    /// <summary>The query of <see cref="Find"/>.</summary>
    public RowQuery<GrantedSession> ById(string appId, string grantId) =>
        new($"{Select} WHERE g.app_id = $1 AND g.id = $2", Read, appId, grantId);

    /// <summary>
    /// Moves the grant on, if it still has this generation, its session is live and its user active; otherwise nothing changes. Runs with
    /// the commit.
    /// </summary>
    /// <param name="moved">Called if the grant moved.</param>
    public Task Rotate(DbConnection db, SessionGrant grant, long fromGeneration, Action moved) =>
        db.ExecuteDeferred(
            $"""
            UPDATE session_grants SET generation = @Generation, rotations = @Rotations
            WHERE app_id = @AppId AND id = @Id AND generation = @fromGeneration AND ended_at IS NULL AND EXISTS (
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

    /// <summary>Reads a row of <see cref="Select"/>.</summary>
    public static GrantedSession Read(IRow row)
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
                Scope = row.GetStringOrNull(first + 6),
                Resources = row.GetStringOrNull(first + 7),
                Claims = row.GetStringOrNull(first + 8),
                DpopKey = row.GetStringOrNull(first + 9),
                Sid = row.GetStringOrNull(first + 10),
                SidSessionId = row.GetStringOrNull(first + 11),
                EndedAt = row.GetInt64OrNull(first + 12),
                ExpiresAt = row.GetInt64OrNull(first + 13),
                AuthenticatedAt = row.GetInt64OrNull(first + 14),
            }
        );
    }
}
