using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using Dapper;
using Latchkey.Core;
using Latchkey.Core.Configuration;
using Microsoft.Data.Sqlite;

namespace Latchkey.Data;

/// <summary>
/// SQLite in one file: WAL, synchronous FULL, any number of readers, and one writer thread with group commit. The writer takes all
/// waiting changes, runs each in its own savepoint, and commits once (one fsync) before it completes any of them. From time to time, and
/// when it ends, it moves the write-ahead log into the file.
/// </summary>
public sealed class SqliteDatabase : Database
{
    private const int MaxGroupSize = 128;
    private const int MaxIdleReaders = 8;

    private static readonly TimeSpan DefaultCheckpointInterval = TimeSpan.FromMinutes(1);

    private readonly TimeSpan lockWait;
    private readonly TimeSpan checkpointInterval;
    private readonly SqliteFile file;
    private readonly string readString;
    private readonly string writeString;
    private readonly Channel<Change> waiting = Channel.CreateUnbounded<Change>(new() { SingleReader = true });
    private readonly PreparedConnection?[] idle = new PreparedConnection?[MaxIdleReaders];
    private readonly Thread writer;
    private volatile bool isEnding;

    /// <param name="connection">The database file.</param>
    /// <param name="lockWait">How long a write waits for another process's write lock.</param>
    /// <param name="checkpointInterval">How long changes may stand only in the log; a minute by default.</param>
    /// <exception cref="InvalidSettingException">The connection is no file, or its file has lost its log.</exception>
    public SqliteDatabase(string connection, TimeSpan lockWait, TimeSpan? checkpointInterval = null)
        : base(new SqliteDialect())
    {
        this.lockWait = lockWait;
        this.checkpointInterval = checkpointInterval ?? DefaultCheckpointInterval;
        file = new SqliteFile(connection);
        var builder = new SqliteConnectionStringBuilder
        {
            DataSource = file.Path,
            ForeignKeys = true,
            DefaultTimeout = (int)Math.Ceiling(lockWait.TotalSeconds / 2),
            Pooling = false,
        };
        writeString = builder.ToString();
        builder.Mode = SqliteOpenMode.ReadOnly;
        readString = builder.ToString();
        file.RequireLog();
        file.CreateOwnerOnly();
        writer = new Thread(RunWriter) { IsBackground = true, Name = "sqlite-writer" };
        writer.Start();
    }

    public override async Task<T> Read<T>(Func<DbConnection, Task<T>> query)
    {
        var connection = TakeIdle() ?? OpenReader();
        try
        {
            var found = await query(connection);
            if (!isEnding && connection.IsIdle && KeepIdle(connection))
            {
                connection = null;
            }

            return found;
        }
        finally
        {
            connection?.Dispose(); // a failed connection is not reused
        }
    }

    private PreparedConnection? TakeIdle()
    {
        for (var i = 0; i < idle.Length; i++)
        {
            if (Interlocked.Exchange(ref idle[i], null) is { } connection)
            {
                return connection;
            }
        }

        return null;
    }

    /// <summary>False when enough connections wait.</summary>
    private bool KeepIdle(PreparedConnection connection)
    {
        for (var i = 0; i < idle.Length; i++)
        {
            if (Interlocked.CompareExchange(ref idle[i], connection, null) is null)
            {
                if (isEnding)
                {
                    TakeIdle()?.Dispose(); // the end may have looked already
                }

                return true;
            }
        }

        return false;
    }

    public override string? WriteProblem => file.IsDiskFull ? SqliteDialect.DiskFull : base.WriteProblem;

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
        var copy = string.Create(CultureInfo.InvariantCulture, $"{file.Path}.schema-{schema}");
        using var output = OutputFile.Create(copy, overwrite: true);
        await Read(db => db.ExecuteAsync("VACUUM INTO @Draft", new { output.Draft })); // accepts an empty file and keeps its mode
        if (await HasSchema(output.Draft, schema))
        {
            output.Publish();
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

    public override async Task RequireWritable()
    {
        if (file.FindUnwritable() is { } path)
        {
            throw new InvalidSettingException(
                $"{path} cannot be written: it belongs to another user, or its file system is read-only. The server writes to this folder."
            );
        }

        await Write(_ => Task.FromResult(default(Done)));
    }

    public override async ValueTask DisposeAsync()
    {
        isEnding = true;
        if (waiting.Writer.TryComplete())
        {
            await Task.Run(writer.Join);
        }
    }

    /// <summary>SQLite's temporary files stay in memory: nothing but the database's folder has to be writable.</summary>
    private PreparedConnection OpenReader()
    {
        var connection = new SqliteConnection(readString);
        connection.Open();
        connection.Execute(
            string.Create(CultureInfo.InvariantCulture, $"PRAGMA busy_timeout = {lockWait.TotalMilliseconds}; PRAGMA temp_store = MEMORY")
        );
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
                PRAGMA temp_store = MEMORY;
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
        var log = new LogState(checkpointInterval);
        while (WaitForChange(connection, log))
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
                log.Grew();
            }
            catch (SqliteException broken)
            {
                // The whole group is rolled back (disk full, file locked). Every caller gets the error; the next group starts on a new
                // connection.
                RecordWriteFailure(broken);
                connection?.Dispose();
                connection = null;
                while (reader.TryRead(out var stuck))
                {
                    group.Add(stuck); // changes waiting now would only wait again for the same lock
                }

                group.ForEach(change => change.Fail(broken));
            }
        }

        while (TakeIdle() is { } open)
        {
            open.Dispose();
        }

        connection?.EndLog();
        connection?.Dispose();
    }

    /// <summary>Waits for a change, and meanwhile checkpoints when it is due; false at the end.</summary>
    private bool WaitForChange(PreparedConnection? connection, LogState log)
    {
        var next = waiting.Reader.WaitToReadAsync().AsTask();
        if (connection is not null && log.UntilCheckpoint is { } left && (left <= TimeSpan.Zero || !next.Wait(left)))
        {
            connection.Checkpoint();
            log.Checkpointed();
        }

        return next.GetAwaiter().GetResult();
    }

    private static void RunInSavepoint(PreparedConnection connection, Change change)
    {
        connection.Execute("SAVEPOINT change");
        if (change.Run(connection))
        {
            connection.Execute("RELEASE change");
            return;
        }

        connection.Execute("ROLLBACK TO change");
        connection.Execute("RELEASE change");
        if (change.ShouldRetry)
        {
            RunInSavepoint(connection, change);
        }
    }

    /// <summary>Whether changes stand only in the write-ahead log, and since when.</summary>
    private sealed class LogState(TimeSpan interval)
    {
        private long since;
        private bool hasGrown;

        /// <summary>Null when everything stands in the file.</summary>
        public TimeSpan? UntilCheckpoint => hasGrown ? interval - TimeProvider.System.GetElapsedTime(since) : null;

        public void Grew()
        {
            if (!hasGrown)
            {
                (hasGrown, since) = (true, TimeProvider.System.GetTimestamp());
            }
        }

        public void Checkpointed() => hasGrown = false;
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
