using System.CommandLine;
using Latchkey.Activity.Audit;
using Latchkey.Applications;
using Latchkey.Applications.Credentials;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Provider.Clients;

namespace Latchkey.Cli.Commands;

/// <summary>latchkey client …</summary>
public static class ClientCommands
{
    private const int PageSize = 200;

    internal static readonly Argument<string> AppId = new("APPID") { Description = "The App Id." };
    internal static readonly Argument<string> ClientId = new("CLIENTID") { Description = "The client's id, as in latchkey client list." };

    public static Command Create() =>
        new("client", "Manage the clients of an application's OpenID provider.")
        {
            CreateClient(),
            List(),
            Show(),
            Set(),
            ClientSecretCommands.Create(),
            Delete(),
        };

    private static Command CreateClient()
    {
        var name = new Option<string>("--name")
        {
            Description = "The client's name. Users see it.",
            Required = true,
            HelpName = "NAME",
        };
        var type = new Option<string>("--type")
        {
            Description =
                "web: a website with a server. native: an app on a phone or desktop. browser: a single-page app. service: a server "
                + "that acts for itself. device: a device without a browser.",
            Required = true,
            HelpName = "TYPE",
        };
        type.AcceptOnlyFromAmong([.. EnumNames.All<ClientType>()]);
        var (options, settings, json) = (new ClientOptions(), ClientOptions.SettingsArgument(), LatchkeyCommand.JsonOption());
        var command = new Command("create", "Create a client and print its id and secret. The secret is printed this once.")
        {
            AppId,
            name,
            type,
            json,
            settings,
        };
        options.AddTo(command);
        command.SetHandler(async context =>
        {
            if (options.Read(context.Parsed, settings) is not { } changes)
            {
                return await ClientOptions.FailPairs(context);
            }

            var created = await context
                .Get<ClientRules>()
                .Create(
                    context.Parsed.GetRequiredValue(AppId),
                    EnumNames.TryParse<ClientType>(context.Parsed.GetRequiredValue(type), out var kind) ? kind : default,
                    context.Parsed.GetRequiredValue(name),
                    changes,
                    Actor.CommandLine
                );
            if (created.Failed(out var made, out var refused))
            {
                return await context.Fail(refused);
            }

            await context.PrintOrUndo(
                context.Parsed.GetValue(json) ? Json(made)
                    : made.Secret is null ? $"Client id      {made.Client.Id}"
                    : $"""
                    Client id      {made.Client.Id}
                    Client secret  {made.Secret}   (shown this once)
                    """,
                () => context.Get<ClientDeletion>().Delete(made.Client.AppId, made.Client.Id, Actor.CommandLine)
            );
            await ClientOptions.Warn(context, made.Client);
            return 0;
        });
        return command;
    }

    private static Command List()
    {
        var json = LatchkeyCommand.JsonOption();
        var search = new Option<string>("--search") { Description = "Part of the name, or a client id.", HelpName = "TEXT" };
        var command = new Command("list", "List the clients, the newest first.") { AppId, search, json };
        command.SetHandler(async context =>
        {
            if (await context.Get<ApplicationRules>().Find(context.Parsed.GetRequiredValue(AppId)) is not { } app)
            {
                return await context.Fail(CredentialUpdater.NoSuchApp);
            }

            var all = await All(context.Get<ClientRules>(), app.Id, context.Parsed.GetValue(search) ?? "");
            await context.Output.WriteLineAsync(
                context.Parsed.GetValue(json)
                    ? CliJson.WriteList(all, ClientDescription.Write)
                    : string.Join('\n', all.Select(client => $"{client.Id}  {client.Type, -7}  {client.Name}"))
            );
            return 0;
        });
        return command;
    }

    private static Command Show()
    {
        var json = LatchkeyCommand.JsonOption();
        var command = new Command("show", "Show a client with its settings and secrets.") { AppId, ClientId, json };
        command.SetHandler(async context =>
        {
            var client = await context
                .Get<ClientRules>()
                .Find(context.Parsed.GetRequiredValue(AppId), context.Parsed.GetRequiredValue(ClientId));
            if (client is null)
            {
                return await context.Fail(NoSuchClient);
            }

            await context.Output.WriteLineAsync(
                context.Parsed.GetValue(json) ? Json(client, context.Get<TimeProvider>().Now()) : Describe(client)
            );
            return 0;
        });
        return command;
    }

    private static Command Set()
    {
        var (options, settings) = (new ClientOptions(), ClientOptions.SettingsArgument());
        var name = new Option<string>("--name") { Description = "Another name.", HelpName = "NAME" };
        var command = new Command(
            "set",
            "Change a client: all of it or nothing. An option that is given replaces the whole list.\n\n"
                + string.Join('\n', ClientFields.All.Select(field => $"{field.Name, -24}  {field.Meaning}"))
        )
        {
            AppId,
            ClientId,
            name,
            settings,
        };
        options.AddTo(command);
        command.SetHandler(async context =>
        {
            if (options.Read(context.Parsed, settings) is not { } changes)
            {
                return await ClientOptions.FailPairs(context);
            }

            if (context.Parsed.GetValue(name) is { } renamed)
            {
                changes[ClientRules.Name] = renamed;
            }

            var changed = await context
                .Get<ClientRules>()
                .Change(context.Parsed.GetRequiredValue(AppId), context.Parsed.GetRequiredValue(ClientId), changes, Actor.CommandLine);
            if (changed.Value is { } client)
            {
                await ClientOptions.Warn(context, client);
            }

            return await context.End(changed);
        });
        return command;
    }

    private static Command Delete()
    {
        var command = new Command("delete", "Delete a client. What users granted to it ends.") { AppId, ClientId };
        command.SetHandler(async context =>
            await context.End(
                await context
                    .Get<ClientDeletion>()
                    .Delete(context.Parsed.GetRequiredValue(AppId), context.Parsed.GetRequiredValue(ClientId), Actor.CommandLine)
            )
        );
        return command;
    }

    internal static Error NoSuchClient { get; } =
        ErrorCodes.ClientNotFound with
        {
            Message = "The application has no such client. latchkey client list shows them all.",
        };

    private static async Task<IReadOnlyList<ClientSummary>> All(ClientRules rules, string appId, string search)
    {
        var all = new List<ClientSummary>();
        for (string? cursor = ""; cursor is not null; )
        {
            var page = await rules.Page(appId, search, new PageRequest(cursor, "", PageSize));
            all.AddRange(page.Rows);
            cursor = page.Next?.Encoded;
        }

        return all;
    }

    private static string Describe(Client client) =>
        string.Join(
            '\n',
            ClientFields
                .All.Select(field => (field.Name, Text: field.Format(client.Settings)))
                .Prepend(("name", client.Name))
                .Prepend(("type", client.Type.ToName()))
                .Prepend(("clientId", client.Id))
                .Concat(client.Secrets.Select(one => ("secret", $"{one.Id}  …{one.Hint}  {CredentialUpdater.FormatExpiry(one.ExpiresAt)}")))
                .Select(line => $"{line.Item1, -24}  {line.Item2}".TrimEnd())
        );

    private static string Json(Client client, long now) =>
        CliJson.Write(json =>
        {
            json.WriteStartObject();
            ClientDescription.Write(json, client, now);
            json.WriteEndObject();
        });

    private static string Json(CreatedClient made) =>
        CliJson.Write(json =>
        {
            json.WriteStartObject();
            json.WriteString("clientId", made.Client.Id);
            json.WriteString("clientSecret", made.Secret);
            json.WriteEndObject();
        });
}
