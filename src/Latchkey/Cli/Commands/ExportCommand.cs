using System.CommandLine;
using Latchkey.Activity.Audit;
using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Operations.UserTransfer;

namespace Latchkey.Cli.Commands;

/// <summary>latchkey user export</summary>
public static class ExportCommand
{
    public static Command Create()
    {
        var appId = new Argument<string>("APPID") { Description = "The App Id." };
        var format = new Option<string>("--format") { Description = "csv or jsonl (default).", DefaultValueFactory = _ => "jsonl" };
        format.AcceptOnlyFromAmong("csv", "jsonl");
        var output = new Option<string?>("--output")
        {
            Description = "The file to write, readable only by its owner. Default: standard output.",
            HelpName = "FILE",
        };
        var hashes = new Option<bool>("--with-hashes") { Description = "Include password hashes, so that an import keeps the passwords." };
        var secrets = new Option<bool>("--with-secrets") { Description = "Include the seeds of authenticator apps." };
        var command = new Command("export", "Export an application's users, oldest first, in a format that latchkey user import reads.")
        {
            appId,
            format,
            output,
            hashes,
            secrets,
        };
        command.SetHandler(async context =>
        {
            if (await context.Get<ApplicationCache>().Find(context.Parsed.GetRequiredValue(appId)) is not { } application)
            {
                await context.Error.WriteLineAsync("latchkey: there is no application with this id. latchkey app list shows them all.");
                return 1;
            }

            var options = new ExportOptions(Actor.CommandLine, context.Parsed.GetValue(hashes), context.Parsed.GetValue(secrets));
            using var file = context.Parsed.GetValue(output) is { } path ? OutputFile.Create(path, overwrite: true) : null;
            await using var stream = file?.Content ?? StandardOutput(context);
            using (
                IUserWriter writer =
                    context.Parsed.GetValue(format) == "csv" ? new CsvUserWriter(stream, options) : new JsonUserWriter(stream, options)
            )
            {
                await Run(context, application, writer, options);
            }

            file?.Publish();
            return 0;
        });
        return command;
    }

    /// <summary>The bytes as they are for another program or a file, and escaped for a person.</summary>
    private static Stream StandardOutput(CommandContext context) =>
        context.Output is TerminalWriter { IsTerminal: true } terminal ? new TextWriterStream(terminal) : StandardStream.Output();

    private static async Task Run(CommandContext context, Application application, IUserWriter writer, ExportOptions options)
    {
        var whole = await context.Get<UserExport>().Count(application.Id);
        var progress = new ProgressReporter(context.Error, context.Get<TimeProvider>(), "exported");
        progress.Finish(await context.Get<UserExport>().Run(application, writer, options, count => progress.Report(count, count, whole)));
    }
}
