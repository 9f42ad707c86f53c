using System.Data.Common;
using Dapper;

namespace Latchkey.Applications.Status;

/// <summary>The table jwt_switches.</summary>
public sealed class JwtSwitchStore
{
    public Task Insert(DbConnection db, JwtSwitchRow row) =>
        db.ExecuteAsync(
            "INSERT INTO jwt_switches (id, app_id, enabled, reason, actor, switched_at) VALUES (@Id, @AppId, @Enabled, @Reason, "
                + "@Actor, @SwitchedAt)",
            row
        );

    /// <summary>The newest ones, newest first.</summary>
    public async Task<IReadOnlyList<JwtSwitchRow>> List(DbConnection db, string appId, int limit) =>
        [
            .. await db.QueryAsync<JwtSwitchRow>(
                "SELECT id, app_id, enabled, reason, actor, switched_at FROM jwt_switches WHERE app_id = @appId ORDER BY id DESC "
                    + "LIMIT @limit",
                new { appId, limit }
            ),
        ];
}
