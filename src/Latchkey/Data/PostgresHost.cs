using System.Data;
using Dapper;
using Npgsql;

namespace Latchkey.Data;

/// <summary>One host: a pool for the work, and a connection of its own to ask how it is.</summary>
internal sealed class PostgresHost(NpgsqlConnectionStringBuilder address, DatabaseClock clock) : IAsyncDisposable
{
    private readonly string single = new NpgsqlConnectionStringBuilder(address.ConnectionString) { Pooling = false, CommandTimeout = 0 }.ConnectionString;
    private NpgsqlConnection? line;

    public NpgsqlDataSource Pool { get; } = NpgsqlDataSource.Create(address);

    /// <summary>A connection outside the pool, not opened yet.</summary>
    public NpgsqlConnection Connect() => new(single);

    /// <summary>Whether it takes writes; if so, its clock is looked at.</summary>
    /// <exception cref="Exception">What came instead of an answer, or <see cref="TimeoutException"/>.</exception>
    public async Task<bool> IsPrimary(TimeSpan patience)
    {
        var db = Interlocked.Exchange(ref line, null) ?? Connect();
        var asking = Ask(db, patience);
        try
        {
            var answer = await asking.WaitAsync(patience);
            line = db;
            return answer;
        }
        catch
        {
            _ = Drop(asking, db);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Pool.DisposeAsync();
        if (Interlocked.Exchange(ref line, null) is { } db)
        {
            await db.DisposeAsync();
        }
    }

    private async Task<bool> Ask(NpgsqlConnection db, TimeSpan patience)
    {
        if (db.State != ConnectionState.Open)
        {
            using var end = new CancellationTokenSource(patience);
            await db.OpenAsync(end.Token);
        }

        var before = clock.GetTimestamp();
        var (isPrimary, now) = await db.QuerySingleAsync<(bool, long)>("SELECT NOT pg_is_in_recovery(), (extract(epoch FROM clock_timestamp()) * 1000000)::bigint");
        if (isPrimary)
        {
            clock.Observe(DateTimeOffset.UnixEpoch.AddMicroseconds(now), before, clock.GetTimestamp());
        }

        return isPrimary;
    }

    /// <summary>Closes a connection that did not answer as soon as nobody waits on it: when its host wakes up, or TCP gives it up.</summary>
    private static async Task Drop(Task asking, NpgsqlConnection db)
    {
        await asking.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        await db.DisposeAsync();
    }
}
