using System.Data.Common;
using Latchkey.Core;

namespace Latchkey.Data;

/// <summary>
/// The one way to the tables. Reads run on any connection; a write is a transaction that commits when its work returns, and
/// rolls back when it throws or returns an outcome that did not succeed. When <see cref="Write{T}"/> returns, a kill -9 or a
/// power cut can no longer undo it.
/// </summary>
public abstract class Database(Dialect dialect) : IAsyncDisposable
{
    public Dialect Dialect { get; } = dialect;

    /// <summary>The time that all processes on this database go by.</summary>
    public virtual TimeProvider Clock => TimeProvider.System;

    public abstract Task<T> Read<T>(Func<DbConnection, Task<T>> query);

    /// <summary>
    /// The work may run more than once (a deadlock victim starts again; so does, once, what met a row that had come since it looked),
    /// may await nothing but the connection it is given, and holds up other writers on SQLite: hash passwords and make keys before.
    /// </summary>
    public abstract Task<T> Write<T>(Func<DbConnection, Task<T>> change);

    /// <summary>
    /// Keeps a copy of an older schema's data before it is migrated; where it lies, or null where the operator's own backups do that.
    /// </summary>
    public abstract Task<string?> BackUpBeforeMigration(int schema);

    public async Task Write(Func<DbConnection, Task> change) =>
        await Write(async db =>
        {
            await change(db);
            return default(Done);
        });

    /// <summary>Opens the engine that the connection string names: <c>postgres://…</c>, <c>Host=…</c>, or else a SQLite file.</summary>
    /// <param name="connection">The connection string.</param>
    /// <param name="listen">Where PostgreSQL's notifications are heard, if not there.</param>
    /// <param name="lockWait">How long a write waits while another process writes to SQLite.</param>
    public static Database Open(string connection, string listen = "", TimeSpan? lockWait = null) =>
        PostgresDatabase.IsPostgres(connection)
            ? new PostgresDatabase(connection, listen)
            : new SqliteDatabase(connection, lockWait ?? TimeSpan.FromSeconds(5));

    /// <summary>Whether there is something to open: a file is there, or it is on a server that will tell.</summary>
    public static bool Exists(string connection) =>
        PostgresDatabase.IsPostgres(connection) || File.Exists(SqliteDatabase.FilePath(connection));

    public abstract ValueTask DisposeAsync();

    protected static bool IsFailure<T>(T outcome) => outcome is IOutcome { Succeeded: false };
}
