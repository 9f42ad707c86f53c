using System.CommandLine;
using Latchkey.Core;
using Latchkey.Core.Configuration;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Operations;

namespace Latchkey.Cli;

/// <summary>How a command runs: open the installation, do the work, say what went wrong in one line.</summary>
public static class LatchkeyCommand
{
    public static Option<bool> JsonOption() => new("--json") { Description = "Print JSON instead of text." };

    public static Option<bool> PasswordStdinOption() =>
        new("--password-stdin")
        {
            Description = "Read the password from one line of standard input. Without this option, you are asked for it.",
        };

    /// <summary>Gives the command work that gets the services of the installation and answers with an exit code.</summary>
    public static void SetHandler(
        this Command command,
        Func<CommandContext, Task<int>> work,
        SchemaPolicy policy = SchemaPolicy.RequireCurrent
    ) =>
        command.SetAction(
            async (parsed, cancel) =>
            {
                var output = parsed.InvocationConfiguration.Output;
                var error = parsed.InvocationConfiguration.Error;
                try
                {
                    await using var services = await InstallationServices.Open(InstallationOptions.Read(parsed), policy);
                    return await work(new CommandContext(parsed, services, output, error));
                }
                catch (Exception e)
                    when (e
                            is InvalidSettingException
                                or InstallationUnavailableException
                                or SchemaTooNewException
                                or WrongKeyRingException
                                or UnauthorizedAccessException
                                or IOException
                                or System.Data.Common.DbException
                    )
                {
                    await error.WriteLineAsync($"latchkey: {e.Message}");
                    return 1;
                }
            }
        );

    /// <summary>Says what is wrong and ends with 1.</summary>
    public static async Task<int> Fail(this CommandContext context, Error error)
    {
        await context.Error.WriteLineAsync($"latchkey: {error.Message}");
        return 1;
    }
}
