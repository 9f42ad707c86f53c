using System.Data.Common;
using Dapper;

namespace Latchkey.Data;

/// <summary>Statements whose outcome nobody waits for.</summary>
public static class DeferredExecution
{
    /// <summary>
    /// Runs a statement in the transaction of <see cref="Database.Write{T}"/>, at the latest right before it commits. What follows in
    /// the transaction must not depend on it; when it fails, the transaction does.
    /// </summary>
    /// <param name="db">The transaction's connection.</param>
    /// <param name="sql">One statement.</param>
    /// <param name="parameters">Its parameters, one property each; not a list.</param>
    public static Task ExecuteDeferred(this DbConnection db, string sql, object parameters) =>
        DeferredBatch.TryAdd(db, sql, parameters) ? Task.CompletedTask : db.ExecuteAsync(sql, parameters);
}
