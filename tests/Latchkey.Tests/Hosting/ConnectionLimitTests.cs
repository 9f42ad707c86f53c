using System.Net;
using System.Net.Sockets;
using Latchkey.Core.Configuration;
using Latchkey.Hosting;
using Latchkey.Limits;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging.Abstractions;

namespace Latchkey.Tests.Hosting;

/// <summary>Connections of one address, and of all when there are few left (security.md row 64).</summary>
[Collection(SerialCollection.Name)]
public sealed class ConnectionLimitTests(ServerFixture servers)
{
    private const int MaxPerNetwork = ConnectionLimits.MaxPerNetwork;

    [Fact]
    public async Task One_address_gets_2500_and_the_others_are_served()
    {
        var app = await (await servers.Start()).CreateApp();
        using var idle = new IdleConnections(app.Server);
        await idle.Open("127.67.0.1", MaxPerNetwork + 100);
        await WaitUntil.IsTrue("the surplus is hung up on", () => Task.FromResult(idle.CountOpen() == MaxPerNetwork));
        (await app.WithAddress("127.67.0.2").Get("getApplication")).ShouldBeOk();
        idle.CountOpen().ShouldBe(MaxPerNetwork);
    }

    [Fact]
    public async Task When_few_are_left_the_one_with_the_most_loses_the_oldest()
    {
        var app = await (await servers.Start()).CreateApp();
        using var flood = new IdleConnections(app.Server);
        using var quiet = new IdleConnections(app.Server);
        await quiet.Open("127.67.1.99", 5);
        var addresses = TestScale.Size(4, 12);
        for (var i = 0; i < addresses; i++)
        {
            await flood.Open($"127.67.1.{1 + i}", MaxPerNetwork);
        }

        for (var i = 0; i < 20; i++)
        {
            (await app.WithAddress($"127.67.2.{1 + i}").Get("getApplication")).ShouldBeOk();
        }

        quiet.CountOpen().ShouldBe(5);
        flood.CountOpen().ShouldBeLessThan(7_600);
        TestScale.RecordFigure(
            64,
            $"{addresses * MaxPerNetwork:N0} idle connections of {addresses} addresses: {flood.CountOpen():N0} stay open, "
                + "20 of 20 new addresses are served, one that holds 5 keeps them"
        );
    }

    /// <summary>An attacker with a /32 of IPv6 has 65,536 sites: each with one connection, none is the busiest.</summary>
    [Fact]
    public async Task Idle_connections_of_thousands_of_sites_lock_nobody_out()
    {
        var limits = new ConnectionLimits(
            new InstallationSettings(),
            new LogThrottle(TimeProvider.System),
            NullLogger<ConnectionLimits>.Instance
        );
        var (open, busyIsOpen) = (0, true);
        _ = limits.Serve(Peer("2001:db9::1"), Work);
        for (var i = 0; i < ConnectionLimits.MaxConnections + 500; i++)
        {
            _ = limits.Serve(Peer($"2001:db8:{i:x}::1"), Idle);
        }

        await WaitUntil.IsTrue("the others are closed", () => Task.FromResult(Volatile.Read(ref open) < ConnectionLimits.Scarce));
        busyIsOpen.ShouldBeTrue();

        async Task Idle(ConnectionContext connection)
        {
            Interlocked.Increment(ref open);
            await Closed(connection);
            Interlocked.Decrement(ref open);
        }

        async Task Work(ConnectionContext connection)
        {
            connection.Features.Get<OpenConnection>()!.BeginRequest();
            await Closed(connection);
            busyIsOpen = false;
        }

        static async Task Closed(ConnectionContext connection)
        {
            var closed = new TaskCompletionSource();
            await using var _ = connection.ConnectionClosed.Register(closed.SetResult);
            await closed.Task;
        }

        static DefaultConnectionContext Peer(string address) => new() { RemoteEndPoint = new IPEndPoint(IPAddress.Parse(address), 1) };
    }

    [Fact]
    public async Task A_configured_proxy_has_no_limit()
    {
        var server = await servers.StartOn(await servers.NewInstallation(), environment: [("LATCHKEY_PROXIES", "127.67.3.1/32")]);
        using var idle = new IdleConnections(server);
        await idle.Open("127.67.3.1", MaxPerNetwork + 100);
        (await server.Get("/health/live")).ShouldBeOk();
        idle.CountOpen().ShouldBe(MaxPerNetwork + 100);
    }

    [Fact]
    public async Task Of_those_that_never_send_the_whole_request_500_at_most_outlast_their_turn()
    {
        var limits = new ConnectionLimits(
            new InstallationSettings(),
            new LogThrottle(TimeProvider.System),
            NullLogger<ConnectionLimits>.Instance
        );
        var open = 0;
        for (var i = 0; i < 4 * MaxPerNetwork; i++)
        {
            var peer = new IPEndPoint(IPAddress.Parse($"127.67.4.{1 + (i / MaxPerNetwork)}"), 1);
            var connection = new DefaultConnectionContext { RemoteEndPoint = peer };
            _ = limits.Serve(connection, SendSlowly);
        }

        await WaitUntil.IsTrue(
            "the others are closed",
            () => Task.FromResult(Volatile.Read(ref open) == ConnectionLimits.Scarce + ConnectionLimits.MaxFinishing)
        );

        async Task SendSlowly(ConnectionContext connection)
        {
            Interlocked.Increment(ref open);
            connection.Features.Get<OpenConnection>()!.BeginRequest();
            var closed = new TaskCompletionSource();
            await using var _ = connection.ConnectionClosed.Register(closed.SetResult);
            await closed.Task;
            Interlocked.Decrement(ref open);
        }
    }

    /// <summary>Connections that say nothing.</summary>
    private sealed class IdleConnections(ServerProcess server) : IDisposable
    {
        private readonly List<Socket> sockets = [];

        public async Task Open(string from, int number)
        {
            for (var i = 0; i < number; i++)
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
                try
                {
                    await socket.ConnectAsync(server.Address.Host, server.Address.Port);
                    sockets.Add(socket);
                }
                catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
                {
                    socket.Dispose(); // the server hung up before this side had noticed that it answered
                }
            }
        }

        /// <summary>Those that the server has not ended.</summary>
        public int CountOpen() =>
            sockets.Count(socket => !socket.Poll(0, SelectMode.SelectRead) && !socket.Poll(0, SelectMode.SelectError));

        public void Dispose() => sockets.ForEach(socket => socket.Dispose());
    }
}
