using System.CommandLine;
using Latchkey.Activity.Audit;
using Latchkey.Applications.Credentials;
using Latchkey.Data;
using Latchkey.Provider.Clients;

namespace Latchkey.Cli.Commands;

/// <summary>latchkey client secret …</summary>
public static class ClientSecretCommands
{
    private static readonly Argument<string> SecretId = new("SECRETID")
    {
        Description = "The secret's id, as in latchkey client secret list.",
    };

    public static Command Create() => new("secret", "Manage the secrets of a client.") { List(), Add(), End() };

    private static Command List()
    {
        var json = LatchkeyCommand.JsonOption();
        var command = new Command("list", "List the valid secrets with their last characters.")
        {
            ClientCommands.AppId,
            ClientCommands.ClientId,
            json,
        };
        command.SetHandler(async context =>
        {
            var client = await context
                .Get<ClientRules>()
                .Find(context.Parsed.GetRequiredValue(ClientCommands.AppId), context.Parsed.GetRequiredValue(ClientCommands.ClientId));
            if (client is null)
            {
                return await context.Fail(ClientCommands.NoSuchClient);
            }

            var now = context.Get<TimeProvider>().Now();
            var live = client.Secrets.Where(secret => secret.IsLive(now)).ToList();
            await context.Output.WriteLineAsync(
                context.Parsed.GetValue(json)
                    ? CliJson.WriteList(live, ClientDescription.Write)
                    : string.Join('\n', live.Select(one => $"{one.Id}  …{one.Hint}  {CredentialUpdater.FormatExpiry(one.ExpiresAt)}"))
            );
            return 0;
        });
        return command;
    }

    private static Command Add()
    {
        var command = new Command("add", "Create another secret and print it once. The others stay valid.")
        {
            ClientCommands.AppId,
            ClientCommands.ClientId,
        };
        command.SetHandler(async context =>
        {
            var (appId, clientId) = (
                context.Parsed.GetRequiredValue(ClientCommands.AppId),
                context.Parsed.GetRequiredValue(ClientCommands.ClientId)
            );
            var rules = context.Get<ClientSecretRules>();
            if ((await rules.Add(appId, clientId, Actor.CommandLine)).Failed(out var made, out var refused))
            {
                return await context.Fail(refused);
            }

            await context.PrintOrUndo(made.Text, () => rules.End(appId, clientId, made.Secret.Id, 0, Actor.CommandLine));
            return 0;
        });
        return command;
    }

    private static Command End()
    {
        var days = new Option<int>("--in") { Description = "Days until it ends. Default: 0, immediately.", HelpName = "DAYS" };
        var command = new Command("end", "End a secret. Who uses it is refused.")
        {
            ClientCommands.AppId,
            ClientCommands.ClientId,
            SecretId,
            days,
        };
        command.SetHandler(async context =>
            await context.End(
                await context
                    .Get<ClientSecretRules>()
                    .End(
                        context.Parsed.GetRequiredValue(ClientCommands.AppId),
                        context.Parsed.GetRequiredValue(ClientCommands.ClientId),
                        context.Parsed.GetRequiredValue(SecretId),
                        context.Parsed.GetValue(days),
                        Actor.CommandLine
                    )
            )
        );
        return command;
    }
}
