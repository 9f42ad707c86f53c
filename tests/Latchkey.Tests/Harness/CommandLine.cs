using System.Text.Json;
using Latchkey.Cli;

namespace Latchkey.Tests.Harness;

/// <summary>The product's command line, run in this process: to a server under test it is the other process that changes things.</summary>
public static class CommandLine
{
    public static async Task<CommandResult> Run(IEnumerable<string> arguments, string? input = null)
    {
        using var typed = StandardInput.SetInput(input);
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await Program.Run([.. arguments], new TerminalWriter(output, isTerminal: false), new TerminalWriter(error, false));
        return new CommandResult(code, output.ToString(), error.ToString());
    }
}

/// <summary>What a command printed, and the code it ended with.</summary>
public sealed record CommandResult(int ExitCode, string Output, string Error)
{
    public JsonElement Json => JsonDocument.Parse(Output).RootElement;

    public CommandResult ShouldSucceed()
    {
        ExitCode.ShouldBe(0, Error);
        return this;
    }

    /// <summary>It ended with 1 and said why in one sentence that holds this.</summary>
    public void ShouldFail(string because)
    {
        ExitCode.ShouldBe(1, Output);
        Error.ShouldStartWith("latchkey: ");
        Error.ShouldContain(because, Case.Insensitive);
    }
}
