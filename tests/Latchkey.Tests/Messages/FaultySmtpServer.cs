using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Latchkey.Tests.Messages;

/// <summary>How a mail server behaves.</summary>
public enum SmtpBehaviour
{
    Normal,

    /// <summary>Takes connections and never says a word.</summary>
    Silent,

    /// <summary>Greets with 421.</summary>
    Busy,

    /// <summary>Thinks before every reply.</summary>
    Slow,
}

/// <summary>A mail server on loopback whose behaviour the test changes.</summary>
public sealed class FaultySmtpServer : IAsyncDisposable
{
    public const string BusyReply = "421 4.3.2 demo.example is too busy, come back later";
    public const string AcceptedReply = "250 2.0.0 queued as DEMO1";
    private static readonly TimeSpan ReplyDelay = TimeSpan.FromMilliseconds(150);

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentBag<TcpClient> clients = [];
    private readonly Task accepting;
    private readonly Lock gate = new();
    private int connections;
    private int open;

    public FaultySmtpServer(SmtpBehaviour mood)
    {
        Behaviour = mood;
        listener.Start();
        accepting = Accept();
    }

    public SmtpBehaviour Behaviour { get; set; }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public int Connections => Volatile.Read(ref connections);

    /// <summary>Connections that were open at the same time while it was silent.</summary>
    public int MaxConcurrentConnections { get; private set; }

    /// <summary>Connections that the other side closed while it was silent.</summary>
    public int AbandonedConnections { get; private set; }

    /// <summary>The recipients of the mails that it took.</summary>
    public ConcurrentQueue<string> AcceptedRecipients { get; } = new();

    public string[] Settings =>
        [
            "emailExtension=1",
            "mailProvider=smtp",
            "mailFrom=demo@example.com",
            "smtpHost=127.0.0.1",
            $"smtpPort={Port}",
            "smtpSecurity=none",
        ];

    public async ValueTask DisposeAsync()
    {
        listener.Stop();
        foreach (var client in clients)
        {
            client.Dispose();
        }

        await accepting;
    }

    private async Task Accept()
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync();
                clients.Add(client);
                Interlocked.Increment(ref connections);
                _ = HandleClient(client);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // the test is over
        }
    }

    private async Task Listen(TcpClient client)
    {
        lock (gate)
        {
            MaxConcurrentConnections = Math.Max(MaxConcurrentConnections, ++open);
        }

        try
        {
            await client.GetStream().CopyToAsync(Stream.Null);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or SocketException)
        {
            // the other side hung up, or the test is over
        }

        lock (gate)
        {
            open--;
            AbandonedConnections++;
        }
    }

    private async Task HandleClient(TcpClient client)
    {
        var mood = Behaviour;
        if (mood == SmtpBehaviour.Silent)
        {
            await Listen(client);
            return;
        }

        try
        {
            using var reader = new StreamReader(client.GetStream(), Encoding.UTF8);
            async Task Say(string line)
            {
                await (mood == SmtpBehaviour.Slow ? Task.Delay(ReplyDelay) : Task.CompletedTask);
                await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"{line}\r\n"));
            }

            await Say(mood == SmtpBehaviour.Busy ? BusyReply : "220 demo.example");
            var to = "";
            while (mood != SmtpBehaviour.Busy && await reader.ReadLineAsync() is { } command)
            {
                switch (command.Split(' ', ':')[0])
                {
                    case "RCPT":
                        to = command["RCPT TO:<".Length..^1];
                        await Say("250 OK");
                        break;
                    case "DATA":
                        await Say("354 go on");
                        while (await reader.ReadLineAsync() is not "." and not null)
                        {
                            // the mail
                        }

                        AcceptedRecipients.Enqueue(to);
                        await Say(AcceptedReply);
                        break;
                    default:
                        await Say("250 OK");
                        break;
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or SocketException)
        {
            // the other side hung up
        }
        finally
        {
            client.Dispose();
        }
    }
}
