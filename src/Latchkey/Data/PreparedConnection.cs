using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Data.Sqlite;

namespace Latchkey.Data;

/// <summary>
/// A SQLite connection that keeps its statements prepared: parsing and planning costs more than running. Commands of
/// Microsoft.Data.Sqlite are cached by their text and rented for one execution.
/// </summary>
public sealed class PreparedConnection(SqliteConnection inner) : DbConnection
{
    private const int MaxCachedCommands = 100;
    private readonly Dictionary<string, SqliteCommand> cache = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SqliteStatement> statements = new(StringComparer.Ordinal);

    /// <summary>False while a transaction is open.</summary>
    public bool IsIdle => SQLitePCL.raw.sqlite3_get_autocommit(inner.Handle) != 0;

    /// <summary>How long a command waits for a lock, in seconds.</summary>
    public int DefaultTimeout => inner.DefaultTimeout;

    [AllowNull]
    public override string ConnectionString
    {
        get => inner.ConnectionString;
        set => inner.ConnectionString = value;
    }

    public override string Database => inner.Database;

    public override string DataSource => inner.DataSource;

    public override string ServerVersion => inner.ServerVersion;

    public override ConnectionState State => inner.State;

    public override void ChangeDatabase(string databaseName) => inner.ChangeDatabase(databaseName);

    public override void Open() => inner.Open();

    public override void Close() => inner.Close();

    /// <summary>A command with this text for exclusive use; prepared if it was used before.</summary>
    internal SqliteCommand Rent(string text)
    {
        if (cache.Remove(text, out var command))
        {
            command.Prepare();
            return command;
        }

        command = inner.CreateCommand();
        command.CommandText = text;
        return command;
    }

    /// <summary>The first row of a SELECT with the parameters <c>$1</c>, <c>$2</c> and so on; null when there is none.</summary>
    internal T? QueryRow<T>(string sql, Func<IRow, T> read, ReadOnlySpan<string> parameters)
        where T : class => Statement(sql).First(read, parameters);

    /// <summary>Runs a single statement; each parameter <c>@Name</c> is a property of the object.</summary>
    /// <returns>The number in the first column of the first row that it returns; null when there is none.</returns>
    internal long? Execute(string sql, object? parameters = null) => Statement(sql).Execute(parameters);

    /// <summary>The number of rows that the last INSERT, UPDATE or DELETE changed.</summary>
    internal int ChangedRows => SQLitePCL.raw.sqlite3_changes(inner.Handle);

    private SqliteStatement Statement(string sql)
    {
        if (!statements.TryGetValue(sql, out var statement))
        {
            statement = new SqliteStatement(inner.Handle ?? throw new InvalidOperationException("the connection is closed"), sql);
            statements.Add(sql, statement); // a program has few of them
        }

        return statement;
    }

    internal void Return(SqliteCommand command)
    {
        command.Parameters.Clear();
        if (cache.Count >= MaxCachedCommands || !IsOneStatement(command.CommandText) || !cache.TryAdd(command.CommandText, command))
        {
            command.Dispose();
        }
    }

    /// <summary>
    /// Copies what stands in the write-ahead log into the file, as far as no reader is in the way. Failing changes nothing: the log stays.
    /// </summary>
    internal void Checkpoint() => TryRun("PRAGMA wal_checkpoint(PASSIVE)");

    /// <summary>
    /// Copies the write-ahead log into the file and switches it off, so that the file holds everything. Others that use the database
    /// prevent the second, and do it when they end.
    /// </summary>
    internal void EndLog()
    {
        TryRun("PRAGMA busy_timeout = 0");
        Checkpoint();
        TryRun("PRAGMA journal_mode = DELETE");
    }

    /// <summary>Not by a command of Microsoft.Data.Sqlite, which would wait and repeat it while others hold a lock.</summary>
    private void TryRun(string pragma) => _ = SQLitePCL.raw.sqlite3_exec(inner.Handle, pragma);

    protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel) =>
        throw new NotSupportedException("changes go through Database.Write, which has the transaction");

    protected override DbCommand CreateDbCommand() => new PreparedCommand(this);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (var command in cache.Values)
            {
                command.Dispose();
            }

            cache.Clear();
            foreach (var statement in statements.Values)
            {
                statement.Dispose();
            }

            statements.Clear();
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>Scripts are not prepared: later statements may depend on what earlier ones create.</summary>
    private static bool IsOneStatement(string text) => !text.AsSpan().TrimEnd().TrimEnd(';').Contains(';');
}
