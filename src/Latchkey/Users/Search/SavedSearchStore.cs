using System.Data.Common;
using Dapper;

namespace Latchkey.Users.Search;

/// <summary>The table saved_searches.</summary>
public sealed class SavedSearchStore
{
    /// <summary>An account's searches for an application, by name.</summary>
    public async Task<IReadOnlyList<SavedSearch>> List(DbConnection db, string appId, string developerId) =>
        [
            .. await db.QueryAsync<SavedSearch>(
                "SELECT id, name, query FROM saved_searches WHERE app_id = @appId AND developer_id = @developerId "
                    + "ORDER BY lower(name), name",
                new { appId, developerId }
            ),
        ];

    /// <exception cref="DbException">Unique violation of <c>name</c>: the account has a search with it.</exception>
    public Task Insert(DbConnection db, string appId, string developerId, SavedSearch search, long now) =>
        db.ExecuteAsync(
            "INSERT INTO saved_searches (app_id, id, developer_id, name, query, created_at) "
                + "VALUES (@appId, @Id, @developerId, @Name, @Query, @now)",
            new
            {
                appId,
                search.Id,
                developerId,
                search.Name,
                search.Query,
                now,
            }
        );

    /// <summary>False when the account has no such search.</summary>
    /// <exception cref="DbException">As for <see cref="Insert"/>.</exception>
    public async Task<bool> Rename(DbConnection db, string appId, string developerId, string id, string name) =>
        await db.ExecuteAsync(
            "UPDATE saved_searches SET name = @name WHERE app_id = @appId AND id = @id AND developer_id = @developerId",
            new
            {
                appId,
                developerId,
                id,
                name,
            }
        ) == 1;

    public Task Delete(DbConnection db, string appId, string developerId, string id) =>
        db.ExecuteAsync(
            "DELETE FROM saved_searches WHERE app_id = @appId AND id = @id AND developer_id = @developerId",
            new
            {
                appId,
                developerId,
                id,
            }
        );
}
