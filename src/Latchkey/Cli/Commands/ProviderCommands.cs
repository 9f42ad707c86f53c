using System.CommandLine;
using Latchkey.Applications;
using Latchkey.Applications.Credentials;
using Latchkey.Applications.IdentityProviders;
using Latchkey.Core;
using Latchkey.Core.Configuration;
using Latchkey.Provider.IdentityProviders;
using Latchkey.Provider.IdentityProviders.Catalogue;

namespace Latchkey.Cli.Commands;

/// <summary>latchkey provider …</summary>
public static class ProviderCommands
{
    internal static readonly Argument<string> AppId = new("APPID") { Description = "The App Id." };
    internal static readonly Argument<string> Alias = new("ALIAS") { Description = "The provider's alias, as in latchkey provider list." };

    public static Command Create() =>
        new("provider", "Manage the providers that users of an application can sign in with, such as Google or GitHub.")
        {
            Catalogue(),
            ProviderChangeCommands.Create(),
            List(),
            Show(),
            ProviderChangeCommands.Set(),
            Test(),
            ProviderChangeCommands.Delete(),
        };

    private static Command Catalogue()
    {
        var json = LatchkeyCommand.JsonOption();
        var command = new Command("catalogue", "List the providers that are known, and the values that each needs.") { json };
        command.SetHandler(async context =>
        {
            await context.Output.WriteLineAsync(
                context.Parsed.GetValue(json)
                    ? CliJson.WriteList(ProviderCatalogue.All, IdentityProviderDescription.Write)
                    : string.Join('\n', ProviderCatalogue.All.Select(one => $"{one.Key, -12}  {one.Name, -16}  {NeedsOf(one)}"))
            );
            return 0;
        });
        return command;
    }

    private static Command List()
    {
        var json = LatchkeyCommand.JsonOption();
        var command = new Command("list", "List the providers, in the order of their buttons.") { AppId, json };
        command.SetHandler(async context =>
        {
            if (await context.Get<ApplicationRules>().Find(context.Parsed.GetRequiredValue(AppId)) is not { } app)
            {
                return await context.Fail(CredentialUpdater.NoSuchApp);
            }

            var all = await context.Get<IdentityProviderRules>().List(app.Id);
            var (installation, settings) = (context.Get<InstallationSettings>(), ApplicationRules.SettingsOf(app));
            await context.Output.WriteLineAsync(
                context.Parsed.GetValue(json)
                    ? CliJson.WriteList(
                        all,
                        (writer, one) =>
                            IdentityProviderDescription.Write(writer, one, ProviderCallback.Of(installation, settings, app.Id, one.Alias))
                    )
                    : string.Join(
                        '\n',
                        all.Select(one => $"{one.Alias, -20}  {(one.Enabled ? "on " : "off")}  {one.Template, -12}  {one.Name}")
                    )
            );
            return 0;
        });
        return command;
    }

    private static Command Show()
    {
        var json = LatchkeyCommand.JsonOption();
        var command = new Command("show", "Show a provider with its settings. Its secret is never shown.") { AppId, Alias, json };
        command.SetHandler(async context =>
        {
            if (await Find(context) is not { } provider)
            {
                return await context.Fail(NoSuchProvider);
            }

            var callback = await CallbackOf(context, provider);
            await context.Output.WriteLineAsync(context.Parsed.GetValue(json) ? Json(provider, callback) : Describe(provider, callback));
            return 0;
        });
        return command;
    }

    private static Command Test()
    {
        var command = new Command("test", "Ask a provider for its endpoints and keys. Exit code 1 when something is wrong.")
        {
            AppId,
            Alias,
        };
        command.SetHandler(async context =>
        {
            if (await Find(context) is not { } provider || ProviderCatalogue.Find(provider.Template) is not { } template)
            {
                return await context.Fail(NoSuchProvider);
            }

            var results = await context.Get<ProviderCheck>().Run(provider, template);
            foreach (var result in results)
            {
                await context.Output.WriteLineAsync($"{(result.IsProblem ? "wrong" : "good "), -5}  {result.Name}: {result.Result}");
            }

            return results.Any(result => result.IsProblem) ? 1 : 0;
        });
        return command;
    }

    private static Error NoSuchProvider { get; } =
        ErrorCodes.ProviderNotFound with
        {
            Message = "The application has no such provider. latchkey provider list shows them all.",
        };

    private static Task<IdentityProvider?> Find(CommandContext context) =>
        context.Get<IdentityProviderRules>().Find(context.Parsed.GetRequiredValue(AppId), context.Parsed.GetRequiredValue(Alias));

    internal static async Task<string> CallbackOf(CommandContext context, IdentityProvider provider) =>
        await context.Get<ApplicationRules>().Find(provider.AppId) is { } app
            ? ProviderCallback.Of(context.Get<InstallationSettings>(), ApplicationRules.SettingsOf(app), app.Id, provider.Alias)
            : "";

    private static string NeedsOf(ProviderTemplate template) =>
        string.Join(' ', template.Fields.Select(field => field.IsOptional ? $"[{field.Name}]" : field.Name));

    internal static string Json(IdentityProvider provider, string callback) =>
        CliJson.Write(json =>
        {
            json.WriteStartObject();
            IdentityProviderDescription.Write(json, provider, callback);
            json.WriteEndObject();
        });

    private static string Describe(IdentityProvider provider, string callback)
    {
        List<(string Name, string Text)> lines =
        [
            ("alias", provider.Alias),
            ("template", provider.Template),
            ("callback", callback),
            .. provider.FieldValues.Select(field => (field.Key, field.Value)),
            (ProviderField.ClientId, provider.ClientId),
            ("secret", provider.SecretSealed.Length > 0 ? "stored" : "none"),
            .. IdentityProviderFields.All.Select(field => (field.Name, IdentityProviderFields.Read(provider, field.Name))),
        ];
        return string.Join(
            '\n',
            lines.Select(line => $"{line.Name, -14}  {line.Text.Replace("\n", ", ", StringComparison.Ordinal)}".TrimEnd())
        );
    }
}
