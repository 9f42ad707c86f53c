using System.Data.Common;
using Dapper;
using Npgsql;

namespace Latchkey.Data;

/// <summary>PostgreSQL, for more than one node. Each write is a transaction of its own on a pooled connection.</summary>
/// <param name="connection">One or several hosts, as <see cref="PostgresAddress"/> reads them.</param>
/// <param name="listen">Where to listen, if not there: behind a pooler that does not pass notifications on.</param>
public sealed class PostgresDatabase(string connection, string listen = "") : Database(new PostgresDialect())
{
    private const int MostAttempts = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    private readonly DatabaseClock clock = new();
    private readonly DatabaseLife life = new();
    private readonly PostgresHosts? listeners = listen.Length > 0 ? new PostgresHosts(PostgresAddress.Hosts(listen, "LATCHKEY_DATABASE_LISTEN"), new DatabaseClock()) : null;
    private PostgresHosts? hosts;

    /// <summary>The database's own.</summary>
    public override TimeProvider Clock => clock;

    /// <summary>True while it does not answer, as far as <see cref="Beat"/> has found out.</summary>
    public bool IsLost => life.IsLost;

    private PostgresHosts Hosts => LazyInitializer.EnsureInitialized(ref hosts, () => new PostgresHosts(PostgresAddress.Hosts(connection), clock));

    public static bool Recognises(string connection) => PostgresAddress.Recognises(connection);

    public override Task<T> Read<T>(Func<DbConnection, Task<T>> query) =>
        life.Run(async lost =>
        {
            await using var db = await Open(lost);
            return await query(db);
        });

    public override Task<T> Write<T>(Func<DbConnection, Task<T>> change) =>
        life.Run(async lost =>
        {
            for (var attempt = 1; ; attempt++)
            {
                try
                {
                    return await WriteOnce(change, lost);
                }
                catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure && attempt < MostAttempts)
                {
                    // The engine chose this transaction to give way; nothing of it happened.
                }
                catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.ForeignKeyViolation && attempt == 1)
                {
                    // Another transaction came between the look and the write: the second look sees what it did.
                }
            }
        });

    public override Task<string?> KeepCopy(int schema) => Task.FromResult<string?>(null);

    /// <summary>Asks whether it lives, and follows the primary and its clock; null, or why there is none.</summary>
    public async Task<string?> Beat()
    {
        try
        {
            await Hosts.Ask(Patience);
            life.Answered();
            return null;
        }
        catch (PostgresException e) when (!e.SqlState.StartsWith("57", StringComparison.Ordinal))
        {
            life.Answered(); // it refused the question, too many connections say, so it lives
            return null;
        }
        catch (NpgsqlException e)
        {
            life.Silent();
            return e.Message;
        }
    }

    /// <summary>Listens on a channel until it is stopped or nothing is heard any more.</summary>
    public async Task Listen(string channel, Action unsure, Action<string> received, CancellationToken stop)
    {
        if (listeners is not null)
        {
            await listeners.Ask(Patience);
        }

        await using var db = (await (listeners ?? Hosts).Primary()).Connect();
        await new PostgresFeed(channel, Tick).Listen(db, unsure, received, stop);
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

        life.Dispose();
    }

    private Task Tick() => Read(db => db.ExecuteAsync($"NOTIFY {PostgresFeed.Ticks}"));

    private async Task<T> WriteOnce<T>(Func<DbConnection, Task<T>> change, CancellationToken lost)
    {
        await using var db = await Open(lost);
        await using var transaction = await db.BeginTransactionAsync(lost);
        var last = CommitBatch.Begin(db);
        var outcome = await change(db);
        lost.ThrowIfCancellationRequested(); // whoever asked has been told that it failed
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
