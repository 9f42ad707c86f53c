using System.Data.Common;
using Dapper;

namespace Latchkey.Data;

/// <summary>What truly differs between the two engines. All other SQL is one text for both.</summary>
public abstract class Dialect
{
    /// <summary>In place of an App Id in <see cref="AnnounceChange"/>: something that all applications depend on has changed.</summary>
    public const string AllApplications = "*";

    static Dialect()
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        SqlMapper.AddTypeHandler(new TextArrayTypeHandler());
    }

    /// <summary>The folder of the migrations, and the engine's name in logs.</summary>
    public abstract string Name { get; }

    /// <summary>Takes the lock under which one process at a time migrates; held until the connection closes.</summary>
    public abstract Task LockMigrations(DbConnection db);

    /// <summary>Appended to a SELECT whose rows are updated later in the same transaction.</summary>
    public abstract string ForUpdate { get; }

    /// <summary>Appended to a SELECT of rows to work on, so that nodes that do the same work pass over each other's rows.</summary>
    public abstract string ForUpdateSkipLocked { get; }

    /// <summary>
    /// The condition that a text is among those of an array parameter (<see cref="TextArrayTypeHandler"/>), to stand after the column.
    /// </summary>
    public abstract string InArray(string parameter);

    /// <summary>True when the exception says that a unique constraint was hit; <paramref name="column"/> names its last column.</summary>
    public abstract bool IsUniqueViolation(DbException exception, string column);

    /// <summary>True when the engine cannot be reached or cannot write now; anything else it refuses is a fault of ours.</summary>
    public abstract bool IsUnavailable(Exception exception);

    /// <summary>What background work survives and tries again: the engine is out of order, or refused a statement.</summary>
    public bool IsTransient(Exception exception) => exception is DbException || IsUnavailable(exception);

    /// <summary>Tells every process that follows the database that this application changed; part of the caller's transaction.</summary>
    public abstract Task AnnounceChange(DbConnection db, string appId);

    /// <summary>
    /// Between bursts of many writes, so long that every other process that waits to write gets its turn; none where writers do not wait
    /// for each other.
    /// </summary>
    public virtual TimeSpan BulkWritePause => TimeSpan.Zero;

    /// <summary>
    /// After many rows came into a table: statements that were planned when it was small are planned anew, by every process.
    /// </summary>
    public virtual Task AnalyzeAfterBulkInsert(DbConnection db, string table) => Task.CompletedTask;

    /// <summary>
    /// Adds rows of texts, whole numbers and truth values as part of the caller's transaction; those that hit a unique constraint are left
    /// out. How many were added.
    /// </summary>
    public virtual async Task<int> InsertMany(DbConnection db, string table, IReadOnlyList<string> columns, IReadOnlyList<object?[]> rows)
    {
        using var insert = db.CreateCommand();
        insert.CommandText =
            $"INSERT INTO {table} ({string.Join(", ", columns)}) "
            + $"VALUES ({string.Join(", ", columns.Select(column => $"@{column}"))}) ON CONFLICT DO NOTHING";
        foreach (var column in columns)
        {
            var parameter = insert.CreateParameter();
            parameter.ParameterName = $"@{column}";
            insert.Parameters.Add(parameter);
        }

        var added = 0;
        foreach (var row in rows)
        {
            for (var i = 0; i < row.Length; i++)
            {
                insert.Parameters[i].Value = row[i] ?? DBNull.Value;
            }

            added += await insert.ExecuteNonQueryAsync();
        }

        return added;
    }

    public abstract Task<string> EngineVersion(DbConnection db);

    /// <summary>The tables that hold data, without those the engine keeps for itself or fills by triggers.</summary>
    public abstract Task<IReadOnlyList<TableSchema>> Tables(DbConnection db);

    public abstract Task<bool> HasTable(DbConnection db, string name);

    /// <summary>Begins a transaction in which everything is read as it was at one moment.</summary>
    public abstract Task BeginSnapshot(DbConnection db);

    /// <summary>
    /// Appends rows to a table, as part of the caller's transaction; their number. A value is null, a string, a long, a bool or bytes.
    /// </summary>
    public abstract long BulkCopy(DbConnection db, TableSchema table, IEnumerable<object?[]> rows);
}
