using System.Data.Common;
using Dapper;
using Latchkey.Data;

namespace Latchkey.Provider.Logout;

/// <summary>The table logout_notices, which the trigger sessions_ended fills.</summary>
public sealed class LogoutNoticeStore(Dialect dialect)
{
    /// <summary>Applications with notices that are due, the longest waiting first.</summary>
    public async Task<IReadOnlyList<string>> ListDue(DbConnection db, long now) =>
        [
            .. await db.QueryAsync<string>(
                "SELECT app_id FROM logout_notices WHERE due_at <= @now GROUP BY app_id ORDER BY MIN(due_at)",
                new { now }
            ),
        ];

    /// <summary>Leases due notices of an application: until <paramref name="until"/> no other node takes them.</summary>
    public Task<IReadOnlyList<LogoutNotice>> Lease(DbConnection db, string appId, long now, long until, int limit) =>
        Lease(db, "due_at <= @now", appId, sessionId: "", now, until, limit);

    /// <summary>Leases the notices of a session that has just ended.</summary>
    public Task<IReadOnlyList<LogoutNotice>> LeaseOfSession(
        DbConnection db,
        string appId,
        string sessionId,
        long now,
        long until,
        int limit
    ) => Lease(db, "session_id = @sessionId AND attempts = 0 AND due_at <= @now", appId, sessionId, now, until, limit);

    /// <summary>It was delivered, or is given up: it is not sent again.</summary>
    public Task Close(DbConnection db, LogoutNotice notice) =>
        db.ExecuteAsync("UPDATE logout_notices SET due_at = NULL WHERE app_id = @AppId AND id = @Id", notice);

    public Task Retry(DbConnection db, LogoutNotice notice, long dueAt) =>
        db.ExecuteAsync(
            "UPDATE logout_notices SET due_at = @dueAt WHERE app_id = @AppId AND id = @Id AND due_at IS NOT NULL",
            new
            {
                notice.AppId,
                notice.Id,
                dueAt,
            }
        );

    /// <summary>Deletes up to <paramref name="limit"/> notices of sessions that ended before a time. Returns how many.</summary>
    public Task<int> RemoveOld(DbConnection db, long before, int limit) =>
        db.ExecuteAsync(
            """
            DELETE FROM logout_notices WHERE (app_id, id) IN (
              SELECT app_id, id FROM logout_notices WHERE created_at < @before LIMIT @limit)
            """,
            new { before, limit }
        );

    private async Task<IReadOnlyList<LogoutNotice>> Lease(
        DbConnection db,
        string condition,
        string appId,
        string sessionId,
        long now,
        long until,
        int limit
    ) =>
        [
            .. await db.QueryAsync<LogoutNotice>(
                $"""
                UPDATE logout_notices SET attempts = attempts + 1, due_at = @until
                WHERE app_id = @appId AND id IN (SELECT id FROM logout_notices WHERE app_id = @appId AND {condition}
                  ORDER BY due_at LIMIT @limit {dialect.ForUpdateSkipLocked})
                RETURNING app_id, id, client_id, sid, user_id, attempts
                """,
                new
                {
                    appId,
                    sessionId,
                    now,
                    until,
                    limit,
                }
            ),
        ];
}
