using System.CommandLine;
using Latchkey.Activity.Audit;
using Latchkey.Provider.IdentityProviders;

namespace Latchkey.Cli.Commands;

/// <summary>latchkey provider create, set and delete.</summary>
internal static class ProviderChangeCommands
{
    public static Command Create()
    {
        var template = new Argument<string>("TEMPLATE") { Description = "A name of latchkey provider catalogue; oidc for any other." };
        var (options, json) = (new ProviderOptions(), LatchkeyCommand.JsonOption());
        var command = new Command("create", "Add a provider, and print the callback address to enter there.")
        {
            ProviderCommands.AppId,
            template,
            json,
        };
        options.AddTo(command);
        command.SetHandler(async context =>
        {
            if ((await options.Read(context)).Failed(out var changes, out var unreadable))
            {
                return await context.Fail(unreadable);
            }

            var appId = context.Parsed.GetRequiredValue(ProviderCommands.AppId);
            var created = await context
                .Get<IdentityProviderRules>()
                .Create(appId, context.Parsed.GetRequiredValue(template), changes, Actor.CommandLine);
            if (created.Failed(out var provider, out var refused))
            {
                return await context.Fail(refused);
            }

            var callback = await ProviderCommands.CallbackOf(context, provider);
            await context.Output.WriteLineAsync(
                context.Parsed.GetValue(json)
                    ? ProviderCommands.Json(provider, callback)
                    : $"""
                    Alias     {provider.Alias}
                    Callback  {callback}   (enter it at the provider, exactly)
                    """
            );
            return 0;
        });
        return command;
    }

    public static Command Set()
    {
        var options = new ProviderOptions();
        var command = new Command(
            "set",
            "Change a provider: all of it or nothing. Besides the fields of its kind (latchkey provider catalogue), it has:\n\n"
                + string.Join('\n', IdentityProviderFields.All.Select(field => $"{field.Name, -14}  {field.Meaning}"))
        )
        {
            ProviderCommands.AppId,
            ProviderCommands.Alias,
        };
        options.AddTo(command);
        command.SetHandler(async context =>
            (await options.Read(context)).Failed(out var changes, out var unreadable)
                ? await context.Fail(unreadable)
                : await context.End(
                    await context
                        .Get<IdentityProviderRules>()
                        .Change(
                            context.Parsed.GetRequiredValue(ProviderCommands.AppId),
                            context.Parsed.GetRequiredValue(ProviderCommands.Alias),
                            changes,
                            Actor.CommandLine
                        )
                )
        );
        return command;
    }

    public static Command Delete()
    {
        var command = new Command("delete", "Delete a provider. Users lose the links to their accounts there.")
        {
            ProviderCommands.AppId,
            ProviderCommands.Alias,
        };
        command.SetHandler(async context =>
            await context.End(
                await context
                    .Get<IdentityProviderRules>()
                    .Remove(
                        context.Parsed.GetRequiredValue(ProviderCommands.AppId),
                        context.Parsed.GetRequiredValue(ProviderCommands.Alias),
                        Actor.CommandLine
                    )
            )
        );
        return command;
    }
}
