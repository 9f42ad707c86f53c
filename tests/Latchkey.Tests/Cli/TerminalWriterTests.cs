using Latchkey.Cli;

namespace Latchkey.Tests.Cli;

/// <summary>What strangers stored cannot command the terminal of the operator who lists it.</summary>
public sealed class TerminalWriterTests(ServerFixture servers)
{
    [Theory]
    [InlineData("plain ünïcode 漢字 👩‍💻\n\tnext\r\nlast", "plain ünïcode 漢字 👩‍💻\n\tnext\r\nlast")]
    [InlineData("\e]0;owned\a", "\\u001b]0;owned\\u0007")]
    [InlineData("a\rb\bc\u007f\u009b2J\0", "a\\u000db\\u0008c\\u007f\\u009b2J\\u0000")]
    [InlineData("\u202Egpj.exe\u2066 \u2028", "\\u202egpj.exe\\u2066 \\u2028")]
    public async Task Control_characters_are_escaped(string text, string shown)
    {
        using var output = new StringWriter { NewLine = "\n" };
        await using var writer = new TerminalWriter(output, isTerminal: true);
        writer.Write(text);
        output.ToString().ShouldBe(shown);
        await writer.WriteLineAsync(text);
        output.ToString().ShouldBe($"{shown}{shown}\n");
        output.GetStringBuilder().Clear();
        foreach (var one in text.Replace("\r\n", "\n", StringComparison.Ordinal))
        {
            writer.Write(one);
        }

        output.ToString().ShouldBe(shown.Replace("\r\n", "\n", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_name_from_the_database_is_shown_escaped_as_text_and_as_JSON()
    {
        var app = await servers.Main.CreateApp();
        await app.Installation.Execute("UPDATE applications SET name = @name WHERE id = @Id", new { name = "\e[2J\u009b31m", app.Id });
        foreach (var arguments in new[] { new[] { "app", "list" }, ["app", "show", app.Id], ["app", "show", app.Id, "--json"] })
        {
            var printed = (await app.Installation.Run(arguments)).ShouldSucceed().Output;
            printed.ShouldContain("\\u001b[2J\\u009b31m", Case.Insensitive);
            printed.ShouldNotContain('\e');
            printed.ShouldNotContain('\u009b');
        }
    }

    [Fact]
    public async Task Bytes_that_go_to_a_terminal_are_escaped_too()
    {
        using var output = new StringWriter();
        await using var writer = new TerminalWriter(output, isTerminal: true);
        await using var stream = new TextWriterStream(writer);
        foreach (var one in "é\u009b\e"u8.ToArray())
        {
            stream.Write([one]);
        }

        output.ToString().ShouldBe("é\\u009b\\u001b");
    }
}
