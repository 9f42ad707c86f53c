using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Latchkey.Tests.Hosting;

/// <summary>Requests that are too large or too slow, written byte by byte.</summary>
[Collection(SerialCollection.Name)]
public sealed class RequestLimitTests(ServerFixture servers)
{
    private const int Megabytes10 = 10 * 1024 * 1024;

    [Fact]
    public async Task A_body_that_says_it_is_too_long_is_refused_before_any_of_it_comes()
    {
        var app = await servers.Main.CreateApp();
        using var client = await Connect("127.5.0.1");
        await Send(
            client,
            $"POST /api/appuser/login HTTP/1.1\r\nHost: localhost\r\napp-token: {app.Token}\r\nContent-Type: "
                + $"application/json\r\nContent-Length: {Megabytes10}\r\n\r\n"
        );
        (await ReadHead(client)).ShouldStartWith("HTTP/1.1 413");
    }

    [Fact]
    public async Task A_client_that_sends_all_of_its_body_first_can_read_why_it_was_refused()
    {
        var app = await servers.Main.CreateApp();
        using var client = await Connect("127.5.0.4");
        await Send(
            client,
            $"POST /api/appuser/login HTTP/1.1\r\nHost: localhost\r\napp-token: {app.Token}\r\nContent-Type: "
                + $"application/json\r\nContent-Length: {Megabytes10}\r\n\r\n{new string('x', Megabytes10)}"
        );
        (await ReadHead(client)).ShouldStartWith("HTTP/1.1 413");
    }

    [Fact]
    public async Task A_body_of_unknown_length_is_refused_as_soon_as_it_is_too_long()
    {
        var app = await servers.Main.CreateApp();
        using var client = await Connect("127.5.0.2");
        await Send(
            client,
            $"POST /api/appuser/login HTTP/1.1\r\nHost: localhost\r\napp-token: {app.Token}\r\nContent-Type: "
                + "application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
        );
        var chunk = $"{8192:x}\r\n{new string('x', 8192)}\r\n";
        var sent = 0;
        while (sent < Megabytes10 && client.Available == 0)
        {
            try
            {
                await Send(client, chunk);
            }
            catch (SocketException)
            {
                break; // it has hung up on us
            }

            sent += 8192;
        }

        sent.ShouldBeLessThan(Megabytes10);
        (await ReadHead(client)).ShouldStartWith("HTTP/1.1 413");
        TestScale.RecordFigure(45, $"a body without a length was refused after at most {sent / 1024} KiB");
    }

    [Theory]
    [InlineData(31, "HTTP/1.1 200")]
    [InlineData(33, "HTTP/1.1 431")]
    public async Task Headers_of_32_KiB_are_enough(int kibibytes, string answer)
    {
        using var client = await Connect("127.5.0.3");
        var lines = string.Concat(Enumerable.Range(0, kibibytes).Select(i => $"x-{i}: {new string('x', 1010)}\r\n"));
        await Send(client, $"GET /health/live HTTP/1.1\r\nHost: localhost\r\n{lines}\r\n");
        (await ReadHead(client)).ShouldStartWith(answer);
    }

    [Fact]
    public async Task A_thousand_slow_clients_leave_others_served_and_are_hung_up_on()
    {
        var app = await servers.Main.CreateApp("callsPerSecond=1000000"); // no cap of the application's shall answer
        var slow = new List<Socket>();
        try
        {
            for (var i = 0; i < TestScale.Size(250, 1000); i++)
            {
                var client = await Connect(Clients.Address(6, i));
                slow.Add(client);
                await Send(
                    client,
                    i % 2 == 0
                        ? "GET /health/live HTTP/1.1\r\nHost: lo"
                        : $"POST /api/appuser/login HTTP/1.1\r\nHost: localhost\r\napp-token: {app.Token}\r\nContent-Type: "
                            + $"application/json\r\nContent-Length: 1000\r\n\r\n{{"
                );
            }

            var normal = new Latencies();
            for (var i = 0; i < TestScale.Size(100, 1000); i++)
            {
                await Dribble(slow[i % slow.Count]);
                (await normal.Time(() => app.WithAddress("127.9.9.7").Get("getApplication"))).ShouldBeOk();
            }

            TestScale.RecordFigure(45, $"beside {slow.Count} slow clients: {normal}");
            if (TestScale.IsLong)
            {
                normal.P99.ShouldBeLessThan(1000);
            }

            foreach (var client in slow.Take(TestScale.Size(2, slow.Count))) // one of each kind, or all
            {
                await WaitUntil.IsTrue("the slow client is hung up on", async () => !await Dribble(client), TimeSpan.FromMinutes(1));
            }
        }
        finally
        {
            slow.ForEach(client => client.Dispose());
        }
    }

    /// <summary>One byte more; false when the server has hung up.</summary>
    private static async Task<bool> Dribble(Socket client)
    {
        try
        {
            await Send(client, "x");
            return !client.Poll(0, SelectMode.SelectRead);
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private async Task<Socket> Connect(string from)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
        await socket.ConnectAsync(servers.Main.Address.Host, servers.Main.Address.Port);
        return socket;
    }

    private static async Task Send(Socket client, string text) => await client.SendAsync(Encoding.ASCII.GetBytes(text));

    /// <summary>The first line of the answer.</summary>
    private static async Task<string> ReadHead(Socket client)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var buffer = new byte[4096];
        return Encoding.ASCII.GetString(buffer, 0, await client.ReceiveAsync(buffer, patience.Token)).Split('\r')[0];
    }
}
