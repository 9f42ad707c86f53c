using System.CommandLine;
using System.Globalization;
using Latchkey.Core.Configuration;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Operations.Backup;

namespace Latchkey.Cli.Commands;

/// <summary>latchkey backup, latchkey restore</summary>
public static class BackupCommands
{
    private static readonly Argument<string> FileName = new("FILE") { Description = "The backup: a zip file." };

    public static Command Backup()
    {
        var withKeys = new Option<bool>("--with-keys")
        {
            Description = "Include the key ring. Unless a passphrase encrypts it, the file then gives access to every secret: protect it.",
        };
        var command = new Command(
            "backup",
            "Write everything to a file, as it is at this moment. The server keeps running. The backup can be restored on either engine."
        )
        {
            FileName,
            withKeys,
        };
        command.SetHandler(
            async context =>
            {
                var (file, keys) = (context.Parsed.GetRequiredValue(FileName), context.Parsed.GetValue(withKeys));
                var manifest = await context.Get<BackupWriter>().Write(file, keys, Progress(context.Error));
                await context.Output.WriteLineAsync($"Wrote {Number(manifest.Rows.Values.Sum())} rows to {file}.");
                if (keys && !context.Get<KeyFolder>().IsEncrypted(manifest.Key))
                {
                    await context.Error.WriteLineAsync(
                        "latchkey: warning: the keys in it are not encrypted. Whoever can read the file knows every secret, and whoever "
                            + "can write it can make another. Encrypt the key ring with a passphrase: latchkey keyring encrypt."
                    );
                }

                if (!keys)
                {
                    await context.Output.WriteLineAsync(
                        $"The key ring is not in it. Keep a copy of {context.Get<InstallationSettings>().KeyRingFolder} in "
                            + "another place. A backup cannot be used without its keys."
                    );
                }

                return 0;
            },
            SchemaPolicy.AcceptAny
        );
        return command;
    }

    public static Command Restore()
    {
        var trustFile = new Option<bool>("--trust-file")
        {
            Description =
                "Restore a backup although no key proves who made it: one that is not signed, or whose keys come with it without a "
                + "passphrase. Whoever could change the file decides who is an operator.",
        };
        var command = new Command(
            "restore",
            "Restore a backup into an empty database, of the same engine or the other one: all of it or nothing."
        )
        {
            FileName,
            trustFile,
        };
        command.SetAction(
            async (parsed, cancel) =>
            {
                var error = parsed.InvocationConfiguration.Error;
                try
                {
                    var installation = InstallationOptions.Read(parsed);
                    var restored = await new BackupReader(installation, TimeProvider.System).Restore(
                        parsed.GetRequiredValue(FileName),
                        parsed.GetValue(trustFile),
                        Progress(error)
                    );
                    await parsed.InvocationConfiguration.Output.WriteLineAsync(
                        $"Restored {Number(restored.Manifest.Rows.Values.Sum())} rows of {restored.Manifest.CreatedAt}, written by "
                            + $"Latchkey {restored.Manifest.Latchkey} on {restored.Manifest.Engine}."
                    );
                    if (!restored.IsProven)
                    {
                        await error.WriteLineAsync(
                            "latchkey: warning: nothing proves who made this backup. Its operators are: "
                                + $"{(restored.Operators.Count > 0 ? string.Join(", ", restored.Operators) : "none")}."
                        );
                    }

                    return 0;
                }
                catch (Exception e) when (LatchkeyCommand.IsExpected(e))
                {
                    await error.WriteLineAsync($"latchkey: {e.Message}");
                    return 1;
                }
            }
        );
        return command;
    }

    /// <summary>A line a table on a terminal; silent in scripts.</summary>
    private static Action<string, long> Progress(TextWriter error) =>
        (table, rows) =>
        {
            if (!Console.IsErrorRedirected)
            {
                error.WriteLine($"{table, -22} {Number(rows), 12}");
            }
        };

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
