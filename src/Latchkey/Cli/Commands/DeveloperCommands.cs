using System.CommandLine;
using Latchkey.Accounts;
using Latchkey.Activity.Audit;
using Latchkey.Applications;

namespace Latchkey.Cli.Commands;

/// <summary>latchkey developer …</summary>
public static class DeveloperCommands
{
    public static Command Create()
    {
        var isOperator = new Option<bool>("--operator") { Description = "The account can do everything in the portal." };
        var create = CreateAccount("Create a portal account.", parsed => parsed.GetValue(isOperator) ? Role.Operator : Role.Developer);
        create.Add(isOperator);
        return new Command("developer", "Manage portal accounts.") { create, ResetSecondFactor() };
    }

    private static Command ResetSecondFactor()
    {
        var email = new Option<string>("--email")
        {
            Description = "The account's address.",
            Required = true,
            HelpName = "ADDRESS",
        };
        var reset = new Command(
            "reset-second-factor",
            "Remove the authenticator app, the passkeys and the recovery codes of somebody who lost them. The person gets a mail."
        )
        {
            email,
        };
        reset.SetHandler(async context =>
        {
            var (_, refused) = await context
                .Get<DeveloperAdministration>()
                .ResetSecondFactorByEmail(context.Parsed.GetRequiredValue(email), Actor.CommandLine);
            return refused is null ? 0 : await context.Fail(refused);
        });
        return reset;
    }

    /// <summary>The command that creates an account with <paramref name="role"/>.</summary>
    public static Command CreateAccount(string description, Func<ParseResult, Role> role)
    {
        var email = new Option<string>("--email")
        {
            Description = "The address to sign in with.",
            Required = true,
            HelpName = "ADDRESS",
        };
        var name = new Option<string>("--name")
        {
            Description = "The person's name.",
            Required = true,
            HelpName = "NAME",
        };
        var stdin = LatchkeyCommand.PasswordStdinOption();
        var create = new Command("create", description) { email, name, stdin };
        create.SetHandler(async context =>
        {
            if (await PasswordPrompt.Read(context, context.Parsed.GetValue(stdin)) is not { } password)
            {
                await context.Error.WriteLineAsync("latchkey: no password was given, or the two passwords do not match.");
                return 1;
            }

            var (_, refused) = await context
                .Get<DeveloperAccounts>()
                .Create(context.Parsed.GetRequiredValue(name), context.Parsed.GetRequiredValue(email), password, role(context.Parsed));
            return refused is null ? 0 : await context.Fail(refused);
        });
        return create;
    }
}
