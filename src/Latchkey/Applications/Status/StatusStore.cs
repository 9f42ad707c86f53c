using System.Data.Common;
using Dapper;

namespace Latchkey.Applications.Status;

/// <summary>The table application_statuses.</summary>
public sealed class StatusStore
{
    private const string Columns = "id, app_id, previous, status, reason, actor, began_at";

    public Task Insert(DbConnection db, StatusRow row) =>
        db.ExecuteAsync(
            "INSERT INTO application_statuses (id, app_id, previous, status, reason, actor, began_at) VALUES (@Id, @AppId, "
                + "@Previous, @Status, @Reason, @Actor, @BeganAt)",
            row
        );

    /// <summary>The application's current status.</summary>
    public Task<StatusRow?> Newest(DbConnection db, string appId) =>
        db.QueryFirstOrDefaultAsync<StatusRow>(
            $"SELECT {Columns} FROM application_statuses WHERE app_id = @appId ORDER BY began_at DESC LIMIT 1",
            new { appId }
        );

    /// <summary>An application's status changes, oldest first.</summary>
    public async Task<IReadOnlyList<StatusRow>> All(DbConnection db, string appId) =>
        [
            .. await db.QueryAsync<StatusRow>(
                $"SELECT {Columns} FROM application_statuses WHERE app_id = @appId ORDER BY began_at",
                new { appId }
            ),
        ];
}
