using System.Data.Common;
using Dapper;
using Latchkey.Core;
using Latchkey.Core.Metrics;
using Latchkey.Data;

namespace Latchkey.Users.Sessions;

/// <summary>The table sessions.</summary>
public sealed class SessionStore(RememberedDeviceStore devices)
{
    /// <summary>How long an ended session can still be read.</summary>
    public static readonly TimeSpan EndedRetention = TimeSpan.FromDays(30);

    /// <summary>All columns but those of the user, for the table alias s.</summary>
    public const string Columns =
        "s.id, s.client, s.created_at, s.expires_at, s.ended_at, s.proved_at, s.last_used_at, s.idle_expires_at, s.methods, s.end_reason";

    /// <summary>How many <see cref="Columns"/> has.</summary>
    public const int ColumnCount = 10;

    private const string Select = $"SELECT {UserStore.Columns}, {Columns}";

    /// <summary>What the end of a session sets.</summary>
    public const string SetEnded = "ended_at = @now, end_reason = @reason, end_client = @client";

    /// <summary>The condition that a session is live at <c>@now</c>.</summary>
    public const string Live = "ended_at IS NULL AND expires_at > @now AND (idle_expires_at IS NULL OR idle_expires_at > @now)";

    private const string InsertSql = """
        INSERT INTO sessions (id, app_id, user_id, client, user_agent, device_name, methods, created_at, proved_at, expires_at,
          idle_expires_at)
        VALUES (@Id, @AppId, @UserId, @Client, @UserAgent, @DeviceName, @Methods, @CreatedAt, @ProvedAt, @ExpiresAt, @IdleExpiresAt)
        """;

    public Task Insert(DbConnection db, Session session) => db.ExecuteDeferred(InsertSql, session);

    /// <summary>As <see cref="Insert"/>, at once: later statements of the transaction can depend on it.</summary>
    public Task InsertNow(DbConnection db, Session session) => db.ExecuteAsync(InsertSql, session);

