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

    /// <summary>Leases due rows: until <paramref name="until"/> no other node takes them.</summary>
    public async Task<IReadOnlyList<Removal>> Lease(DbConnection db, long now, long until, int limit) =>
        [
            .. await db.QueryAsync<Removal>(
                $"""
                UPDATE storage_removals SET attempts = attempts + 1, due_at = @until
                WHERE (app_id, id) IN (SELECT app_id, id FROM storage_removals WHERE due_at <= @now
                  ORDER BY due_at LIMIT @limit {dialect.ForUpdateSkipLocked})
                RETURNING app_id, id, folder, name, cuts, upload_until, attempts
                """,
                new
                {
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

    public Task Postpone(DbConnection db, Removal row, long until) =>
        db.ExecuteAsync(
            "UPDATE storage_removals SET due_at = @until WHERE app_id = @AppId AND id = @Id",
            new
            {
                row.AppId,
                row.Id,
                until,
            }
        );

    /// <summary>Postpones all of an application that are due: its bucket does not answer.</summary>
    public Task PostponeAll(DbConnection db, string appId, long now, long until) =>
        db.ExecuteAsync(
            "UPDATE storage_removals SET due_at = @until WHERE app_id = @appId AND due_at <= @now",
            new
            {
                appId,
                now,
                until,
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
