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
    public static Task ExecuteDeferred(this DbConnection db, string sql, object parameters)
    {
        if (db is PreparedConnection sqlite)
        {
            sqlite.Execute(sql, parameters);
            return Task.CompletedTask;
        }

        return DeferredBatch.TryAdd(db, sql, parameters) ? Task.CompletedTask : db.ExecuteAsync(sql, parameters);
    }
}
