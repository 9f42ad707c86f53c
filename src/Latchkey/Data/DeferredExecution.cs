using System.Data.Common;
using Dapper;

namespace Latchkey.Data;

/// <summary>Statements whose result is not needed.</summary>
public static class DeferredExecution
{
    /// <summary>
    /// Runs a statement in the transaction of <see cref="Database.Write{T}"/>, at the latest just before the commit. Later statements of
    /// the transaction must not depend on it. If it fails, the transaction fails.
    /// </summary>
    /// <param name="db">The transaction's connection.</param>
    /// <param name="sql">A single statement.</param>
    /// <param name="parameters">An object with one property per parameter; not a list.</param>
    /// <param name="changed">Gets the number of changed rows, on PostgreSQL after the commit.</param>
    public static async Task ExecuteDeferred(this DbConnection db, string sql, object parameters, Action<int>? changed = null)
    {
        if (db is PreparedConnection sqlite)
        {
            sqlite.Execute(sql, parameters);
            changed?.Invoke(sqlite.ChangedRows);
        }
        else if (!DeferredBatch.TryAdd(db, sql, parameters, changed))
        {
            var rows = await db.ExecuteAsync(sql, parameters);
            changed?.Invoke(rows);
        }
    }
}
