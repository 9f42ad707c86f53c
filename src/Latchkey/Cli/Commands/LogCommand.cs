using System.CommandLine;
using System.Globalization;
using Latchkey.Activity.Audit;
using Latchkey.Core;
using Latchkey.Data;

namespace Latchkey.Cli.Commands;

/// <summary>latchkey log</summary>
public static class LogCommand
{
    private const int MaxLines = 200;

    public static Command Create()
    {
        var person = new Option<string?>("--person")
        {
            Description = "Only what this account did, and what was done to it.",
            HelpName = "ADDRESS",
        };
        var action = new Option<string?>("--action") { Description = "Only this action, such as signIn.", HelpName = "ACTION" };
        var json = LatchkeyCommand.JsonOption();
        var command = new Command(
            "log",
            $"Show the newest {MaxLines} lines of what was done with the installation and its portal accounts."
        )
        {
            person,
            action,
            json,
        };
        command.SetHandler(async context =>
        {
            var (who, what) = (context.Parsed.GetValue(person) ?? "", context.Parsed.GetValue(action) ?? "");
            var asked = LogFilter.Read(name =>
                name == "handle" ? who
                : name == "action" ? what
                : ""
            );
            if (asked.Failed(out var filter, out var wrong))
            {
                await context.Error.WriteLineAsync($"latchkey: {wrong.Message}");
                return 1;
            }

            var (lines, _) = await context.Get<InstallationLogReader>().Page(filter, LogCursor.Start, MaxLines);
            await context.Output.WriteLineAsync(context.Parsed.GetValue(json) ? Json(lines) : Text(lines));
            return 0;
        });
        return command;
    }

    private static string Json(IReadOnlyList<InstallationLogLine> lines) =>
        CliJson.WriteList(
            lines,
            (json, line) =>
            {
                json.WriteString("at", WireDate.Format(line.At));
                json.WriteString("action", line.Action);
                json.WriteString("by", line.Who);
                json.WriteString("account", line.DeveloperEmail);
                json.WriteBoolean("refused", line.IsRefused);
                json.WriteString("detail", line.Detail);
                json.WriteString("client", line.Client);
                json.WriteNumber("count", line.Count);
            }
        );

    private static string Text(IReadOnlyList<InstallationLogLine> lines) =>
        lines.Count == 0 ? "Nothing is in the log." : string.Join('\n', lines.Select(Describe));

    private static string Describe(InstallationLogLine line)
    {
        var about = line.Actor.Length > 0 && line.DeveloperId.Length > 0 ? $" {line.DeveloperEmail ?? line.DeveloperId}" : "";
        string[] parts =
        [
            WireDate.Format(line.At),
            line.Action,
            line.Who + (line.Client.Length > 0 ? $" ({line.Client})" : ""),
            (line.IsRefused ? "refused: " : "") + line.Detail + about,
            line.Count > 1 ? string.Create(CultureInfo.InvariantCulture, $"{line.Count} times") : "",
        ];
        return string.Join("  ", parts.Where(part => part.Length > 0));
    }
}
