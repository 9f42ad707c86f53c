using System.CommandLine;
using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Operations.Erasure;

namespace Latchkey.Cli.Commands;

/// <summary>latchkey app reset, latchkey app delete</summary>
public static class DeletionCommands
{
    public static Command Reset() =>
        Create(
            "reset",
            "Delete all users of an application, with files, signups, invitations, codes and logs. Settings, keys and members are "
                + "kept. This cannot be undone.",
            DeletionState.Reset,
            (rules, row, name) => rules.Reset(row.Id, name, ChangeContext.CommandLine)
        );

    public static Command Delete() =>
        Create(
            "delete",
            "Delete an application with all users, keys and logs. This cannot be undone.",
            DeletionState.Delete,
            (rules, row, name) => rules.Delete(row.Id, name, ChangeContext.CommandLine)
        );

    private static Command Create(
        string verb,
        string meaning,
        string mark,
        Func<DeletionRules, ApplicationRow, string, Task<Result<string>>> start
    )
    {
        var confirm = new Option<string>("--confirm")
        {
            Description = "The application's name, to confirm that it is the right one.",
            Required = true,
            HelpName = "NAME",
        };
        var command = new Command(verb, meaning) { ApplicationCommands.AppId, confirm };
        command.SetHandler(async context =>
        {
            if (await context.Get<ApplicationRules>().Find(context.Parsed.GetRequiredValue(ApplicationCommands.AppId)) is not { } row)
            {
                return await ApplicationCommands.NoSuchApp(context);
            }

            var (_, refused) = await start(context.Get<DeletionRules>(), row, context.Parsed.GetRequiredValue(confirm));
            if (refused is not null)
            {
                return await context.Fail(refused);
            }

            // If the command is stopped here, the server continues the job.
            return (await context.Get<DeletionSteps>().RunFor(row.Id, mark, TimeSpan.MaxValue, CancellationToken.None)).IsDone ? 0 : 1;
        });
        return command;
    }
}
