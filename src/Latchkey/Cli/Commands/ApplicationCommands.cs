using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Latchkey.Activity.Audit;
using Latchkey.Applications;
using Latchkey.Applications.Settings;
using Latchkey.Core;
using Latchkey.Cryptography;

namespace Latchkey.Cli.Commands;

/// <summary>latchkey app …</summary>
public static class ApplicationCommands
{
    public static readonly Argument<string> AppId = new("APPID") { Description = "The App Id: 32 hex characters." };

    /// <param name="more">Commands about applications that other features bring.</param>
    public static Command Create(params Command[] more)
    {
        var app = new Command("app", "Create and change applications.")
        {
            CreateApp(),
            Set(),
            Show(),
            List(),
            DeletionCommands.Reset(),
            DeletionCommands.Delete(),
        };
        Array.ForEach(more, app.Add);
        return app;
    }

    private static Command CreateApp()
    {
        var name = new Option<string>("--name")
        {
            Description = "The application's name.",
            Required = true,
            HelpName = "NAME",
        };
        var settings = SettingsArgument();
        var json = LatchkeyCommand.JsonOption();
        var algorithm = new Option<string>("--algorithm")
        {
            Description = "The algorithm for user JWTs: RS256 (2048 bits), which every backend supports, or ES256.",
            HelpName = "ALGORITHM",
            DefaultValueFactory = _ => JwsKey.Rs256,
        };
        algorithm.AcceptOnlyFromAmong([.. SigningKeys.Algorithms]);
        var command = new Command("create", "Create an application, with its App Token, App Secret and signing key.")
        {
            name,
            algorithm,
            json,
            settings,
        };
        command.SetHandler(async context =>
        {
            if (NameValuePairs.Parse(context.Parsed.GetValue(settings) ?? []) is not { } changes)
            {
                return await InvalidPairs(context);
            }

            if (
                (
                    await context
                        .Get<ApplicationCreator>()
                        .Create(
                            context.Parsed.GetRequiredValue(name),
                            changes,
                            Actor.CommandLine,
                            algorithm: context.Parsed.GetRequiredValue(algorithm)
                        )
                ).Failed(out var created, out var refused)
            )
            {
                return await context.Fail(refused);
            }

            await context.PrintOrUndo(
                context.Parsed.GetValue(json)
                    ? Json(created)
                    : $"""
                    App Id      {created.Row.Id}
                    App Token   {created.AppToken}
                    App Secret  {created.AppSecret}   (shown this once; for your servers only)

                    {created.PublicKey}
                    """,
                () => context.Get<ApplicationCreator>().Undo(created)
            );
            return 0;
        });
        return command;
    }

    private static Command Set()
    {
        var settings = SettingsArgument();
        settings.Arity = ArgumentArity.OneOrMore;
        var reason = new Option<string>("--reason")
        {
            Description = "Why the status changes, or jwtEnabled. The developer sees it. Required for a block.",
            HelpName = "TEXT",
        };
        var command = new Command(
            "set",
            "Change settings: all of them or none. A running server applies them within a second.\n\nname, type and status, "
                + $"which is one of {string.Join(", ", ApplicationStatus.All)}.\n\n"
                + string.Join('\n', SettingCatalog.All.Select(s => $"{s.Name, -22}  {s.Meaning}"))
        )
        {
            AppId,
            reason,
            settings,
        };
        command.SetHandler(async context =>
        {
            if (NameValuePairs.Parse(context.Parsed.GetValue(settings) ?? []) is not { } changes)
            {
                return await InvalidPairs(context);
            }

            var (rules, appId) = (context.Get<ApplicationRules>(), context.Parsed.GetRequiredValue(AppId));
            var before = await rules.Find(appId);
            if (
                (await rules.Change(appId, changes, ChangeContext.CommandLine, context.Parsed.GetValue(reason) ?? "")).Failed(
                    out var after,
                    out var refused
                )
            )
            {
                return await context.Fail(refused);
            }

            foreach (
                var secret in SettingCatalog.ClearedSecrets(
                    ApplicationRules.SettingsOf(before ?? after),
                    ApplicationRules.SettingsOf(after),
                    changes.Keys
                )
            )
            {
                await context.Output.WriteLineAsync(
                    $"{secret} belonged to the previous {string.Join(", ", SettingCatalog.Get(secret).DependsOn)} and was "
                        + "deleted. Set it again."
                );
            }

            return 0;
        });
        return command;
    }

