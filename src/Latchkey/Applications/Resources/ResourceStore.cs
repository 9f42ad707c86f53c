using System.Data.Common;
using Dapper;

namespace Latchkey.Applications.Resources;

/// <summary>The table resources.</summary>
public sealed class ResourceStore
{
    private const string Columns = "app_id, id, name, scopes, token_seconds, created_at";

    /// <summary>All of the application, in the order of their ids.</summary>
    public async Task<IReadOnlyList<Resource>> List(DbConnection db, string appId) =>
        [.. await db.QueryAsync<Resource>($"SELECT {Columns} FROM resources WHERE app_id = @appId ORDER BY id", new { appId })];

    /// <summary>Adds the resource, or replaces what is stored of it.</summary>
    public Task Save(DbConnection db, Resource resource) =>
        db.ExecuteAsync(
            """
            INSERT INTO resources (app_id, id, name, scopes, token_seconds, created_at)
            VALUES (@AppId, @Id, @Name, @Scopes, @TokenSeconds, @CreatedAt)
            ON CONFLICT (app_id, id) DO UPDATE SET name = @Name, scopes = @Scopes, token_seconds = @TokenSeconds
            """,
            resource
        );

    /// <summary>False when there is none with this id.</summary>
    public async Task<bool> Delete(DbConnection db, string appId, string id) =>
        await db.ExecuteAsync("DELETE FROM resources WHERE app_id = @appId AND id = @id", new { appId, id }) == 1;
}
