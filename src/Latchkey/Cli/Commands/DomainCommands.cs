using System.CommandLine;
using Latchkey.Activity.Audit;
using Latchkey.Applications.Domains;
using Latchkey.Core;

namespace Latchkey.Cli.Commands;

/// <summary>latchkey app domain …</summary>
public static class DomainCommands
{
    internal static readonly Argument<string> AppId = new("APPID") { Description = "The App Id." };
    internal static readonly Argument<string> Host = new("HOST") { Description = "A host name, such as auth.example.com." };

    public static Command Create() =>
        new("domain", "Manage an application's own domains, where its OpenID provider and the files for its passkeys are answered.")
        {
            Add(),
            List(),
            Remove(),
            DomainRequestCommands.Requests(),
            DomainRequestCommands.Check(),
            DomainRequestCommands.Approve(),
            DomainRequestCommands.Refuse(),
        };

    /// <summary>The application and the name in lower case.</summary>
    internal static (string AppId, string Host) Read(CommandContext context) =>
        (context.Parsed.GetRequiredValue(AppId), context.Parsed.GetRequiredValue(Host).Trim().ToLowerInvariant());

    private static Command Add()
    {
        var command = new Command("add", "Give a domain to an application. Its DNS must lead to this server.") { AppId, Host };
        command.SetHandler(async context =>
            await context.End(
                await context
                    .Get<DomainRules>()
                    .Add(context.Parsed.GetRequiredValue(AppId), context.Parsed.GetRequiredValue(Host), Actor.CommandLine)
            )
        );
        return command;
    }

    private static Command List()
    {
        var json = LatchkeyCommand.JsonOption();
        var command = new Command("list", "List an application's domains.") { AppId, json };
        command.SetHandler(async context =>
        {
            var hosts = await context.Get<DomainRules>().List(context.Parsed.GetRequiredValue(AppId));
            await context.Output.WriteLineAsync(
                context.Parsed.GetValue(json)
                    ? CliJson.WriteList(hosts, (json, host) => json.WriteString("host", host))
                    : string.Join('\n', hosts)
            );
            return 0;
        });
        return command;
    }

    private static Command Remove()
    {
        var command = new Command("remove", "Take a domain from an application.") { AppId, Host };
        command.SetHandler(async context =>
            await context.End(
                await context
                    .Get<DomainRules>()
                    .Remove(context.Parsed.GetRequiredValue(AppId), context.Parsed.GetRequiredValue(Host), Actor.CommandLine)
            )
        );
        return command;
    }
}
