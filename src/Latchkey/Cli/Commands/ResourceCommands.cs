using System.CommandLine;
using System.Globalization;
using Latchkey.Activity.Audit;
using Latchkey.Applications;
using Latchkey.Applications.Credentials;
using Latchkey.Applications.Resources;

namespace Latchkey.Cli.Commands;

/// <summary>latchkey resource …</summary>
public static class ResourceCommands
{
    private static readonly Argument<string> AppId = new("APPID") { Description = "The App Id." };
    private static readonly Argument<string> Id = new("RESOURCE") { Description = "The API's address, such as https://api.example.com." };

    public static Command Create() =>
        new("resource", "Manage the APIs that access tokens of an application can be for.") { Add(), List(), Set(), Remove() };

    private static Command Add()
    {
        var (name, scopes, seconds) = Options();
        var command = new Command("add", "Add a resource. Its address becomes the claim aud of access tokens.")
        {
            AppId,
            Id,
            name,
            scopes,
            seconds,
        };
        command.SetHandler(async context =>
            await context.End(
                await context
                    .Get<ResourceRules>()
                    .Add(
                        context.Parsed.GetRequiredValue(AppId),
                        context.Parsed.GetRequiredValue(Id),
                        context.Parsed.GetValue(name) ?? "",
                        string.Join(' ', context.Parsed.GetValue(scopes) ?? []),
                        context.Parsed.GetValue(seconds) ?? ResourceRules.DefaultTokenSeconds,
                        Actor.CommandLine
                    )
            )
        );
        return command;
    }

    private static Command List()
    {
        var json = LatchkeyCommand.JsonOption();
        var command = new Command("list", "List the resources with their scopes and the lifetime of their tokens.") { AppId, json };
        command.SetHandler(async context =>
        {
            if (await context.Get<ApplicationRules>().Find(context.Parsed.GetRequiredValue(AppId)) is not { } app)
            {
                return await context.Fail(CredentialUpdater.NoSuchApp);
            }

            var all = await context.Get<ResourceRules>().List(app.Id);
            await context.Output.WriteLineAsync(
                context.Parsed.GetValue(json)
                    ? Json(all)
                    : string.Join(
                        '\n',
                        all.Select(one =>
                            string.Create(CultureInfo.InvariantCulture, $"{one.Id}  {one.TokenSeconds} s  {one.Scopes}").TrimEnd()
                        )
                    )
            );
            return 0;
        });
        return command;
    }

    private static Command Set()
    {
        var (name, scopes, seconds) = Options();
        var command = new Command("set", "Change a resource. What is not given stays as it is.") { AppId, Id, name, scopes, seconds };
        command.SetHandler(async context =>
            await context.End(
                await context
                    .Get<ResourceRules>()
                    .Change(
                        context.Parsed.GetRequiredValue(AppId),
                        context.Parsed.GetRequiredValue(Id),
                        context.Parsed.GetValue(name),
                        context.Parsed.GetValue(scopes) is { Length: > 0 } given ? string.Join(' ', given) : null,
                        context.Parsed.GetValue(seconds),
                        Actor.CommandLine
                    )
            )
        );
        return command;
    }

    private static Command Remove()
    {
        var command = new Command("remove", "Remove a resource. There are no more tokens for it.") { AppId, Id };
        command.SetHandler(async context =>
            await context.End(
                await context
                    .Get<ResourceRules>()
                    .Remove(context.Parsed.GetRequiredValue(AppId), context.Parsed.GetRequiredValue(Id), Actor.CommandLine)
            )
        );
        return command;
    }

    private static (Option<string> Name, Option<string[]> Scopes, Option<long?> Seconds) Options() =>
        (
            new("--name") { Description = "A name for people. Default: the host.", HelpName = "NAME" },
            new("--scope") { Description = "A scope that means something there. Can be repeated.", HelpName = "SCOPE" },
            new("--token-seconds")
            {
                Description = "How long access tokens for it are valid: 60 to 86,400 seconds. Default: 600.",
                HelpName = "SECONDS",
            }
        );

    private static string Json(IReadOnlyList<Resource> all) =>
        CliJson.WriteList(
            all,
            (json, one) =>
            {
                json.WriteString("resource", one.Id);
                json.WriteString("name", one.Name);
                json.WriteStartArray("scopes");
                foreach (var scope in one.ScopeNames)
                {
                    json.WriteStringValue(scope);
                }

                json.WriteEndArray();
                json.WriteNumber("tokenSeconds", one.TokenSeconds);
            }
        );
}
