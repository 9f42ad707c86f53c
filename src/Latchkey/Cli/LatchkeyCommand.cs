using System.CommandLine;
using System.Security.Cryptography;
using Latchkey.Core;
using Latchkey.Core.Configuration;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Operations;
using Latchkey.Operations.Backup;

namespace Latchkey.Cli;

/// <summary>Runs a command: opens the installation, does the work, and prints errors on one line.</summary>
public static class LatchkeyCommand
{
    /// <summary>What the program is, above its help.</summary>
    public const string Purpose =
        "Latchkey is an authentication server for apps: sign-up, login, second factors and a portal to manage them.";

    public static Option<bool> JsonOption() => new("--json") { Description = "Print JSON instead of text." };

    public static Option<bool> PasswordStdinOption() =>
        new("--password-stdin")
        {
            Description = "Read the password from one line of standard input. Without this option, you are asked for it.",
        };

    /// <summary>Sets the command's action, which gets the installation's services and returns an exit code.</summary>
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
                if (parsed.Tokens.Any(token => StrictUtf8.IsDamaged(token.Value)))
                {
                    await error.WriteLineAsync("latchkey: an argument is not UTF-8.");
                    return 1;
                }

                try
                {
                    await using var services = await InstallationServices.Open(InstallationOptions.Read(parsed), policy);
                    return await work(new CommandContext(parsed, services, output, error));
                }
                catch (Exception e) when (IsExpected(e))
                {
                    await error.WriteLineAsync($"latchkey: {e.Message}");
                    return 1;
                }
            }
        );

    /// <summary>Whether the message of an exception says what is wrong with the installation. Anything else is a bug.</summary>
    public static bool IsExpected(Exception e) =>
        e
            is InvalidSettingException
                or InstallationUnavailableException
                or RestoreException
                or SchemaTooNewException
                or WrongKeyRingException
                or CryptographicException
                or UnauthorizedAccessException
                or IOException
                or InvalidDataException
                or TimeoutException
                or System.Data.Common.DbException;

    /// <summary>Prints what is shown only once. If that fails, undoes what it belongs to, which nobody could use.</summary>
    /// <exception cref="IOException">It could not be printed.</exception>
    public static async Task PrintOrUndo(this CommandContext context, string text, Func<Task> undo)
    {
        try
        {
            await context.Output.WriteLineAsync(text);
            await context.Output.FlushAsync();
        }
        catch (IOException e)
        {
            await undo();
            throw new IOException($"{e.Message} Nothing was created.", e);
        }
    }

    /// <summary>Prints the error and returns exit code 1.</summary>
    public static async Task<int> Fail(this CommandContext context, Error error)
    {
        await context.Error.WriteLineAsync($"latchkey: {error.Message}");
        return 1;
    }

    /// <summary>Ends a command that prints nothing when it is done: prints an error, or nothing. Returns the exit code.</summary>
    public static async Task<int> End<T>(this CommandContext context, Result<T> done) =>
        done.Error is { } refused ? await context.Fail(refused) : 0;
}
