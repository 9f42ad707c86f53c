using System.Data.Common;
using Dapper;

namespace Latchkey.Applications;

/// <summary>
/// The table user_places: the number of users that still fit into an application with <c>maxUsers</c>. A registration takes a place in
/// its transaction, so the row is locked until the user is inserted. Deleted users free no place until none is left and the users are
/// counted again.
/// </summary>
public sealed class UserQuotaStore
{
    /// <summary>Takes a place; false when no free place is known.</summary>
    /// <param name="basis">Identifies the settings that the number was counted for; a different value requires a new count.</param>
    public async Task<bool> TryAcquire(DbConnection db, string appId, string basis) =>
        await db.ExecuteAsync(
            "UPDATE user_places SET free = free - 1 WHERE app_id = @appId AND basis = @basis AND free > 0",
            new { appId, basis }
        ) == 1;

    public async Task<bool> HasFree(DbConnection db, string appId, string basis) =>
        await db.QuerySingleOrDefaultAsync<int?>(
            "SELECT 1 FROM user_places WHERE app_id = @appId AND basis = @basis AND free > 0",
            new { appId, basis }
        )
            is not null;

    /// <summary>Locks the row, so that no other transaction takes places or counts.</summary>
    public Task Lock(DbConnection db, string appId) =>
        db.ExecuteAsync(
            "INSERT INTO user_places (app_id, basis, free) VALUES (@appId, '', 0) ON CONFLICT (app_id) DO UPDATE SET basis = "
                + "user_places.basis",
            new { appId }
        );

    public Task Set(DbConnection db, string appId, string basis, long free) =>
        db.ExecuteAsync(
            "UPDATE user_places SET basis = @basis, free = @free WHERE app_id = @appId",
            new
            {
                appId,
                basis,
                free,
            }
        );

    /// <summary>Called when users are added without taking places: the next registration waits for the transaction and counts.</summary>
    public Task Reset(DbConnection db, string appId) =>
        db.ExecuteAsync(
            "INSERT INTO user_places (app_id, basis, free) VALUES (@appId, '', 0) ON CONFLICT (app_id) DO UPDATE SET basis = '', free = 0",
            new { appId }
        );

    public Task ResetAll(DbConnection db) => db.ExecuteAsync("DELETE FROM user_places");
}
