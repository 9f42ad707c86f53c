using System.Net;
using Latchkey.Core;
using Latchkey.Core.Configuration;
using Latchkey.Limits;
using Microsoft.AspNetCore.Connections;

namespace Latchkey.Hosting;

/// <summary>
/// Limits the connections of one client site, so that it cannot take all connections of a node. While connections are scarce, each new one
/// closes another: the oldest of the site that has the most or, if no site has many, the one that has been idle longest. So however many
/// sites an attacker has, idle connections lock nobody out. A configured proxy has no limit, because it connects for many clients.
/// </summary>
public sealed partial class ConnectionLimits(InstallationSettings installation, LogThrottle logThrottle, ILogger<ConnectionLimits> log)
{
    /// <summary>Of a node. Kestrel refuses more.</summary>
    public const int MaxConnections = 10_000;

    /// <summary>Enough for a carrier's NAT.</summary>
    public const int MaxPerNetwork = 2_500;

    /// <summary>With this many open, connections are scarce.</summary>
    public const int Scarce = 7_500;

    /// <summary>With more, one site is the reason why connections are scarce.</summary>
    private const int ManyForOneSite = 50;

    /// <summary>
    /// The number of closed ones that may finish their request first. It is bounded, because a client that sends its body slowly takes
    /// minutes.
    /// </summary>
    public const int MaxFinishing = 500;

    private readonly Lock gate = new();
    private readonly Dictionary<string, LinkedList<OpenConnection>> networks = new(StringComparer.Ordinal);
    private readonly HashSet<OpenConnection> finishing = [];
    private int open;

    /// <summary>Serves a connection until it ends, or refuses it.</summary>
    public async Task Serve(ConnectionContext connection, ConnectionDelegate next)
    {
        if (!installation.LimitsOn || NetworkOf(connection.RemoteEndPoint) is not { } network)
        {
            await next(connection);
            return;
        }

        var client = new OpenConnection(connection);
        if (Add(network, client) is not { } place)
        {
            connection.Abort(new ConnectionAbortedException("too many connections of one network"));
            return;
        }

        try
        {
            connection.Features.Set(client);
            await next(connection);
        }
        finally
        {
            Remove(network, place);
        }
    }

    /// <summary>Null when the network has reached its limit.</summary>
    private LinkedListNode<OpenConnection>? Add(string network, OpenConnection client)
    {
        lock (gate)
        {
            if (!networks.TryGetValue(network, out var own))
            {
                networks[network] = own = new();
            }

            if (own.Count >= MaxPerNetwork)
            {
                if (logThrottle.IsFirst("connections of one network"))
                {
                    LogTooMany(log, network, MaxPerNetwork);
                }

                return null;
            }

            if (open >= Scarce)
            {
                MakeRoom();
            }

            open++;
            return own.AddLast(client);
        }
    }

    /// <summary>Runs only while connections are scarce, so a look at all of them is cheap enough.</summary>
    private void MakeRoom()
    {
        var (network, connections) = networks.MaxBy(pair => pair.Value.Count);
        if (connections is { Count: <= ManyForOneSite } && FindIdle() is var (idleNetwork, idle))
        {
            Close(idleNetwork, networks[idleNetwork], idle);
        }
        else if (connections is { Count: > 1, First: { Value: var oldest } })
        {
            Close(network, connections, oldest);
        }
    }

    /// <summary>The connection that has had no request for the longest time; null if each has one.</summary>
    private (string Network, OpenConnection Connection)? FindIdle()
    {
        (string Network, OpenConnection Connection)? found = null;
        foreach (var (network, connections) in networks)
        {
            foreach (var connection in connections)
            {
                if (!connection.HasRequest && (found is null || connection.IdleSince < found.Value.Connection.IdleSince))
                {
                    found = (network, connection);
                }
            }
        }

        return found;
    }

    private void Close(string network, LinkedList<OpenConnection> connections, OpenConnection closed)
    {
        if (logThrottle.IsFirst("connections are scarce"))
        {
            LogScarce(log, open, network, connections.Count);
        }

        connections.Remove(closed);
        var mayFinish = closed.HasRequest && finishing.Count < MaxFinishing && finishing.Add(closed);
        _ = Task.Run(mayFinish ? closed.CloseAfterRequest : closed.CloseNow); // outside of the lock, which its end takes too
    }

    private void Remove(string network, LinkedListNode<OpenConnection> place)
    {
        lock (gate)
        {
            open--;
            finishing.Remove(place.Value);
            if (networks.TryGetValue(network, out var own) && place.List == own)
            {
                own.Remove(place);
            }

            if (own is { Count: 0 })
            {
                networks.Remove(network);
            }
        }
    }

    /// <summary>Null for a configured proxy and on a Unix socket, which have no limit.</summary>
    private string? NetworkOf(EndPoint? peer) =>
        peer is not IPEndPoint { Address: var address } || ForwardedAddress.IsProxy(installation.Proxies, address)
            ? null
            : ClientAddress.From(address).Site;

    [LoggerMessage(1, LogLevel.Warning, "{Network} has {Most} connections and gets no more")]
    private static partial void LogTooMany(ILogger log, string network, int most);

    [LoggerMessage(
        2,
        LogLevel.Warning,
        "Connections are scarce: {Open} are open. One of the {Most} of {Network} is closed for each new one."
    )]
    private static partial void LogScarce(ILogger log, int open, string network, int most);
}
