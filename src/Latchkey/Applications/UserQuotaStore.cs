using System.Data.Common;
using Dapper;

namespace Latchkey.Applications;

/// <summary>
/// The table user_places: for applications with <c>maxUsers</c>, how many more users are known to fit. Whoever adds one takes a place
/// in the same transaction, so the row is a lock that is held until the user is there. Users who go leave their place uncounted, until
/// all are taken and somebody counts.
/// </summary>
public sealed class UserQuotaStore
{
    /// <summary>Takes a place; false when none is known to be free.</summary>
    /// <param name="basis">What the number was counted for; another one counts anew.</param>
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

    /// <summary>Until the transaction ends, nobody else takes a place or counts.</summary>
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

    /// <summary>Users come in without taking places: who takes one next waits for the transaction, and counts.</summary>
    public Task Reset(DbConnection db, string appId) =>
        db.ExecuteAsync(
            "INSERT INTO user_places (app_id, basis, free) VALUES (@appId, '', 0) ON CONFLICT (app_id) DO UPDATE SET basis = '', free = 0",
            new { appId }
        );

    public Task ResetAll(DbConnection db) => db.ExecuteAsync("DELETE FROM user_places");
}
