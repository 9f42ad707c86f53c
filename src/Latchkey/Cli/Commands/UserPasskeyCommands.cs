using System.CommandLine;
using System.Text.Json;
using Latchkey.Activity.Audit;
using Latchkey.Api.Passkeys;
using Latchkey.Users.Administration;

namespace Latchkey.Cli.Commands;

/// <summary>latchkey user passkeys and latchkey user remove-passkey.</summary>
public static class UserPasskeyCommands
{
    public static Command List(UserLookup lookup)
    {
        var json = LatchkeyCommand.JsonOption();
        var command = new Command("passkeys", "List a user's passkeys, newest first.") { lookup.AppId, lookup.User, json };
        command.SetHandler(async context =>
        {
            if (await lookup.Find(context) is not var (application, user))
            {
                return 1;
            }

            var answer = PasskeysAnswer.From(application, await context.Get<UserPasskeys>().List(application.Id, user));
            await context.Output.WriteLineAsync(
                context.Parsed.GetValue(json)
                    ? JsonSerializer.Serialize(answer, PasskeysJson.Default.PasskeysAnswer)
                    : string.Join('\n', answer.Passkeys.Select(Line))
            );
            return 0;
        });
        return command;
    }

    public static Command Remove(UserLookup lookup)
    {
        var id = new Argument<string>("PASSKEY") { Description = "The passkey's id, as latchkey user passkeys shows it." };
        var command = new Command("remove-passkey", "Remove a passkey of a user, also the last way to sign in. The user is told by mail.")
        {
            lookup.AppId,
            lookup.User,
            id,
        };
        command.SetHandler(async context =>
        {
            if (await lookup.Find(context) is not var (application, user))
            {
                return 1;
            }

            var done = await context.Get<UserPasskeys>().Delete(application, user, context.Parsed.GetRequiredValue(id), Actor.CommandLine);
            return await context.End(done);
        });
        return command;
    }

    private static string Line(PasskeyAnswer passkey)
    {
        var lastUse = passkey.LastUsedAt is { } used ? $"used {used}" : "never used";
        var state = passkey.Usable ? "" : "  (made for another domain: no longer usable)";
        return $"{passkey.Id}  {passkey.CreatedAt}  {lastUse}  {passkey.Name}{state}";
    }
}
