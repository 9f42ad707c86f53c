using System.CommandLine;
using Latchkey.Core;
using Latchkey.Data;

namespace Latchkey.Cli.Commands;

/// <summary>latchkey migrate, latchkey version</summary>
public static class MaintenanceCommands
{
    public static Command Migrate()
    {
        var command = new Command("migrate", "Migrate the database's schema to this version. serve does this too. It is safe to repeat.");
        command.SetHandler(
            async context =>
            {
                // Opening has brought it up; here is only the report.
                await context.Output.WriteLineAsync($"The schema has version {Migrator.NewestVersion(context.Get<Dialect>().Name)}.");
                return 0;
            },
            SchemaPolicy.Migrate
        );
        return command;
    }

    public static Command Version()
    {
        var json = LatchkeyCommand.JsonOption();
        var command = new Command("version", "Print the version of this program.") { json };
        command.SetAction(parsed =>
        {
            parsed.InvocationConfiguration.Output.WriteLine(
                parsed.GetValue(json)
                    ? CliJson.Write(writer =>
                    {
                        writer.WriteStartObject();
                        writer.WriteString("version", BuildVersion.Text);
                        writer.WriteEndObject();
                    })
                    : $"latchkey {BuildVersion.Text}"
            );
            return 0;
        });
        return command;
    }
}
