using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Data.Sqlite;

namespace Latchkey.Data;

/// <summary>
/// A connection to SQLite that keeps its statements prepared: parsing and planning one costs more than running it. What runs is a
/// command of Microsoft.Data.Sqlite that is lent out by its text and comes back when its user is done.
/// </summary>
public sealed class PreparedConnection(SqliteConnection inner) : DbConnection
{
    private const int MaxCachedCommands = 100;
    private readonly Dictionary<string, SqliteCommand> cache = new(StringComparer.Ordinal);

    /// <summary>False while a transaction is open.</summary>
    public bool IsIdle => SQLitePCL.raw.sqlite3_get_autocommit(inner.Handle) != 0;

    /// <summary>Seconds for which a command waits for a lock.</summary>
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

    /// <summary>A command with this text that nobody else uses; prepared if it was here before.</summary>
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

    internal void Return(SqliteCommand command)
    {
        command.Parameters.Clear();
        if (cache.Count >= MaxCachedCommands || !IsOneStatement(command.CommandText) || !cache.TryAdd(command.CommandText, command))
        {
            command.Dispose();
        }
    }

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
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>The later statements of a script may need what the earlier ones make, so scripts are not prepared ahead.</summary>
    private static bool IsOneStatement(string text) => !text.AsSpan().TrimEnd().TrimEnd(';').Contains(';');
}
