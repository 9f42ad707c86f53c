using System.Collections.Concurrent;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using Dapper;
using Latchkey.Core.Configuration;
using Microsoft.Data.Sqlite;

namespace Latchkey.Data;

/// <summary>
/// SQLite in one file: WAL, synchronous FULL, any number of readers, and one writer thread with group commit. The writer takes all
/// waiting changes, runs each in its own savepoint, and commits once (one fsync) before it completes any of them.
/// </summary>
public sealed class SqliteDatabase : Database
{
    private const int MaxGroupSize = 128;
    private const int MaxIdleReaders = 8;

    private readonly TimeSpan lockWait;
    private readonly string path;
    private readonly string readString;
    private readonly string writeString;
    private readonly Channel<Change> waiting = Channel.CreateUnbounded<Change>(new() { SingleReader = true });
    private readonly ConcurrentBag<PreparedConnection> idle = [];
    private readonly Thread writer;

    /// <param name="file">The database file.</param>
    /// <param name="lockWait">How long a write waits for another process's write lock.</param>
    public SqliteDatabase(string file, TimeSpan lockWait)
        : base(new SqliteDialect())
    {
        this.lockWait = lockWait;
        path = FilePath(file);
        CreateFolder(Path.GetDirectoryName(path) ?? "/");
        var builder = new SqliteConnectionStringBuilder
        {
            DataSource = path,
            ForeignKeys = true,
            DefaultTimeout = (int)Math.Ceiling(lockWait.TotalSeconds / 2),
            Pooling = false,
        };
        writeString = builder.ToString();
        builder.Mode = SqliteOpenMode.ReadOnly;
        readString = builder.ToString();
        CreateOwnerOnly(path);
        writer = new Thread(RunWriter) { IsBackground = true, Name = "sqlite-writer" };
        writer.Start();
    }

    /// <summary>The file that a connection string names.</summary>
    /// <exception cref="InvalidSettingException">The string looks like a URL. As a file name it would create an empty installation, and
    /// expose a password it may contain.</exception>
    public static string FilePath(string connection)
    {
        var file = connection.StartsWith("sqlite:", StringComparison.OrdinalIgnoreCase) ? connection["sqlite:".Length..] : connection;
        return file.Contains("://", StringComparison.Ordinal)
            ? throw new InvalidSettingException(
                "LATCHKEY_DATABASE (or --database) is an address that cannot be read. Give a SQLite file, or PostgreSQL like "
                    + "postgres://user:password@host/name."
            )
            : Path.GetFullPath(file);
    }

    /// <summary>Creates the folder with access for its owner only; an existing folder is not changed.</summary>
    private static void CreateFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    public override async Task<T> Read<T>(Func<DbConnection, Task<T>> query)
    {
        var connection = idle.TryTake(out var open) ? open : OpenReader();
        try
        {
            var found = await query(connection);
            if (idle.Count < MaxIdleReaders && connection.IsIdle)
            {
                idle.Add(connection);
                connection = null;
            }

            return found;
        }
        finally
        {
            connection?.Dispose(); // a failed connection is not reused
        }
    }

    public override Task<T> Write<T>(Func<DbConnection, Task<T>> change)
    {
        var work = new Change<T>(change);
        return waiting.Writer.TryWrite(work) ? work.Answer : throw new ObjectDisposedException(nameof(SqliteDatabase));
    }

    /// <summary>
    /// Backs up to a file next to the database, named after the schema version. Replaces the outdated file of an earlier attempt.
    /// </summary>
    public override async Task<string?> BackUpBeforeMigration(int schema)
    {
        var copy = string.Create(CultureInfo.InvariantCulture, $"{path}.schema-{schema}");
        var draft = $"{copy}.{Path.GetRandomFileName()}.part";
        try
        {
            CreateOwnerOnly(draft); // VACUUM INTO accepts an empty file and keeps its mode
            await Read(db => db.ExecuteAsync("VACUUM INTO @draft", new { draft }));
            if (await HasSchema(draft, schema))
            {
                AtomicFile.Publish(draft, copy, overwrite: true);
            }
        }
        finally
        {
            File.Delete(draft);
        }

        return copy;

        // If another process has migrated meanwhile, its backup is kept and this one is discarded.
        static async Task<bool> HasSchema(string file, int schema)
        {
            await using var db = new SqliteConnection(
                new SqliteConnectionStringBuilder
                {
                    DataSource = file,
                    Mode = SqliteOpenMode.ReadOnly,
                    Pooling = false,
                }.ToString()
            );
            return await Migrator.ReadVersion(db) == schema;
        }
    }