    private static Command Show()
    {
        var json = LatchkeyCommand.JsonOption();
        var command = new Command("show", "Show an application and all its settings.") { AppId, json };
        command.SetHandler(async context =>
        {
            if (await context.Get<ApplicationRules>().Find(context.Parsed.GetRequiredValue(AppId)) is not { } row)
            {
                return await NoSuchApp(context);
            }

            await context.Output.WriteLineAsync(context.Parsed.GetValue(json) ? Json(row) : Text(row));
            return 0;
        });
        return command;
    }

    private static Command List()
    {
        var json = LatchkeyCommand.JsonOption();
        var command = new Command("list", "List all applications.") { json };
        command.SetHandler(async context =>
        {
            var all = await context.Get<ApplicationList>().All();
            if (context.Parsed.GetValue(json))
            {
                await context.Output.WriteLineAsync(
                    CliJson.WriteList(
                        all,
                        (writer, app) =>
                        {
                            writer.WriteString("appId", app.Id);
                            writer.WriteString("name", app.Name);
                            writer.WriteString("type", app.Type);
                            writer.WriteString("status", app.Status);
                            writer.WriteNumber("users", app.Users);
                            writer.WriteString("createdAt", WireDate.Format(app.CreatedAt));
                        }
                    )
                );
                return 0;
            }

            foreach (var app in all)
            {
                await context.Output.WriteLineAsync(
                    $"{app.Id}  {app.Status, -9}  {app.Users.ToString(CultureInfo.InvariantCulture), 9} users  {app.Name}"
                );
            }

            return 0;
        });
        return command;
    }

    private static Argument<string[]> SettingsArgument() =>
        new("SETTING=VALUE")
        {
            Description = "Settings by their names, such as signupFlow=none userNamesEnabled=1. See latchkey app set --help for the list.",
            Arity = ArgumentArity.ZeroOrMore,
        };

    private static async Task<int> InvalidPairs(CommandContext context)
    {
        await context.Error.WriteLineAsync("latchkey: use NAME=VALUE for each setting, each name once.");
        return 1;
    }

    public static async Task<int> NoSuchApp(CommandContext context)
    {
        await context.Error.WriteLineAsync("latchkey: there is no application with this id. latchkey app list shows them all.");
        return 1;
    }

    private static string Json(CreatedApplication created) =>
        CliJson.Write(json =>
        {
            json.WriteStartObject();
            json.WriteString("appId", created.Row.Id);
            json.WriteString("appToken", created.AppToken);
            json.WriteString("appSecret", created.AppSecret);
            json.WriteString("publicKey", created.PublicKey);
            json.WriteEndObject();
        });

    private static string Json(ApplicationRow row) =>
        CliJson.Write(json =>
        {
            json.WriteStartObject();
            json.WriteString("appId", row.Id);
            json.WriteString("name", row.Name);
            json.WriteString("type", row.Type);
            json.WriteString("status", row.Status);
            json.WriteNumber("revision", row.Revision);
            json.WriteString("createdAt", WireDate.Format(row.CreatedAt));
            json.WriteString("updatedAt", WireDate.Format(row.UpdatedAt));
            var settings = ApplicationRules.SettingsOf(row);
            foreach (var setting in SettingCatalog.All)
            {
                Write(json, setting, settings);
            }

            json.WriteEndObject();
        });

    private static void Write(Utf8JsonWriter json, Setting setting, ApplicationSettings settings)
    {
        json.WritePropertyName(setting.Name);
        var text = setting.Format(settings);
        if (
            setting.Kind is SettingKind.Switch or SettingKind.Number or SettingKind.Fields
            || setting.Kind == SettingKind.Hours && text.All(char.IsAsciiDigit)
        )
        {
            json.WriteRawValue(text);
        }
        else
        {
            json.WriteStringValue(text);
        }
    }

    private static string Text(ApplicationRow row)
    {
        var settings = ApplicationRules.SettingsOf(row);
        IEnumerable<(string Name, string Value)> head = [("appId", row.Id), ("name", row.Name), ("type", row.Type), ("status", row.Status)];
        return string.Join(
            '\n',
            head.Concat(SettingCatalog.All.Select(s => (s.Name, Value: s.Format(settings))))
                .Select(line => $"{line.Name, -22}  {line.Value}")
        );
    }
}
