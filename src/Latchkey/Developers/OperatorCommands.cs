using System.CommandLine;
using Latchkey.Cli;

namespace Latchkey.Developers;

/// <summary>latchkey operator …</summary>
public static class OperatorCommands
{
    public static Command Create()
    {
        var email = new Option<string>("--email") { Description = "The address to sign in with.", Required = true, HelpName = "ADDRESS" };
        var name = new Option<string>("--name") { Description = "The operator's name.", Required = true, HelpName = "NAME" };
        var stdin = LatchkeyCommand.PasswordStdinOption();
        var create = new Command("create", "Create an account that may do everything in the portal.") { email, name, stdin };
        create.Does(async context =>
        {
            if (await PasswordPrompt.Read(context, context.Parsed.GetValue(stdin)) is not { } password)
            {
                await context.Error.WriteLineAsync("latchkey: no password was given, or the two did not agree.");
                return 1;
            }

            var (_, refused) = await context.Get<DeveloperAccounts>().CreateOperator(context.Parsed.GetValue(name)!, context.Parsed.GetValue(email)!, password);
            return refused is null ? 0 : await context.Fail(refused);
        });
        return new Command("operator", "Manage the accounts of operators.") { create };
    }
}
