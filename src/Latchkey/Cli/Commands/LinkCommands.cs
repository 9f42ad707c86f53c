using System.CommandLine;
using System.Text.Json;
using Latchkey.Activity.Audit;
using Latchkey.Api.Linking;
using Latchkey.Users.Administration;

namespace Latchkey.Cli.Commands;

/// <summary>latchkey user links and latchkey user unlink.</summary>
public static class LinkCommands
{
    public static Command List(UserLookup lookup)
    {
        var json = LatchkeyCommand.JsonOption();
        var command = new Command(
            "links",
            "Show the ways in which a user can log in: password, phone number, passkeys, and accounts at Apple and Google."
        )
        {
            lookup.AppId,
            lookup.User,
            json,
        };
        command.SetHandler(async context =>
        {
            if (await lookup.Find(context) is not var (_, user))
            {
                return 1;
            }

            var answer = LinksAnswer.From(user, await context.Get<UserIdentities>().List(user));
            await context.Output.WriteLineAsync(
                context.Parsed.GetValue(json)
                    ? JsonSerializer.Serialize(answer, LinkingJson.Default.LinksAnswer)
                    : string.Join('\n', Lines(answer))
            );
            return 0;
        });
        return command;
    }

    public static Command Unlink(UserLookup lookup)
    {
        var id = new Argument<string>("LINK") { Description = "The link's id, as latchkey user links shows it." };
        var command = new Command("unlink", "Unlink an account at Apple or Google, but never the last way in. The user is told by mail.")
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

            var done = await context
                .Get<UserIdentities>()
                .Unlink(application, user, context.Parsed.GetRequiredValue(id), Actor.CommandLine);
            return await context.End(done);
        });
        return command;
    }

    private static IEnumerable<string> Lines(LinksAnswer answer) =>
        [
            $"{"password", -8}  {(answer.Password ? "yes" : "no")}",
            $"{"phone", -8}  {answer.Phone ?? "none"}",
            $"{"passkeys", -8}  {answer.Passkeys}",
            .. answer.Identities.Select(one =>
                $"{one.Provider, -8}  {one.Id}  {one.LinkedAt}  {one.LastUsedAt ?? "never used", -24}  {one.Email}"
            ),
        ];
}
