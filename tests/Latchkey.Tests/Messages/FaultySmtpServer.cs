using System.Collections.Concurrent;
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

    private readonly LoopbackListener listener;
    private readonly Lock gate = new();
    private int connections;
    private int open;

    public FaultySmtpServer(SmtpBehaviour behaviour)
    {
        Behaviour = behaviour;
        listener = new LoopbackListener(HandleClient);
    }

    public SmtpBehaviour Behaviour { get; set; }

    public int Port => listener.Port;

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

    public ValueTask DisposeAsync() => listener.DisposeAsync();

    private async Task HandleClient(NetworkStream stream)
    {
        Interlocked.Increment(ref connections);
        await (Behaviour == SmtpBehaviour.Silent ? StaySilent(stream) : Converse(stream, Behaviour));
    }

    private async Task StaySilent(NetworkStream stream)
    {
        lock (gate)
        {
            MaxConcurrentConnections = Math.Max(MaxConcurrentConnections, ++open);
        }

        try
        {
            await stream.CopyToAsync(Stream.Null);
        }
        finally
        {
            lock (gate)
            {
                open--;
                AbandonedConnections++;
            }
        }
    }

    private async Task Converse(NetworkStream stream, SmtpBehaviour behaviour)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8);
        async Task Say(string line)
        {
            await (behaviour == SmtpBehaviour.Slow ? Task.Delay(ReplyDelay) : Task.CompletedTask);
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"{line}\r\n"));
        }

        await Say(behaviour == SmtpBehaviour.Busy ? BusyReply : "220 demo.example");
        var to = "";
        while (behaviour != SmtpBehaviour.Busy && await reader.ReadLineAsync() is { } command)
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
}
