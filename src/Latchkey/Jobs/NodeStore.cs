using System.Data.Common;
using Dapper;

namespace Latchkey.Jobs;

/// <summary>The table nodes: the servers that run on this database, as each of them says.</summary>
public sealed class NodeStore
{
    public Task Set(DbConnection db, Node node) =>
        db.ExecuteAsync(
            """
            INSERT INTO nodes (id, name, version, started_at, seen_at, work)
            VALUES (@Id, @Name, @Version, @StartedAt, @SeenAt, @Work)
            ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at, work = excluded.work
            """,
            new
            {
                node.Id,
                node.Name,
                node.Version,
                node.StartedAt,
                node.SeenAt,
                node.Work,
            }
        );

    /// <summary>The oldest first.</summary>
    public async Task<IReadOnlyList<Node>> List(DbConnection db) =>
        [.. await db.QueryAsync<Node>("SELECT id, name, version, started_at, seen_at, work FROM nodes ORDER BY started_at, id")];

    public Task Remove(DbConnection db, string id) => db.ExecuteAsync("DELETE FROM nodes WHERE id = @id", new { id });

    /// <summary>Removes the nodes that gave no sign of life since a time.</summary>
    public Task RemoveOlder(DbConnection db, long before) => db.ExecuteAsync("DELETE FROM nodes WHERE seen_at < @before", new { before });
}
