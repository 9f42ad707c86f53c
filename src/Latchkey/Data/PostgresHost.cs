using System.Data;
using Dapper;
using Npgsql;

namespace Latchkey.Data;

/// <summary>One host: a connection pool, and a separate connection for probing.</summary>
internal sealed class PostgresHost : IAsyncDisposable
{
    /// <summary>
    /// How long a statement waits for a lock that somebody else holds. Behind a pooler, where a session belongs to no client, it is for the
    /// database's role to set.
    /// </summary>
    private static readonly TimeSpan LockTimeout = TimeSpan.FromMilliseconds(1500);

    private readonly DatabaseClock clock;
    private readonly Lazy<NpgsqlDataSource> pool;
    private readonly NpgsqlDataSource single;
    private NpgsqlConnection? probeConnection;
    private volatile bool isDirect;

    public PostgresHost(NpgsqlConnectionStringBuilder address, DatabaseClock clock)
    {
        this.clock = clock;
        single = CreateDataSource(new(address.ConnectionString) { Pooling = false, CommandTimeout = 0 });
        pool = new(() =>
            isDirect
                ? CreateDataSource(address, $"SET lock_timeout = {LockTimeout.TotalMilliseconds}")
                : CreateDataSource(new(address.ConnectionString) { MaxAutoPrepare = 0 })
        );
    }

    /// <summary>
    /// Keeps statements prepared on a direct connection; behind a pooler, each transaction may use another session. Use it after the first
    /// probe.
    /// </summary>
    public NpgsqlDataSource Pool => pool.Value;

    /// <summary>A new connection outside the pool, not opened yet.</summary>
    public NpgsqlConnection Connect() => single.CreateConnection();

    /// <summary>Whether the host accepts writes; if so, its clock is read too.</summary>
    /// <exception cref="Exception">The error of the connection, or <see cref="TimeoutException"/>.</exception>
    public async Task<bool> IsPrimary(TimeSpan patience)
    {
        var db = Interlocked.Exchange(ref probeConnection, null) ?? Connect();
        var asking = Probe(db, patience);
        try
        {
            var answer = await asking.WaitAsync(patience);
            probeConnection = db;
            return answer;
        }
        catch
        {
            _ = DisposeWhenCompleted(asking, db);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (pool.IsValueCreated)
        {
            await pool.Value.DisposeAsync();
        }

        if (Interlocked.Exchange(ref probeConnection, null) is { } db)
        {
            await db.DisposeAsync();
        }

        await single.DisposeAsync();
    }

    /// <summary>Does not load the server's types: only built-in ones are used.</summary>
    private static NpgsqlDataSource CreateDataSource(NpgsqlConnectionStringBuilder address, string? firstStatement = null)
    {
        var builder = new NpgsqlDataSourceBuilder(address.ConnectionString);
        builder.ConfigureTypeLoading(types => types.EnableTypeLoading(false));
        if (firstStatement is not null)
        {
            builder.UsePhysicalConnectionInitializer(db => db.Execute(firstStatement), db => db.ExecuteAsync(firstStatement));
        }

        return builder.Build();
    }

    private async Task<bool> Probe(NpgsqlConnection db, TimeSpan patience)
    {
        if (db.State != ConnectionState.Open)
        {
            using var end = new CancellationTokenSource(patience);
            await db.OpenAsync(end.Token);
        }

        var before = clock.GetTimestamp();
        var (isPrimary, now, process) = await db.QuerySingleAsync<(bool, long, int)>(
            "SELECT NOT pg_is_in_recovery(), (extract(epoch FROM clock_timestamp()) * 1000000)::bigint, pg_backend_pid()"
        );
        isDirect = process == db.ProcessID; // a pooler reports another process id
        if (isPrimary)
        {
            clock.Observe(DateTimeOffset.UnixEpoch.AddMicroseconds(now), before, clock.GetTimestamp());
        }

        return isPrimary;
    }

    /// <summary>
    /// Disposes a connection that did not respond, once its pending query has ended: when the host responds, or TCP times out.
    /// </summary>
    private static async Task DisposeWhenCompleted(Task asking, NpgsqlConnection db)
    {
        await asking.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        await db.DisposeAsync();
    }
}
