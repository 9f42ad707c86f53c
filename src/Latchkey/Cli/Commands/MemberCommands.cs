using System.CommandLine;
using Latchkey.Accounts;
using Latchkey.Activity.Audit;
using Latchkey.Applications.Members;
using Latchkey.Core;

namespace Latchkey.Cli.Commands;

/// <summary>latchkey app member …</summary>
public static class MemberCommands
{
    private static readonly Argument<string> AppId = new("APPID") { Description = "The App Id." };
    private static readonly Option<string> Email = new("--email")
    {
        Description = "The e-mail address of the developer's account.",
        Required = true,
        HelpName = "ADDRESS",
    };

    public static Command Create() => new("member", "Manage an application's members.") { Add(), List(), Remove() };

    private static Command Add()
    {
        var role = new Option<string>("--role")
        {
            Description = "A viewer can view, an editor can also change, an owner can also reset, delete and invite.",
            Required = true,
            HelpName = "ROLE",
        };
        role.AcceptOnlyFromAmong([.. MemberRoles.All.Select(one => one.ToName())]);
        var command = new Command("add", "Add a developer to an application, or give a member another role.") { AppId, Email, role };
        command.SetHandler(async context =>
            await context.End(
                await context
                    .Get<MemberRules>()
                    .AddOrUpdate(
                        context.Parsed.GetRequiredValue(AppId),
                        context.Parsed.GetRequiredValue(Email),
                        MemberRoles.Parse(context.Parsed.GetRequiredValue(role)),
                        Actor.CommandLine
                    )
            )
        );
        return command;
    }

    private static Command List()
    {
        var json = LatchkeyCommand.JsonOption();
        var command = new Command("list", "List an application's members.") { AppId, json };
        command.SetHandler(async context =>
        {
            var members = await context.Get<MemberRules>().List(context.Parsed.GetRequiredValue(AppId));
            await context.Output.WriteLineAsync(
                context.Parsed.GetValue(json)
                    ? Json(members)
                    : string.Join('\n', members.Select(member => $"{member.Role.ToName(), -6}  {member.Email}  {member.Name}"))
            );
            return 0;
        });
        return command;
    }

    private static Command Remove()
    {
        var command = new Command("remove", "Remove a developer from an application.") { AppId, Email };
        command.SetHandler(async context =>
            await context.End(
                await context
                    .Get<MemberRules>()
                    .RemoveByEmail(context.Parsed.GetRequiredValue(AppId), context.Parsed.GetRequiredValue(Email), Actor.CommandLine)
            )
        );
        return command;
    }

    private static string Json(IReadOnlyList<Member> members) =>
        CliJson.WriteList(
            members,
            (json, member) =>
            {
                json.WriteString("email", member.Email);
                json.WriteString("name", member.Name);
                json.WriteString("role", member.Role.ToName());
                json.WriteString("addedAt", WireDate.Format(member.AddedAt));
            }
        );
}
