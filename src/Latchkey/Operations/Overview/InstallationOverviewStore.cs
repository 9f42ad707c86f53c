using System.Data.Common;
using System.Globalization;
using Dapper;
using Latchkey.Activity.Usage;
using Latchkey.Applications;
using Latchkey.Data;
using Latchkey.Messages.Outbox;

namespace Latchkey.Operations.Overview;

/// <summary>
/// Reads the whole installation. Nothing here reads a table of users or a whole log: figures come from the daily sums, queues from their
/// indexes, and reasons from the newest refusals.
/// </summary>
public sealed class InstallationOverviewStore(UserCountStore userCounts)
{
    /// <summary>The highest number that is counted in a queue.</summary>
    public const int MaxCounted = 10_000;

    /// <summary>So many of an application's newest refusals are read for their reasons.</summary>
    public const int MaxRefusals = 500;

    /// <summary>What waits in each queue, and its column with the time.</summary>
    private static readonly (QueueKind Kind, string Since, string Rows)[] Queues =
    [
        (QueueKind.Jobs, "created_at", "jobs WHERE state = 'open'"),
        (QueueKind.DeferredWork, "created_at", "deferred_work"),
        (QueueKind.LogoutNotices, "created_at", "logout_notices WHERE due_at IS NOT NULL"),
        (QueueKind.FileRemovals, "due_at", "storage_removals WHERE due_at <= @now"),
    ];

    public async Task<IReadOnlyDictionary<string, long>> CountApplications(DbConnection db) =>
        (
            await db.QueryAsync<(string Status, long Count)>(
                $"SELECT status, COUNT(*) FROM applications WHERE erasing <> '{DeletionState.Delete}' GROUP BY status"
            )
        ).ToDictionary(one => one.Status, one => one.Count, StringComparer.Ordinal);

    public async Task<(long Users, long? AsOf)> CountUsers(DbConnection db) =>
        (
            await db.QuerySingleAsync<long>("SELECT CAST(COALESCE(SUM(users), 0) AS BIGINT) FROM user_counts"),
            await userCounts.CountedAt(db)
        );

    public Task<long> CountDevelopers(DbConnection db) => db.QuerySingleAsync<long>("SELECT COUNT(*) FROM developers");

    public Task<OperatorTasks> ReadTasks(DbConnection db, long now) =>
        db.QuerySingleAsync<OperatorTasks>(
            $"""
            SELECT
              (SELECT COUNT(*) FROM petitions p JOIN applications a ON a.id = p.app_id AND a.erasing <> '{DeletionState.Delete}'
                WHERE p.state = 'open') AS petitions,
              (SELECT COUNT(*) FROM domain_requests r WHERE r.refusal IS NULL AND r.proven_at IS NOT NULL AND r.flaw = ''
                AND NOT EXISTS (SELECT 1 FROM application_domains d WHERE d.app_id = r.app_id AND d.host = r.host)) AS domains,
              (SELECT COUNT(*) FROM invoices WHERE status = 'open' AND due_at < @now) AS overdue_invoices
            """,
            new { now }
        );

    public async Task<IReadOnlyList<QueueState>> ReadQueues(DbConnection db, long now)
    {
        var (waiting, oldest) = await db.QuerySingleAsync<(long Waiting, long? Oldest)>(MessageStore.SelectWaiting);
        var states = new List<QueueState> { new(QueueKind.Messages, waiting, oldest) };
        foreach (var (kind, since, rows) in Queues)
        {
            var (count, first) = await db.QuerySingleAsync<(long Count, long? First)>(
                $"SELECT COUNT(*), MIN(since) FROM (SELECT {since} AS since FROM {rows} LIMIT {MaxCounted + 1}) waiting",
                new { now }
            );
            states.Add(new QueueState(kind, count, first));
        }

        return states;
    }

    /// <summary>The daily sums since a day, by application. The index of the sums is used for each application in turn.</summary>
    public async Task<IReadOnlyList<BusyApplication>> ReadActivity(DbConnection db, int firstDay) =>
        [
            .. await db.QueryAsync<BusyApplication>(
                $"""
                SELECT a.id AS app_id, a.name,
                  CAST(SUM(CASE WHEN u.kind IN ({UsageKind.LoginsInSql}) THEN u.count ELSE 0 END) AS BIGINT) AS logins,
                  CAST(SUM(CASE WHEN u.kind = '{UsageKind.Signup}' THEN u.count ELSE 0 END) AS BIGINT) AS signups,
                  CAST(SUM(CASE WHEN u.kind = '{UsageKind.Failure}' THEN u.count ELSE 0 END) AS BIGINT) AS failures,
                  CAST(SUM(CASE WHEN u.kind IN ('{UsageKind.Mail}', '{UsageKind.Sms}') THEN u.count ELSE 0 END) AS BIGINT) AS messages
                FROM applications a CROSS JOIN usage_days u
                WHERE u.app_id = a.id AND u.day >= @firstDay AND u.kind NOT IN ({UsageKind.ActiveInSql})
                GROUP BY a.id, a.name ORDER BY logins DESC, failures DESC, a.id
                """,
                new { firstDay }
            ),
        ];

    /// <summary>The codes of the newest refusals of some applications, with how often each came.</summary>
    public async Task<IReadOnlyList<(string AppId, int Code, long Times)>> ReadReasons(
        DbConnection db,
        IReadOnlyList<string> appIds,
        long since
    )
    {
        if (appIds.Count == 0)
        {
            return [];
        }

        var parameters = new DynamicParameters(new { since });
        var parts = new List<string>();
        for (var i = 0; i < appIds.Count; i++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"app{i}");
            parameters.Add(name, appIds[i]);
            parts.Add(
                $"SELECT CAST(@{name} AS TEXT) AS app_id, code, CAST(SUM(count) AS BIGINT) AS times FROM (SELECT code, count FROM audit "
                    + $"WHERE app_id = @{name} AND code <> 0 AND at >= @since ORDER BY at DESC, id DESC LIMIT {MaxRefusals}) newest "
                    + "GROUP BY code"
            );
        }

        return [.. await db.QueryAsync<(string, int, long)>(string.Join(" UNION ALL ", parts), parameters)];
    }
}
