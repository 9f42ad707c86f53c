using System.Data.Common;
using Dapper;
using Latchkey.Data;
using Latchkey.Jobs;

namespace Latchkey.Storage;

/// <summary>
/// The table storage_removals. A trigger adds a row with the deletion of each asset (the migration 0002_storage.sql), so that no way of
/// deleting a user or an application forgets the objects.
/// </summary>
public sealed class RemovalStore(Dialect dialect) : IDisposable
{
    private readonly WorkSignal signal = new();

    /// <summary>Wakes this node's worker.</summary>
    public void Wake() => signal.Wake();

    public Task WaitForWork(TimeSpan timeout, CancellationToken stop) => signal.Wait(timeout, stop);

    public Task<bool> AnyDue(DbConnection db, long now) =>
        db.QuerySingleAsync<bool>("SELECT EXISTS (SELECT 1 FROM storage_removals WHERE due_at <= @now)", new { now });

    /// <summary>Deleted assets of an application whose objects are still in the bucket.</summary>
    public Task<long> Count(DbConnection db, string appId) =>
        db.QuerySingleAsync<long>("SELECT COUNT(*) FROM storage_removals WHERE app_id = @appId AND removed = FALSE", new { appId });

    /// <summary>Some applications with due rows: those whose ids come after <paramref name="after"/>, in the ids' order.</summary>
    public async Task<IReadOnlyList<string>> ListDue(DbConnection db, long now, string after, int limit) =>
        [
            .. await db.QueryAsync<string>(
                """
                WITH RECURSIVE due (app_id, turn) AS (
                  SELECT (SELECT MIN(app_id) FROM storage_removals WHERE app_id > @after AND due_at <= @now), 1
                  UNION ALL
                  SELECT (SELECT MIN(r.app_id) FROM storage_removals r WHERE r.app_id > due.app_id AND r.due_at <= @now), turn + 1
                  FROM due WHERE due.app_id IS NOT NULL AND turn < @limit)
                SELECT app_id FROM due WHERE app_id IS NOT NULL ORDER BY app_id
                """,
                new
                {
                    now,
                    after,
                    limit,
                }
            ),
        ];

    /// <summary>Leases due rows of an application: until <paramref name="until"/> no other node takes them.</summary>
    public async Task<IReadOnlyList<Removal>> Lease(DbConnection db, string appId, long now, long until, int limit) =>
        [
            .. await db.QueryAsync<Removal>(
                $"""
                UPDATE storage_removals SET attempts = attempts + 1, due_at = @until
                WHERE app_id = @appId AND id IN (SELECT id FROM storage_removals WHERE app_id = @appId AND due_at <= @now
                  ORDER BY due_at LIMIT @limit {dialect.ForUpdateSkipLocked})
                RETURNING app_id, id, folder, name, cuts, upload_until, attempts
                """,
                new
                {
                    appId,
                    now,
                    until,
                    limit,
                }
            ),
        ];

    public Task Delete(DbConnection db, Removal row) =>
        db.ExecuteAsync("DELETE FROM storage_removals WHERE app_id = @AppId AND id = @Id", row);

    /// <summary>The objects are gone, and are removed once more when the links for uploading have ended.</summary>
    public Task MarkRemoved(DbConnection db, Removal row, long again) =>
        db.ExecuteAsync(
            "UPDATE storage_removals SET removed = TRUE, due_at = @again WHERE app_id = @AppId AND id = @Id",
            new
            {
                row.AppId,
                row.Id,
                again,
            }
        );

    /// <summary>Gives leased rows back that were not tried: this attempt does not count.</summary>
    public Task Release(DbConnection db, string appId, string[] ids, long until) =>
        db.ExecuteAsync(
            $"UPDATE storage_removals SET due_at = @until, attempts = attempts - 1 WHERE app_id = @appId AND id {dialect.InArray("ids")}",
            new
            {
                appId,
                ids,
                until,
            }
        );

    /// <summary>
    /// Postpones leased rows, and all others of the application that are due, because its bucket does not answer. All count as tried as
    /// often as <paramref name="attempts"/> says.
    /// </summary>
    public Task Postpone(DbConnection db, string appId, string[] ids, int attempts, long now, long until) =>
        db.ExecuteAsync(
            $"""
            UPDATE storage_removals SET due_at = @until, attempts = CASE WHEN attempts < @attempts THEN @attempts ELSE attempts END
            WHERE app_id = @appId AND (due_at <= @now OR id {dialect.InArray("ids")})
            """,
            new
            {
                appId,
                ids,
                attempts,
                now,
                until,
            }
        );

    /// <summary>Gives up leased rows, and all others of the application that are due. Returns how many.</summary>
    public Task<int> GiveUp(DbConnection db, string appId, string[] ids, long now) =>
        db.ExecuteAsync(
            $"DELETE FROM storage_removals WHERE app_id = @appId AND (due_at <= @now OR id {dialect.InArray("ids")})",
            new
            {
                appId,
                ids,
                now,
            }
        );

    /// <summary>Which of these assets have objects to remove.</summary>
    public async Task<IReadOnlyList<string>> ListByIds(DbConnection db, string appId, string[] ids) =>
        [
            .. await db.QueryAsync<string>(
                $"SELECT id FROM storage_removals WHERE app_id = @appId AND id {dialect.InArray("ids")}",
                new { appId, ids }
            ),
        ];

    public void Dispose() => signal.Dispose();
}
