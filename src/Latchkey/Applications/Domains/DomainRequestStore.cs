using System.Data.Common;
using Dapper;

namespace Latchkey.Applications.Domains;

/// <summary>The table domain_requests: one row for an application and a name.</summary>
public sealed class DomainRequestStore
{
    private const string Select =
        "SELECT r.app_id, r.host, r.proof, r.requester, r.refusal, r.created_at, r.checked_at, r.proven_at, r.flaw, a.name AS app_name, "
        + "d.app_id AS holder FROM domain_requests r JOIN applications a ON a.id = r.app_id AND a.erasing <> "
        + $"'{DeletionState.Delete}' LEFT JOIN application_domains d ON d.host = r.host";

    /// <summary>Makes a request, or opens a refused one again; false when there is an open one.</summary>
    public async Task<bool> Insert(DbConnection db, DomainRequest request) =>
        await db.ExecuteAsync(
            """
            INSERT INTO domain_requests (app_id, host, proof, requester, created_at, flaw)
            VALUES (@AppId, @Host, @Proof, @Requester, @CreatedAt, '')
            ON CONFLICT (app_id, host) DO UPDATE SET refusal = NULL, requester = excluded.requester, created_at = excluded.created_at,
              proven_at = NULL, flaw = ''
            WHERE domain_requests.refusal IS NOT NULL
            """,
            request
        ) == 1;

    public Task<int> Count(DbConnection db, string appId) =>
        db.ExecuteScalarAsync<int>("SELECT COUNT(*) FROM domain_requests WHERE app_id = @appId", new { appId });

    public Task<DomainRequest?> Find(DbConnection db, string appId, string host) =>
        db.QuerySingleOrDefaultAsync<DomainRequest>($"{Select} WHERE r.app_id = @appId AND r.host = @host", new { appId, host });

    public async Task<IReadOnlyList<DomainRequest>> List(DbConnection db, string appId) =>
        [.. await db.QueryAsync<DomainRequest>($"{Select} WHERE r.app_id = @appId ORDER BY r.host", new { appId })];

    /// <summary>Requests of all applications that wait: those with a proof first, then the oldest.</summary>
    public async Task<IReadOnlyList<DomainRequest>> ListWaiting(DbConnection db, int limit) =>
        [
            .. await db.QueryAsync<DomainRequest>(
                $"{Select} WHERE r.refusal IS NULL AND (d.app_id IS NULL OR d.app_id <> r.app_id) ORDER BY CASE WHEN "
                    + "r.proven_at IS NOT NULL AND r.flaw = '' THEN 0 ELSE 1 END, r.created_at, r.app_id, r.host LIMIT @limit",
                new { limit }
            ),
        ];

    /// <summary>Domains that applications have, and whose proof was not there when DNS was asked last.</summary>
    public async Task<IReadOnlyList<DomainRequest>> ListWithoutProof(DbConnection db, int limit) =>
        [
            .. await db.QueryAsync<DomainRequest>(
                $"{Select} WHERE d.app_id = r.app_id AND r.flaw <> '' ORDER BY r.proven_at, r.app_id, r.host LIMIT @limit",
                new { limit }
            ),
        ];

    /// <summary>Domains that applications have, and that DNS was not asked about since then.</summary>
    public async Task<IReadOnlyList<DomainRequest>> ListUnchecked(DbConnection db, long since, int limit) =>
        [
            .. await db.QueryAsync<DomainRequest>(
                $"{Select} WHERE d.app_id = r.app_id AND (r.checked_at IS NULL OR r.checked_at < @since) ORDER BY r.checked_at, r.app_id, "
                    + "r.host LIMIT @limit",
                new { since, limit }
            ),
        ];

    /// <summary>Notes that DNS is asked now; false when it was asked after <paramref name="since"/>.</summary>
    public async Task<bool> BeginCheck(DbConnection db, string appId, string host, long now, long since) =>
        await db.ExecuteAsync(
            "UPDATE domain_requests SET checked_at = @now WHERE app_id = @appId AND host = @host AND (checked_at IS NULL OR checked_at <= "
                + "@since)",
            new
            {
                appId,
                host,
                now,
                since,
            }
        ) == 1;

    /// <summary>Notes what DNS said of this very proof.</summary>
    /// <param name="flaw">Empty for nothing.</param>
    public Task EndCheck(DbConnection db, DomainRequest request, string flaw, long now) =>
        db.ExecuteAsync(
            "UPDATE domain_requests SET checked_at = @now, flaw = @flaw, proven_at = CASE WHEN @flaw = '' THEN @now ELSE proven_at END "
                + "WHERE app_id = @AppId AND host = @Host AND proof = @Proof",
            new
            {
                request.AppId,
                request.Host,
                request.Proof,
                flaw,
                now,
            }
        );

    /// <summary>Refuses an open request; false when there is none.</summary>
    public async Task<bool> Refuse(DbConnection db, string appId, string host, string reason) =>
        await db.ExecuteAsync(
            "UPDATE domain_requests SET refusal = @reason WHERE app_id = @appId AND host = @host AND refusal IS NULL",
            new
            {
                appId,
                host,
                reason,
            }
        ) == 1;

    public async Task<bool> Delete(DbConnection db, string appId, string host) =>
        await db.ExecuteAsync("DELETE FROM domain_requests WHERE app_id = @appId AND host = @host", new { appId, host }) == 1;
}
