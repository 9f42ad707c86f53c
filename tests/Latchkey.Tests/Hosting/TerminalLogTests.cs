using Latchkey.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Latchkey.Tests.Hosting;

/// <summary>The log of a server that runs on a terminal.</summary>
public sealed class TerminalLogTests
{
    [Fact]
    public void A_value_can_neither_command_the_terminal_nor_forge_a_line()
    {
        using var output = new StringWriter { NewLine = "\n" };
        var entry = new LogEntry<string>(
            LogLevel.Warning,
            "Latchkey.Test",
            default,
            "GET /\e[2J\n12:00:00 info forged",
            new InvalidOperationException("at\r\nonce\e"),
            (text, _) => text
        );
        new TerminalLogFormatter().Write(entry, null, output);
        var written = output.ToString();
        written.ShouldContain("warn Latchkey.Test: GET /\\u001b[2J 12:00:00 info forged");
        written.ShouldContain("once\\u001b");
        written.TrimEnd('\n').ShouldNotContain('\n');
    }
}
