using System.CommandLine;
using Latchkey.Accounts;
using Latchkey.Activity.Audit;
using Latchkey.Applications.Settings;
using Latchkey.Core;

namespace Latchkey.Cli.Commands;

/// <summary>latchkey installation …</summary>
public static class InstallationCommands
{
    private const string SignUp = "signUp";
    private const string SecondFactor = "secondFactor";

    public static Command Create() => new("installation", "Manage the settings for all portal accounts.") { Show(), Set() };

    private static Command Show()
    {
        var show = new Command("show", "Show who can get an account, and whether every account needs a second factor.");
        show.SetHandler(async context =>
        {
            var factor = await context.Get<SecondFactorRequirement>().IsOn()
                ? SecondFactorRequirement.Required
                : SecondFactorRequirement.Optional;
            await context.Output.WriteLineAsync($"{SignUp}={await context.Get<PortalSignUp>().GetMode()}\n{SecondFactor}={factor}");
            return 0;
        });
        return show;
    }

    private static Command Set()
    {
        var pair = new Argument<string>("NAME=VALUE")
        {
            Description =
                $"{SignUp}={string.Join('|', SignUpMode.All)}, or "
                + $"{SecondFactor}={SecondFactorRequirement.Optional}|{SecondFactorRequirement.Required}.",
        };
        var set = new Command("set", "Change a setting. Running servers apply it at once.") { pair };
        set.SetHandler(async context =>
        {
            var (_, refused) = await Apply(context, context.Parsed.GetRequiredValue(pair).Split('=', 2));
            return refused is null ? 0 : await context.Fail(refused);
        });
        return set;
    }

    private static async Task<Result<Done>> Apply(CommandContext context, string[] parts) =>
        parts switch
        {
            [SignUp, var mode] => await context.Get<PortalSignUp>().SetMode(mode, Actor.CommandLine),
            [SecondFactor, var choice] => await context.Get<SecondFactorRequirement>().Set(choice, Actor.CommandLine),
            _ => Setting.Invalid($"Use {SignUp}=VALUE or {SecondFactor}=VALUE."),
        };
}
