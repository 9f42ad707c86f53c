using Npgsql;

namespace Latchkey.Data;

/// <summary>
/// The hosts of one database. The primary is used until it no longer accepts writes; then all hosts are probed at once, so that no
/// request waits for a dead host.
/// </summary>
internal sealed class PostgresHosts(IReadOnlyList<NpgsqlConnectionStringBuilder> addresses, DatabaseClock clock) : IAsyncDisposable
{
    private static readonly TimeSpan InitialTimeout = TimeSpan.FromSeconds(5);

    private readonly List<PostgresHost> all = [.. addresses.Select(address => new PostgresHost(address, clock))];
    private volatile PostgresHost? primary;
    private bool isInDoubt;

    /// <summary>The host that accepted writes at the last probe.</summary>
    /// <exception cref="NpgsqlException">No primary has been found yet, and no host responds.</exception>
    public async ValueTask<PostgresHost> Primary()
    {
        if (primary is null)
        {
            await FindPrimary(InitialTimeout);
        }

        return primary ?? throw new InvalidOperationException("a search without a primary throws");
    }

    /// <summary>Checks that the primary responds and accepts writes. If it failed the last time, probes all hosts.</summary>
    /// <exception cref="NpgsqlException">It failed; retry immediately.</exception>
    public async Task Probe(TimeSpan patience)
    {
        if (primary is null || isInDoubt)
        {
            await FindPrimary(patience);
            isInDoubt = false;
        }
        else if (await ProbeHost(primary, patience) is { } failure)
        {
            isInDoubt = true;
            throw NoPrimary(failure);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in all)
        {
            await host.DisposeAsync();
        }
    }

    private async Task FindPrimary(TimeSpan patience)
    {
        var asked = all.ToDictionary(host => ProbeHost(host, patience));
        var failures = new List<Exception>();
        await foreach (var outcome in Task.WhenEach(asked.Keys))
        {
            if (await outcome is not { } failure)
            {
                primary = asked[outcome];
                return;
            }

            failures.Add(failure);
        }

        throw NoPrimary(failures.Find(failure => failure is not StandbyException) ?? failures[0]);
    }

    /// <summary>Null when the host accepts writes or is the only one; otherwise the error.</summary>
    private async Task<Exception?> ProbeHost(PostgresHost host, TimeSpan patience)
    {
        try
        {
            return await host.IsPrimary(patience) || all.Count == 1 ? null : new StandbyException();
        }
        catch (Exception e)
            when (e
                    is NpgsqlException
                        or TimeoutException
                        or OperationCanceledException
                        or IOException
                        or System.Net.Sockets.SocketException
            )
        {
            return e;
        }
    }

    private static NpgsqlException NoPrimary(Exception failure) =>
        failure as NpgsqlException ?? new NpgsqlException($"The database does not answer: {failure.Message}", failure);

    private sealed class StandbyException() : NpgsqlException("All database hosts that respond are standbys and accept no writes.");
}
