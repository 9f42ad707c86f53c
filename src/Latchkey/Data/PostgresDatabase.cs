using System.Data.Common;
using Dapper;
using Npgsql;

namespace Latchkey.Data;

/// <summary>PostgreSQL, for several nodes. Each write is a transaction on a pooled connection.</summary>
/// <param name="connection">One or several hosts; see <see cref="PostgresConnectionString"/>.</param>
/// <param name="listen">The connection for notifications, if different: needed behind a pooler that does not forward them.</param>
public sealed class PostgresDatabase(string connection, string listen = "") : Database(new PostgresDialect())
{
    private const int MaxAttempts = 4;

    /// <summary>One connection of so many is kept for reads.</summary>
    private const int ReadShare = 5;
    private static readonly TimeSpan MaxWriteWait = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromMilliseconds(500);

    private readonly DatabaseClock clock = new();
    private readonly DatabaseAvailability availability = new();
    private readonly PostgresHosts? listeners =
        listen.Length > 0
            ? new PostgresHosts(PostgresConnectionString.ParseHosts(listen, "LATCHKEY_DATABASE_LISTEN"), new DatabaseClock())
            : null;
    private PostgresHosts? hosts;
    private SemaphoreSlim? writers;

    /// <summary>The database's clock.</summary>
    public override TimeProvider Clock => clock;

    /// <summary>True while the database does not respond, according to <see cref="ProbeAsync"/>.</summary>
    public bool IsLost => availability.IsLost;

    private PostgresHosts Hosts =>
        LazyInitializer.EnsureInitialized(ref hosts, () => new PostgresHosts(PostgresConnectionString.ParseHosts(connection), clock));

    /// <summary>
    /// The connections that writes may hold at the same time. Writes can wait for each other's locks; reads do not, and always find one of
    /// the others.
    /// </summary>
    private SemaphoreSlim Writers =>
        LazyInitializer.EnsureInitialized(
            ref writers,
            () =>
            {
                var size = PostgresConnectionString.ParseHosts(connection)[0].MaxPoolSize;
                return new SemaphoreSlim(Math.Max(1, size - Math.Max(1, size / ReadShare)));
            }
        );

    public static bool IsPostgres(string connection) => PostgresConnectionString.IsPostgres(connection);

    public override Task<T> Read<T>(Func<DbConnection, Task<T>> query) =>
        availability.Run(async lost =>
        {
            await using var db = await Open(lost);
            return await query(db);
        });

    public override Task<T> Write<T>(Func<DbConnection, Task<T>> change) =>
        availability.Run(async lost =>
        {
            if (!await Writers.WaitAsync(MaxWriteWait, lost))
            {
                throw new NpgsqlException("All connections for writes are in use.");
            }

            try
            {
                return await WriteWithRetry(change, lost);
            }
            catch (PostgresException e) when (RecordWriteFailure(e))
            {
                throw;
            }
            finally
            {
                Writers.Release();
            }
        });

    private async Task<T> WriteWithRetry<T>(Func<DbConnection, Task<T>> change, CancellationToken lost)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await WriteOnce(change, lost);
            }
            catch (PostgresException e)
                when (e.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure && attempt < MaxAttempts)
            {
                // A deadlock victim: the engine rolled this transaction back.
            }
            catch (PostgresException e)
                when (e.SqlState is PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.ForeignKeyViolation && attempt == 1)
            {
                // A concurrent transaction committed between the look-up and the write; the second run sees its rows.
            }
        }
    }

    public override Task<string?> BackUpBeforeMigration(int schema) => Task.FromResult<string?>(null);

    /// <summary>Checks that the database responds, and follows the primary and its clock. Returns null, or why there is none.</summary>
    public async Task<string?> ProbeAsync()
    {
        try
        {
            await Hosts.Probe(ProbeTimeout);
            availability.RecordSuccess();
            return null;
        }
        catch (PostgresException e) when (!e.SqlState.StartsWith("57", StringComparison.Ordinal))
        {
            availability.RecordSuccess(); // a refusal (too many connections, for example) is a response
            return null;
        }
        catch (NpgsqlException e)
        {
            availability.RecordFailure();
            return e.Message;
        }
    }

    /// <summary>Listens on a channel until stopped or the connection is lost.</summary>
    public async Task Listen(string channel, Action resync, Action<string> received, CancellationToken stop)
    {
        if (listeners is not null)
        {
            await listeners.Probe(ProbeTimeout);
        }

        await using var db = (await (listeners ?? Hosts).Primary()).Connect();
        await new PostgresNotificationListener(channel, Tick).Listen(db, resync, received, stop);
    }

    public override async ValueTask DisposeAsync()
    {
        if (hosts is not null)
        {
            await hosts.DisposeAsync();
        }

        if (listeners is not null)
        {
            await listeners.DisposeAsync();
        }

        availability.Dispose();
        writers?.Dispose();
    }

    private Task Tick() => Read(db => db.ExecuteAsync($"NOTIFY {PostgresNotificationListener.TickChannel}"));

    private async Task<T> WriteOnce<T>(Func<DbConnection, Task<T>> change, CancellationToken lost)
    {
        await using var db = await Open(lost);
        await using var transaction = await db.BeginTransactionAsync(lost);
        var last = DeferredBatch.Begin(db);
        var outcome = await change(db);
        lost.ThrowIfCancellationRequested(); // the caller has already got an error
        if (IsFailure(outcome))
        {
            await transaction.RollbackAsync(CancellationToken.None);
        }
        else
        {
            await last.Commit(db, transaction);
        }

        return outcome;
    }

    private async ValueTask<NpgsqlConnection> Open(CancellationToken lost) => await (await Hosts.Primary()).Pool.OpenConnectionAsync(lost);
}
