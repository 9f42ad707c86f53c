using System.CommandLine;
using Latchkey.Activity.Audit;
using Latchkey.Applications;
using Latchkey.Applications.Branding;
using Latchkey.Applications.Credentials;

namespace Latchkey.Cli.Commands;

/// <summary>latchkey app branding …</summary>
public static class BrandingCommands
{
    private static readonly Argument<string> AppId = new("APPID") { Description = "The App Id." };

    public static Command Create() =>
        new("branding", "Change how the pages of an application look: a draft, and published versions.")
        {
            Show(),
            Set(),
            Publish(),
            RollBack(),
        };

    private static Command Show()
    {
        var json = LatchkeyCommand.JsonOption();
        var command = new Command("show", "Print the draft, and the published versions.") { AppId, json };
        command.SetHandler(async context =>
        {
            if (await context.Get<ApplicationRules>().Find(context.Parsed.GetRequiredValue(AppId)) is not { } app)
            {
                return await context.Fail(CredentialUpdater.NoSuchApp);
            }

            var state = await context.Get<BrandRules>().Show(app.Id);
            await context.Output.WriteLineAsync(context.Parsed.GetValue(json) ? BrandingOutput.Json(state) : BrandingOutput.Text(state));
            return 0;
        });
        return command;
    }

    private static Command Set()
    {
        var options = new BrandingOptions();
        var command = new Command("set", "Change the draft. What is not given stays as it is. Users see it when it is published.")
        {
            AppId,
        };
        options.AddTo(command);
        command.SetHandler(async context =>
            await context.End(
                await context
                    .Get<BrandRules>()
                    .Save(
                        context.Parsed.GetRequiredValue(AppId),
                        brand => options.Change(context.Parsed, brand),
                        options.ReadLogo(context.Parsed),
                        Actor.CommandLine
                    )
            )
        );
        return command;
    }

    private static Command Publish()
    {
        var command = new Command("publish", "Publish the draft.") { AppId };
        command.SetHandler(async context =>
            await context.End(await context.Get<BrandRules>().Publish(context.Parsed.GetRequiredValue(AppId), Actor.CommandLine))
        );
        return command;
    }

    private static Command RollBack()
    {
        var version = new Argument<long>("VERSION") { Description = "The number of an earlier version, as show prints it." };
        var command = new Command("rollback", "Publish an earlier version again, under the next number. A draft is dropped.")
        {
            AppId,
            version,
        };
        command.SetHandler(async context =>
            await context.End(
                await context
                    .Get<BrandRules>()
                    .RollBack(context.Parsed.GetRequiredValue(AppId), context.Parsed.GetRequiredValue(version), Actor.CommandLine)
            )
        );
        return command;
    }
}
