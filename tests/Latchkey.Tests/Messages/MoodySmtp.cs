using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Latchkey.Tests.Messages;

/// <summary>How a mail server behaves.</summary>
public enum Mood
{
    Well,

    /// <summary>Takes connections and never says a word.</summary>
    Silent,

    /// <summary>Greets with 421.</summary>
    Busy,

    /// <summary>Thinks before every reply.</summary>
    Slow,
}

/// <summary>A mail server on loopback whose behaviour the test changes.</summary>
public sealed class MoodySmtp : IAsyncDisposable
{
    public const string BusyReply = "421 4.3.2 demo.example is too busy, come back later";
    public const string TakenReply = "250 2.0.0 queued as DEMO1";
    private static readonly TimeSpan Thinking = TimeSpan.FromMilliseconds(150);

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentBag<TcpClient> clients = [];
    private readonly Task accepting;
    private readonly Lock gate = new();
    private int connections;
    private int open;

    public MoodySmtp(Mood mood)
    {
        Mood = mood;
        listener.Start();
        accepting = Accept();
    }

    public Mood Mood { get; set; }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public int Connections => Volatile.Read(ref connections);

    /// <summary>Connections that were open at the same time while it was silent.</summary>
    public int MostAtOnce { get; private set; }

    /// <summary>Connections that the other side closed while it was silent.</summary>
    public int GivenUp { get; private set; }

    /// <summary>The recipients of the mails that it took.</summary>
    public ConcurrentQueue<string> Taken { get; } = new();

    public string[] Settings => ["emailExtension=1", "mailProvider=smtp", "mailFrom=demo@example.com", "smtpHost=127.0.0.1", $"smtpPort={Port}", "smtpSecurity=none"];

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
                _ = Talk(client);
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
            MostAtOnce = Math.Max(MostAtOnce, ++open);
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
            GivenUp++;
        }
    }

    private async Task Talk(TcpClient client)
    {
        var mood = Mood;
        if (mood == Mood.Silent)
        {
            await Listen(client);
            return;
        }

        try
        {
            using var reader = new StreamReader(client.GetStream(), Encoding.UTF8);
            async Task Say(string line)
            {
                await (mood == Mood.Slow ? Task.Delay(Thinking) : Task.CompletedTask);
                await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"{line}\r\n"));
            }

            await Say(mood == Mood.Busy ? BusyReply : "220 demo.example");
            var to = "";
            while (mood != Mood.Busy && await reader.ReadLineAsync() is { } command)
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

                        Taken.Enqueue(to);
                        await Say(TakenReply);
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
