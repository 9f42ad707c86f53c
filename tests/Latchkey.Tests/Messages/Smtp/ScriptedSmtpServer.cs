using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;

namespace Latchkey.Tests.Messages.Smtp;

/// <summary>A mail server on loopback that gives the replies of the test, and keeps what clients say.</summary>
public sealed class ScriptedSmtpServer : IAsyncDisposable
{
    /// <summary>The name of the reply to a connection.</summary>
    public const string Greeting = "";

    /// <summary>The name of the reply to the final dot.</summary>
    public const string Dot = ".";

    private readonly LoopbackListener listener;
    private readonly IReadOnlyDictionary<string, string> replies;

    public ScriptedSmtpServer(params (string Command, string Reply)[] replies)
    {
        this.replies = replies.ToDictionary(pair => pair.Command, pair => pair.Reply, StringComparer.Ordinal);
        listener = new LoopbackListener(Converse);
    }

    public int Port => listener.Port;

    /// <summary>The lines that clients sent, those of mails left out.</summary>
    public ConcurrentQueue<string> Commands { get; } = new();

    /// <summary>How many mails came in whole.</summary>
    public int Mails { get; private set; }

    /// <summary>What the reply to the final dot waits for.</summary>
    public Task HeldUntil { get; init; } = Task.CompletedTask;

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

    private async Task Converse(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8);
        async Task Say(string name, string usual) =>
            await stream.WriteAsync(Encoding.UTF8.GetBytes($"{replies.GetValueOrDefault(name, usual)}\r\n"));

        await Say(Greeting, "220 mail.example");
        while (await reader.ReadLineAsync() is { } line)
        {
            Commands.Enqueue(line);
            var command = line.Split(' ', ':')[0];
            await Say(command, command == "DATA" ? "354 go on" : "250 OK");
            if (command == "DATA" && !replies.ContainsKey(command))
            {
                while (await reader.ReadLineAsync() is not "." and not null)
                {
                    // the mail
                }

                Mails++;
                await HeldUntil;
                await Say(Dot, "250 2.0.0 queued as DEMO1");
            }
        }
    }
}
