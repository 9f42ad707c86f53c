using System.Data.Common;
using Dapper;

namespace Latchkey.Data;

/// <summary>The differences between the two engines. All other SQL is the same for both.</summary>
public abstract class Dialect
{
    /// <summary>Replaces the App Id in <see cref="AnnounceChange"/> when something changed that affects all applications.</summary>
    public const string AllApplications = "*";

    /// <summary>As above, when a domain was given to an application or taken from it.</summary>
    public const string Domains = "domains";

    /// <summary>As above, when an operator set or removed a provider of the installation.</summary>
    public const string MessageProviders = "message-providers";

    public const string DiskFull = "the disk of the database is full";

    static Dialect()
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        SqlMapper.AddTypeHandler(new TextArrayTypeHandler());
    }

    /// <summary>The engine's name: the folder of its migrations, and its name in logs.</summary>
    public abstract string Name { get; }

    /// <summary>Takes the lock that lets one process at a time migrate. Held until the connection closes.</summary>
    public abstract Task LockMigrations(DbConnection db);

    /// <summary>Row lock clause for a SELECT whose rows are updated later in the transaction.</summary>
    public abstract string ForUpdate { get; }

    /// <summary>Row lock clause that skips rows locked by other nodes, for work queues.</summary>
    public abstract string ForUpdateSkipLocked { get; }

    /// <summary>Row lock clause for a SELECT whose rows must stay as they are until the transaction ends.</summary>
    public abstract string ForShare { get; }

    /// <summary>The condition that a text has all words of a parameter; both have spaces between their words.</summary>
    public abstract string HasWords(string text, string parameter);

    /// <summary>The text that a JSON object has under a name, which a parameter has; NULL for none.</summary>
    public abstract string JsonText(string json, string parameter);

    /// <summary>A text with A to Z in lower case, as indexes have it. Other letters stay, since SQLite does not know them.</summary>
    public abstract string AsciiLower(string text);

    /// <summary>The condition "is in this array parameter" (<see cref="TextArrayTypeHandler"/>), to follow the column's name.</summary>
    public abstract string InArray(string parameter);

    /// <summary>True when the exception is a unique violation whose last column is <paramref name="column"/>.</summary>
    public abstract bool IsUniqueViolation(DbException exception, string column);

    /// <summary>True when the engine cannot be reached or cannot write now. Any other error is a bug.</summary>
    public abstract bool IsUnavailable(Exception exception);

    /// <summary>True when background work should retry: the engine is unavailable or refused a statement.</summary>
    public bool IsTransient(Exception exception) => exception is DbException || IsUnavailable(exception);

    /// <summary>What a failed change says about the database, in a few words; null if it says nothing.</summary>
    public abstract string? WriteProblem(Exception exception);

    /// <summary>Notifies all processes on this database that the application changed. Runs in the caller's transaction.</summary>
    public abstract Task AnnounceChange(DbConnection db, string appId);

    /// <summary>
    /// The pause between batches of many writes that lets every waiting process write; zero where writers do not block each other.
    /// </summary>
    public virtual TimeSpan BulkWritePause => TimeSpan.Zero;

    /// <summary>
    /// Updates statistics after many rows were inserted, so that all processes replan statements planned for a small table.
    /// </summary>
    public virtual Task AnalyzeAfterBulkInsert(DbConnection db, string table) => Task.CompletedTask;

    /// <summary>
    /// Inserts rows of texts, integers and booleans in the caller's transaction, skipping those that violate a unique constraint. Returns
    /// the number inserted.
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

    /// <summary>The tables that hold data, without the engine's own and those filled by triggers.</summary>
    public abstract Task<IReadOnlyList<TableSchema>> Tables(DbConnection db);

    public abstract Task<bool> HasTable(DbConnection db, string name);

    /// <summary>Starts a transaction that reads one consistent snapshot.</summary>
    public abstract Task BeginSnapshot(DbConnection db);

    /// <summary>
    /// Appends rows to a table in the caller's transaction. Returns their number. A value is null, a string, a long, a bool or bytes.
    /// </summary>
    public abstract long BulkCopy(DbConnection db, TableSchema table, IEnumerable<object?[]> rows);
}
