using System.Data.Common;
using Dapper;

namespace Latchkey.Data;

/// <summary>What truly differs between the two engines. All other SQL is one text for both.</summary>
public abstract class Dialect
{
    static Dialect() => DefaultTypeMap.MatchNamesWithUnderscores = true;

    /// <summary>The folder of the migrations, and the engine's name in logs.</summary>
    public abstract string Name { get; }

    /// <summary>Takes the lock under which one process at a time migrates; held until the connection closes.</summary>
    public abstract Task LockMigrations(DbConnection db);

    /// <summary>Appended to a SELECT whose rows are updated later in the same transaction.</summary>
    public abstract string ForUpdate { get; }

    /// <summary>Appended to a SELECT of rows to work on, so that nodes that do the same work pass over each other's rows.</summary>
    public abstract string ForUpdateSkipLocked { get; }

    /// <summary>The condition that a value is among those of an array parameter, to stand after the column.</summary>
    public abstract string Among(string parameter);

    /// <summary>True when the exception says that a unique constraint was hit; <paramref name="column"/> names its last column.</summary>
    public abstract bool IsUniqueViolation(DbException exception, string column);

    /// <summary>True when the engine cannot be reached or cannot write now; anything else it refuses is a fault of ours.</summary>
    public abstract bool IsOutOfOrder(Exception exception);

    /// <summary>Tells every process that follows the database that this application changed; part of the caller's transaction.</summary>
    public abstract Task AnnounceChange(DbConnection db, string appId);

    public abstract Task<string> EngineVersion(DbConnection db);
}
