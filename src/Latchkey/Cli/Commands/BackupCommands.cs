using System.CommandLine;
using System.Globalization;
using Latchkey.Core.Configuration;
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
            Description = "Include the key ring. The file then gives access to every secret, so protect it like the keys.",
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
                var keys = context.Parsed.GetValue(withKeys);
                var manifest = await context
                    .Get<BackupWriter>()
                    .Write(context.Parsed.GetRequiredValue(FileName), keys, Progress(context.Error));
                await context.Output.WriteLineAsync(
                    $"Wrote {Number(manifest.Rows.Values.Sum())} rows to {context.Parsed.GetValue(FileName)}."
                );
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
        var command = new Command(
            "restore",
            "Restore a backup into an empty database, of the same engine or the other one: all of it or nothing."
        )
        {
            FileName,
        };
        command.SetAction(
            async (parsed, cancel) =>
            {
                var error = parsed.InvocationConfiguration.Error;
                try
                {
                    var installation = InstallationOptions.Read(parsed);
                    var manifest = await new BackupReader(installation, TimeProvider.System).Restore(
                        parsed.GetRequiredValue(FileName),
                        Progress(error)
                    );
                    await parsed.InvocationConfiguration.Output.WriteLineAsync(
                        $"Restored {Number(manifest.Rows.Values.Sum())} rows of {manifest.CreatedAt}, written by Latchkey "
                            + $"{manifest.Latchkey} on {manifest.Engine}."
                    );
                    return 0;
                }
                catch (Exception e)
                    when (e
                            is RestoreException
                                or InvalidSettingException
                                or SchemaTooNewException
                                or InvalidDataException
                                or UnauthorizedAccessException
                                or IOException
                                or System.Data.Common.DbException
                                or System.Text.Json.JsonException
                    )
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
