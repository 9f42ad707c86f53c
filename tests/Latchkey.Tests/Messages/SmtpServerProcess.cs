using System.Text.Json;

namespace Latchkey.Tests.Messages;

/// <summary>A real SMTP server (aiosmtpd) that keeps what clients say and send.</summary>
public sealed class SmtpServerProcess : IAsyncDisposable
{
    private readonly ChildProcess process;

    private SmtpServerProcess(ChildProcess process, int port) => (this.process, Port) = (process, port);

    public int Port { get; }

    public IEnumerable<string> Commands => Said("command").Select(line => line.GetProperty("command").GetString()!);

    public IReadOnlyList<JsonElement> Messages => [.. Said("recipients")];

    public static async Task<SmtpServerProcess> Start(int port, params string[] options)
    {
        var script = Path.Combine(AppContext.BaseDirectory, "smtp_server.py");
        var server = new SmtpServerProcess(ChildProcess.Start("/usr/bin/python3", [script, $"{port}", .. options]), port);
        await WaitUntil.IsTrue(
            $"the SMTP server listens: {string.Join('\n', server.process.Lines)}",
            () => Task.FromResult(server.Said("ready").Any())
        );
        return server;
    }

    public Task<JsonElement> MessageTo(string recipient) =>
        Message(message => message.GetProperty("recipients").EnumerateArray().Any(to => to.GetString() == recipient));

    public ValueTask DisposeAsync() => process.DisposeAsync();

    private async Task<JsonElement> Message(Func<JsonElement, bool> which) =>
        (await WaitUntil.IsNotNull("a message arrives", () => Task.FromResult(Messages.Where(which).Cast<object>().FirstOrDefault())))
            is JsonElement found
            ? found
            : default;

    private IEnumerable<JsonElement> Said(string name) =>
        process
            .Lines.Where(line => line.StartsWith('{'))
            .Select(line => JsonDocument.Parse(line).RootElement)
            .Where(line => line.TryGetProperty(name, out _));
}