    /// <summary>
    /// Ends the user's oldest active sessions beyond <paramref name="kept"/>, and deletes ended ones beyond the same number. Call it with
    /// the user's row locked or inserted.
    /// </summary>
    public async Task EndSurplus(DbConnection db, string appId, string userId, int kept, SessionEnd end)
    {
        const string ofUser = "app_id = @appId AND user_id = @userId";
        var parameters = new
        {
            appId,
            userId,
            kept,
            now = end.At,
            reason = end.ReasonName,
            client = end.Client,
        };
        await db.ExecuteDeferred(
            $"""
            UPDATE sessions SET {SetEnded} WHERE {ofUser} AND ended_at IS NULL AND (created_at, id) <= (
              SELECT created_at, id FROM sessions WHERE {ofUser} AND ended_at IS NULL AND expires_at > @now
              ORDER BY created_at DESC, id DESC LIMIT 1 OFFSET @kept)
            """,
            parameters,
            ended => LatchkeyMeter.RecordSessionsEnded(end.ReasonName, ended)
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
    public Task<SessionUser?> Find(DbConnection db, string appId, string sessionId) => db.QueryRow(ById(appId, sessionId));

    /// <summary>The query of <see cref="Find"/>.</summary>
    public RowQuery<SessionUser> ById(string appId, string sessionId) =>
        new(
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
                $"""
                SELECT * FROM sessions WHERE app_id = @appId AND user_id = @userId AND {Live}
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

    /// <summary>The user's sessions, live and ended, newest first.</summary>
    public async Task<IReadOnlyList<Session>> ListAll(DbConnection db, string appId, string userId, int limit) =>
        [
            .. await db.QueryAsync<Session>(
                "SELECT * FROM sessions WHERE app_id = @appId AND user_id = @userId ORDER BY created_at DESC, id LIMIT @limit",
                new
                {
                    userId,
                    appId,
                    limit,
                }
            ),
        ];

    /// <summary>
    /// The user's sessions that ended, or reached their end, since a time; the last one to end first. Those that ended before reasons were
    /// recorded are left out.
    /// </summary>
    public async Task<IReadOnlyList<Session>> ListEnded(DbConnection db, string appId, string userId, long now, long since, int limit) =>
        [
            .. await db.QueryAsync<Session>(
                $"""
                SELECT * FROM sessions WHERE app_id = @appId AND user_id = @userId AND NOT ({Live})
                  AND (ended_at IS NULL OR end_reason IS NOT NULL) AND COALESCE(ended_at, expires_at) > @since
                ORDER BY COALESCE(ended_at, expires_at) DESC, id LIMIT @limit
                """,
                new
                {
                    userId,
                    appId,
                    now,
                    since,
                    limit,
                }
            ),
        ];

    /// <summary>Ends a session; false when it had ended already.</summary>
    public async Task<bool> EndOne(DbConnection db, string appId, string sessionId, SessionEnd end) =>
        Count(
            end,
            await db.ExecuteAsync(
                $"UPDATE sessions SET {SetEnded} WHERE app_id = @appId AND id = @sessionId AND ended_at IS NULL",
                new
                {
                    sessionId,
                    appId,
                    now = end.At,
                    reason = end.ReasonName,
                    client = end.Client,
                }
            )
        ) == 1;

    /// <summary>
    /// Ends all sessions of a user except the one with the id <paramref name="except"/>, and forgets all of the user's remembered devices.
    /// </summary>
    public async Task EndAll(DbConnection db, string appId, string userId, SessionEnd end, string except = "")
    {
        await devices.RemoveAll(db, appId, userId);
        await EndOthers(db, appId, userId, end, except);
    }

    /// <summary>
    /// Ends the sessions that a user signed in to with Apple or Google, except the one with the id <paramref name="except"/>.
    /// </summary>
    public Task EndFederated(DbConnection db, string appId, string userId, SessionEnd end, string except) =>
        EndOthers(
            db,
            appId,
            userId,
            end,
            except,
            $" AND (methods = '{AuthenticationMethods.Federated}' OR methods LIKE '{AuthenticationMethods.Federated} %')"
        );

    /// <summary>Whether the session is live, in a transaction that has locked the user's row.</summary>
    public async Task<bool> IsLive(DbConnection db, string appId, string sessionId, long now) =>
        await db.QuerySingleOrDefaultAsync<int?>(
            $"SELECT 1 FROM sessions WHERE app_id = @appId AND id = @sessionId AND {Live}",
            new
            {
                appId,
                sessionId,
                now,
            }
        )
            is not null;

    /// <summary>Records a use, and moves the idle end with it.</summary>
    /// <param name="idleExpiresAt">The new idle end, for a session that has one.</param>
    public Task RecordUse(DbConnection db, string appId, string sessionId, long usedAt, long idleExpiresAt) =>
        db.ExecuteDeferred(
            """
            UPDATE sessions SET last_used_at = @usedAt,
              idle_expires_at = CASE WHEN idle_expires_at IS NULL THEN NULL ELSE @idleExpiresAt END
            WHERE app_id = @appId AND id = @sessionId AND ended_at IS NULL AND (last_used_at IS NULL OR last_used_at < @usedAt)
            """,
            new
            {
                appId,
                sessionId,
                usedAt,
                idleExpiresAt,
            }
        );

    /// <summary>Records that the user has proved who they are again; false when the session has ended.</summary>
    public async Task<bool> RecordProof(DbConnection db, string appId, string sessionId, string methods, long now) =>
        await db.ExecuteAsync(
            "UPDATE sessions SET proved_at = @now, methods = @methods WHERE app_id = @appId AND id = @sessionId AND ended_at IS NULL",
            new
            {
                appId,
                sessionId,
                methods,
                now,
            }
        ) == 1;

    /// <summary>Marks up to <paramref name="limit"/> sessions that have reached their end as ended. Returns how many.</summary>
    public async Task<int> EndExpired(DbConnection db, long now, int limit)
    {
        var expired = await EndReached(db, "expires_at", SessionEndReason.Expired, now, limit);
        return Math.Max(expired, await EndReached(db, "idle_expires_at", SessionEndReason.Idle, now, limit));
    }

    /// <summary>Deletes up to <paramref name="limit"/> sessions that ended before a time. Returns how many.</summary>
    public Task<int> RemoveEnded(DbConnection db, long before, int limit) =>
        db.ExecuteAsync(
            "DELETE FROM sessions WHERE (app_id, id) IN (SELECT app_id, id FROM sessions WHERE ended_at < @before LIMIT @limit)",
            new { before, limit }
        );

    private async Task EndOthers(DbConnection db, string appId, string userId, SessionEnd end, string except, string condition = "") =>
        Count(
            end,
            await db.ExecuteAsync(
                $"""
                UPDATE sessions SET {SetEnded}
                WHERE app_id = @appId AND user_id = @userId AND id <> @except AND ended_at IS NULL{condition}
                """,
                new
                {
                    userId,
                    appId,
                    except,
                    now = end.At,
                    reason = end.ReasonName,
                    client = end.Client,
                }
            )
        );

    private static async Task<int> EndReached(DbConnection db, string column, SessionEndReason reason, long now, int limit)
    {
        var end = new SessionEnd(reason, "", now);
        return Count(
            end,
            await db.ExecuteAsync(
                $"""
                UPDATE sessions SET ended_at = {column}, end_reason = @reason 
                WHERE ended_at IS NULL AND {column} <= @now AND (app_id, id) IN (
                  SELECT app_id, id FROM sessions WHERE ended_at IS NULL AND {column} <= @now ORDER BY {column} LIMIT @limit)
                """,
                new
                {
                    now,
                    limit,
                    reason = end.ReasonName,
                }
            )
        );
    }

    private static int Count(SessionEnd end, int ended)
    {
        LatchkeyMeter.RecordSessionsEnded(end.ReasonName, ended);
        return ended;
    }

    /// <summary>Reads <see cref="Columns"/> that begin at a column.</summary>
    public static Session ReadSession(IRow row, int first, User user) =>
        new()
        {
            Id = row.GetString(first),
            AppId = user.AppId,
            UserId = user.Id,
            Client = row.GetString(first + 1),
            CreatedAt = row.GetInt64(first + 2),
            ExpiresAt = row.GetInt64(first + 3),
            EndedAt = row.GetInt64OrNull(first + 4),
            ProvedAt = row.GetInt64OrNull(first + 5),
            LastUsedAt = row.GetInt64OrNull(first + 6),
            IdleExpiresAt = row.GetInt64OrNull(first + 7),
            Methods = row.GetString(first + 8),
            EndReason = row.GetStringOrNull(first + 9),
        };

    private static SessionUser Read(IRow row)
    {
        var user = UserStore.Read(row);
        return new SessionUser(user, ReadSession(row, UserStore.ColumnCount, user));
    }
}