    public override async ValueTask DisposeAsync()
    {
        if (waiting.Writer.TryComplete())
        {
            await Task.Run(writer.Join);
            while (idle.TryTake(out var open))
            {
                await open.DisposeAsync();
            }
        }
    }

    private static void CreateOwnerOnly(string path)
    {
        if (!File.Exists(path))
        {
            var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            new FileStream(path, options).Dispose();
        }
    }

    private PreparedConnection OpenReader()
    {
        var connection = new SqliteConnection(readString);
        connection.Open();
        return new PreparedConnection(connection);
    }

    /// <summary>Deleted data is overwritten with zeros (secure_delete), so that an erased user cannot be recovered from the file.</summary>
    private PreparedConnection OpenWriter()
    {
        var connection = new SqliteConnection(writeString);
        connection.Open();
        connection.Execute(
            string.Create(
                CultureInfo.InvariantCulture,
                $"""
                PRAGMA busy_timeout = {lockWait.TotalMilliseconds};
                PRAGMA journal_mode = WAL;
                PRAGMA synchronous = FULL;
                PRAGMA secure_delete = ON;
                """
            )
        );
        return new PreparedConnection(connection);
    }

    private void RunWriter()
    {
        PreparedConnection? connection = null;
        var group = new List<Change>(MaxGroupSize);
        var reader = waiting.Reader;
        while (reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            group.Clear();
            try
            {
                connection ??= OpenWriter();
                connection.Execute("BEGIN IMMEDIATE");
                while (group.Count < MaxGroupSize && reader.TryRead(out var change))
                {
                    group.Add(change);
                    RunInSavepoint(connection, change);
                }

                connection.Execute("COMMIT");
                group.ForEach(change => change.Complete());
            }
            catch (SqliteException broken)
            {
                // The whole group is rolled back (disk full, file locked). Every caller gets the error; the next group starts on a new
                // connection.
                connection?.Dispose();
                connection = null;
                while (reader.TryRead(out var stuck))
                {
                    group.Add(stuck); // changes waiting now would only wait again for the same lock
                }

                group.ForEach(change => change.Fail(broken));
            }
        }

        connection?.Dispose();
    }

    private static void RunInSavepoint(PreparedConnection connection, Change change)
    {
        connection.Execute("SAVEPOINT change");
        if (change.Run(connection))
        {
            connection.Execute("RELEASE change");
            return;
        }

        connection.Execute("ROLLBACK TO change; RELEASE change");
        if (change.ShouldRetry)
        {
            RunInSavepoint(connection, change);
        }
    }

    private abstract class Change
    {
        /// <summary>After its first run: it conflicted with a row inserted since it read, so a second run may succeed.</summary>
        public abstract bool ShouldRetry { get; }

        /// <summary>Runs the change; false when it must be rolled back.</summary>
        public abstract bool Run(DbConnection connection);

        public abstract void Complete();

        public abstract void Fail(Exception reason);
    }

    private sealed class Change<T>(Func<DbConnection, Task<T>> work) : Change
    {
        private readonly TaskCompletionSource<T> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        [AllowNull]
        private T outcome;
        private ExceptionDispatchInfo? thrown;
        private int runs;

        public Task<T> Answer => answer.Task;

        public override bool ShouldRetry =>
            runs == 1 && thrown?.SourceException is SqliteException { SqliteErrorCode: SqliteDialect.Constraint };

        public override bool Run(DbConnection connection)
        {
            thrown = null;
            runs++;
            try
            {
                var running = work(connection);
                outcome = running.IsCompleted
                    ? running.GetAwaiter().GetResult()
                    : throw new InvalidOperationException("a write awaited something other than its connection");
                return !IsFailure(outcome);
            }
            catch (Exception e)
                when (e
                        is not SqliteException
                        {
                            SqliteErrorCode: SqliteDialect.Full
                                or SqliteDialect.IoError
                                or SqliteDialect.Corrupt
                                or SqliteDialect.NotADatabase
                        }
                )
            {
                thrown = ExceptionDispatchInfo.Capture(e); // passed to its own caller; the rest of the group continues
                return false;
            }
        }

        public override void Complete()
        {
            if (thrown is null)
            {
                answer.SetResult(outcome);
            }
            else
            {
                answer.SetException(thrown.SourceException);
            }
        }

        public override void Fail(Exception reason) => answer.TrySetException(reason);
    }
}
