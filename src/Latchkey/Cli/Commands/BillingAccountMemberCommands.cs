using System.CommandLine;
using Latchkey.Activity.Audit;
using Latchkey.Billing.Accounts;
using Latchkey.Billing.Collection;

namespace Latchkey.Cli.Commands;

/// <summary>latchkey billing account …: what belongs to an account, and its budget.</summary>
public static class BillingAccountMemberCommands
{
    private static readonly Argument<string> Account = BillingAccountCommands.Account;

    private static readonly Option<string> Developer = new("--email")
    {
        Description = "The e-mail address of the developer's account.",
        Required = true,
        HelpName = "ADDRESS",
    };

    public static Command AddDeveloper()
    {
        var command = new Command("add-developer", "Let a developer see the bills and set the budget.") { Account, Developer };
        command.SetBillingHandler(async context =>
            await context.End(
                await context
                    .Get<BillingAccountRules>()
                    .AddDeveloper(context.Parsed.GetRequiredValue(Account), context.Parsed.GetRequiredValue(Developer), Actor.CommandLine)
            )
        );
        return command;
    }

    public static Command RemoveDeveloper()
    {
        var command = new Command("remove-developer", "Take a developer out of a billing account.") { Account, Developer };
        command.SetBillingHandler(async context =>
            await context.End(
                await context
                    .Get<BillingAccountRules>()
                    .RemoveDeveloper(
                        context.Parsed.GetRequiredValue(Account),
                        context.Parsed.GetRequiredValue(Developer),
                        Actor.CommandLine
                    )
            )
        );
        return command;
    }

    public static Command Assign()
    {
        var appId = new Argument<string>("APPID") { Description = "The App Id." };
        var plan = new Option<string>("--plan")
        {
            Description = "The plan's name or id.",
            Required = true,
            HelpName = "PLAN",
        };
        var command = new Command(
            "assign",
            "Let an account pay for an application by a plan: the first time from this month, later from the next."
        )
        {
            Account,
            appId,
            plan,
        };
        command.SetBillingHandler(async context =>
            await context.End(
                await context
                    .Get<BillingAssignmentRules>()
                    .Assign(
                        context.Parsed.GetRequiredValue(Account),
                        context.Parsed.GetRequiredValue(appId),
                        context.Parsed.GetRequiredValue(plan),
                        Actor.CommandLine
                    )
            )
        );
        return command;
    }

    public static Command Budget()
    {
        var amount = new Argument<string>("AMOUNT")
        {
            Description = "The amount of a month before tax, such as 250.00; none to remove it.",
        };
        var stop = new Option<bool>("--stop") { Description = "Applications become inactive when it is used up." };
        var command = new Command("budget", "Set the monthly budget: mails at 50, 80 and 100 percent.") { Account, amount, stop };
        command.SetBillingHandler(async context =>
        {
            var text = context.Parsed.GetRequiredValue(amount);
            return await context.End(
                await context
                    .Get<Budgets>()
                    .Set(
                        context.Parsed.GetRequiredValue(Account),
                        text == "none" ? "" : text,
                        context.Parsed.GetValue(stop),
                        Actor.CommandLine
                    )
            );
        });
        return command;
    }
}
