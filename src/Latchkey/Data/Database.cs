using System.Data.Common;
using Latchkey.Core;
using Latchkey.Core.Configuration;

namespace Latchkey.Data;

/// <summary>
/// Access to the database. Reads run on any connection. A write is a transaction that commits when its function returns, and rolls back
/// when it throws or returns a failed result. When <see cref="Write{T}"/> returns, the change survives a crash or power cut.
/// </summary>
public abstract class Database(Dialect dialect) : IAsyncDisposable
{
    private readonly WriteFailures failures = new();

    public Dialect Dialect { get; } = dialect;

    /// <summary>The clock shared by all processes on this database.</summary>
    public virtual TimeProvider Clock => TimeProvider.System;

    public abstract Task<T> Read<T>(Func<DbConnection, Task<T>> query);

    /// <summary>
    /// Runs a function in a write transaction. The function may run more than once (after a deadlock, or once more when a concurrent insert
    /// conflicts with what it read). It may await only the connection it is given, and blocks other writers on SQLite: hash passwords and
    /// generate keys before it.
    /// </summary>
    public abstract Task<T> Write<T>(Func<DbConnection, Task<T>> change);

    /// <summary>Why changes fail now, for <c>/health/ready</c>; null if they do not.</summary>
    public virtual string? WriteProblem => failures.Current;

    /// <summary>Checks at start that the database takes changes, so that nothing is announced that cannot work.</summary>
    /// <exception cref="InvalidSettingException">It does not, because of its files.</exception>
    public virtual Task RequireWritable() => Task.CompletedTask; // PostgreSQL's heartbeat finds the host that does

    /// <summary>
    /// Backs up the database before a migration. Returns the file; null where the operator's own backups are responsible.
    /// </summary>
    public abstract Task<string?> BackUpBeforeMigration(int schema);

    public async Task Write(Func<DbConnection, Task> change) =>
        await Write(async db =>
        {
            await change(db);
            return default(Done);
        });

    /// <summary>Opens the engine of the connection string: <c>postgres://…</c>, <c>Host=…</c>, otherwise a SQLite file.</summary>
    /// <param name="connection">The connection string.</param>
    /// <param name="listen">The connection string for PostgreSQL notifications, if different.</param>
    /// <param name="lockWait">How long a write waits for another process's SQLite write lock.</param>
    public static Database Open(string connection, string listen = "", TimeSpan? lockWait = null) =>
        PostgresDatabase.IsPostgres(connection)
            ? new PostgresDatabase(connection, listen)
            : new SqliteDatabase(connection, lockWait ?? TimeSpan.FromSeconds(5));

    /// <summary>The <see cref="Dialect.Name"/> of the engine that <see cref="Open"/> would open.</summary>
    public static string EngineOf(string connection) =>
        PostgresDatabase.IsPostgres(connection) ? PostgresDialect.Engine : SqliteDialect.Engine;

    /// <summary>Whether the SQLite file exists. Always true for PostgreSQL: connecting will tell.</summary>
    public static bool Exists(string connection) => PostgresDatabase.IsPostgres(connection) || new SqliteFile(connection).Exists;

    public abstract ValueTask DisposeAsync();

    /// <summary>Remembers a failed change that says something about the database; always false, for filters of exceptions.</summary>
    protected bool RecordWriteFailure(Exception exception)
    {
        if (Dialect.WriteProblem(exception) is { } problem)
        {
            failures.Record(problem);
        }

        return false;
    }

    protected static bool IsFailure<T>(T outcome) => outcome is IOutcome { Succeeded: false };
}
