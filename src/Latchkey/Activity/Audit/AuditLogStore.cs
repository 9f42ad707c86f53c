using System.Data.Common;
using Dapper;
using Latchkey.Data;

namespace Latchkey.Activity.Audit;

/// <summary>Reads the table audit, newest first. Every filter has an index in this order.</summary>
public sealed class AuditLogStore
{
    private const int CommandTimeoutSeconds = 600;

    /// <param name="handle">The filter's handle as the log has it. With several at once, no index would give the order.</param>
    public async Task<IReadOnlyList<LogLine>> Page(
        DbConnection db,
        string appId,
        LogFilter filter,
        string handle,
        LogCursor after,
        int limit
    ) =>
        [
            .. await db.QueryAsync<LogLine>(
                $"""
                SELECT id, action, actor, handle, code, detail, client, count, at, changes FROM audit
                WHERE {Conditions(filter)} AND at <= @at AND (at < @at OR id < @id)
                ORDER BY at DESC, id DESC LIMIT @limit
                """,
                new
                {
                    appId,
                    handle,
                    filter.Action,
                    filter.Code,
                    from = filter.Days.From,
                    until = filter.Days.Until,
                    at = after.At,
                    id = after.Id,
                    limit,
                }
            ),
        ];

    public Task<long> Count(DbConnection db, string appId, LogFilter filter, string handle) =>
        db.QuerySingleAsync<long>(
            $"SELECT COUNT(*) FROM audit WHERE {Conditions(filter)}",
            new
            {
                appId,
                handle,
                filter.Action,
                filter.Code,
                from = filter.Days.From,
                until = filter.Days.Until,
            },
            commandTimeout: CommandTimeoutSeconds
        );

    /// <summary>The actions that occur in the log, found by an index skip scan.</summary>
    public async Task<IReadOnlyList<string>> Actions(DbConnection db, string appId) =>
        [
            .. await db.QueryAsync<string>(
                """
                WITH RECURSIVE found (action) AS (
                  SELECT MIN(action) FROM audit WHERE app_id = @appId
                  UNION ALL
                  SELECT (SELECT MIN(action) FROM audit WHERE app_id = @appId AND action > found.action) FROM found
                    WHERE found.action IS NOT NULL
                )
                SELECT action FROM found WHERE action IS NOT NULL
                """,
                new { appId }
            ),
        ];

    /// <summary>The error codes that occur in the log.</summary>
    public async Task<IReadOnlyList<int>> Codes(DbConnection db, string appId) =>
        [
            .. await db.QueryAsync<int>(
                """
                WITH RECURSIVE found (code) AS (
                  SELECT MIN(code) FROM audit WHERE app_id = @appId AND code <> 0
                  UNION ALL
                  SELECT (SELECT MIN(code) FROM audit WHERE app_id = @appId AND code <> 0 AND code > found.code) FROM found
                    WHERE found.code IS NOT NULL
                )
                SELECT code FROM found WHERE code IS NOT NULL
                """,
                new { appId }
            ),
        ];

    /// <summary>
    /// SQLite has no value statistics. With a handle, its index is the best one, so the other columns are written as expressions that no
    /// index matches. Without one, the index with the most filter columns is right.
    /// </summary>
    private static string Conditions(LogFilter filter)
    {
        var byHandle = filter.Handle.Length > 0;
        var conditions = new List<string> { "app_id = @appId" };
        void When(bool given, string condition)
        {
            if (given)
            {
                conditions.Add(condition);
            }
        }

        When(byHandle, "handle = @handle");
        When(
            filter.Code is not null,
            byHandle ? "code + 0 = @Code"
                : filter.Code == 0 ? "code = 0"
                : "code = @Code AND code <> 0"
        );
        When(filter.Action.Length > 0, byHandle ? "action || '' = @Action" : "action = @Action");
        When(filter.Result == LogFilter.Done, byHandle ? "code + 0 = 0" : "code = 0");
        When(filter.Result == LogFilter.Refused, byHandle ? "code + 0 <> 0" : "code <> 0");
        When(filter.OmitsMembers, MemberActions.Not);
        When(filter.Days.From is not null, "at >= @from");
        When(filter.Days.Until is not null, "at < @until");
        return string.Join(" AND ", conditions);
    }
}
