using System.Data.Common;
using Dapper;

namespace Latchkey.Applications.Domains;

/// <summary>The table application_domains.</summary>
public sealed class DomainStore
{
    /// <summary>All domains of all applications.</summary>
    public async Task<IReadOnlyList<(string Host, string AppId)>> All(DbConnection db) =>
        [.. await db.QueryAsync<(string Host, string AppId)>("SELECT host, app_id FROM application_domains")];

    public async Task<IReadOnlyList<string>> List(DbConnection db, string appId) =>
        [.. await db.QueryAsync<string>("SELECT host FROM application_domains WHERE app_id = @appId ORDER BY host", new { appId })];

    /// <summary>Gives the domain to the application; false when an application has it.</summary>
    public async Task<bool> Insert(DbConnection db, string appId, string host, long now) =>
        await db.ExecuteAsync(
            "INSERT INTO application_domains (host, app_id, created_at) VALUES (@host, @appId, @now) ON CONFLICT (host) DO NOTHING",
            new
            {
                host,
                appId,
                now,
            }
        ) == 1;

    /// <summary>Takes the domain from the application; false when it does not have it.</summary>
    public async Task<bool> Delete(DbConnection db, string appId, string host) =>
        await db.ExecuteAsync("DELETE FROM application_domains WHERE host = @host AND app_id = @appId", new { host, appId }) == 1;
}
