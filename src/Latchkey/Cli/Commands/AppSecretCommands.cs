using System.CommandLine;
using Latchkey.Activity.Audit;
using Latchkey.Applications;
using Latchkey.Applications.Credentials;
using Latchkey.Core;

namespace Latchkey.Cli.Commands;

/// <summary>latchkey app secret …</summary>
public static class AppSecretCommands
{
    private static readonly Argument<string> AppId = new("APPID") { Description = "The App Id." };
    private static readonly Argument<string> Fingerprint = new("FINGERPRINT")
    {
        Description = "The first 12 hex digits of the secret's SHA-256, as in latchkey app secret list.",
    };

    public static Command Create() => new("secret", "Manage the App Secrets for your own servers.") { List(), Add(), End(), Keep() };

    private static Command List()
    {
        var json = LatchkeyCommand.JsonOption();
        var command = new Command("list", "List the valid App Secrets, newest first, with fingerprints and expiry.") { AppId, json };
        command.SetHandler(async context =>
        {
            if (await context.Get<ApplicationRules>().Find(context.Parsed.GetRequiredValue(AppId)) is not { } app)
            {
                return await context.Fail(CredentialUpdater.NoSuchApp);
            }

            var secrets = await context.Get<AppSecretRules>().List(app.Id);
            await context.Output.WriteLineAsync(
                context.Parsed.GetValue(json)
                    ? Json(secrets)
                    : string.Join(
                        '\n',
                        secrets.Select(secret =>
                            $"{secret.Fingerprint}  made {WireDate.Format(secret.CreatedAt)}  "
                            + $"{CredentialUpdater.FormatExpiry(secret.ExpiresAt)}  {secret.Label}".TrimEnd()
                        )
                    )
            );
            return 0;
        });
        return command;
    }

    private static Command Add()
    {
        var label = new Option<string>("--label")
        {
            Description = "What it is for, such as the server's name.",
            HelpName = "TEXT",
            DefaultValueFactory = _ => "",
        };
        var command = new Command(
            "add",
            "Create another App Secret and print it once. The others stay valid. End them when your servers have the new one."
        )
        {
            AppId,
            label,
        };
        command.SetHandler(async context =>
        {
            var (rules, appId) = (context.Get<AppSecretRules>(), context.Parsed.GetRequiredValue(AppId));
            if ((await rules.Add(appId, context.Parsed.GetRequiredValue(label), Actor.CommandLine)).Failed(out var made, out var refused))
            {
                return await context.Fail(refused);
            }

            await context.PrintOrUndo(made.Text, () => rules.End(appId, made.Row.Fingerprint, 0, Actor.CommandLine));
            return 0;
        });
        return command;
    }

    private static Command End()
    {
        var days = new Option<int>("--in") { Description = "Days until it expires. Default: 0, immediately.", HelpName = "DAYS" };
        var command = new Command("end", "End an App Secret. Servers that use it are refused.") { AppId, Fingerprint, days };
        command.SetHandler(async context =>
        {
            var (_, refused) = await context
                .Get<AppSecretRules>()
                .End(
                    context.Parsed.GetRequiredValue(AppId),
                    context.Parsed.GetRequiredValue(Fingerprint),
                    context.Parsed.GetValue(days),
                    Actor.CommandLine
                );
            return refused is null ? 0 : await context.Fail(refused);
        });
        return command;
    }

    private static Command Keep()
    {
        var command = new Command("keep", "Keep an App Secret that was going to expire.") { AppId, Fingerprint };
        command.SetHandler(async context =>
        {
            var (_, refused) = await context
                .Get<AppSecretRules>()
                .Keep(context.Parsed.GetRequiredValue(AppId), context.Parsed.GetRequiredValue(Fingerprint), Actor.CommandLine);
            return refused is null ? 0 : await context.Fail(refused);
        });
        return command;
    }

    private static string Json(IReadOnlyList<AppSecretRow> secrets) =>
        CliJson.WriteList(
            secrets,
            (json, secret) =>
            {
                json.WriteString("fingerprint", secret.Fingerprint);
                json.WriteString("label", secret.Label);
                json.WriteString("createdAt", WireDate.Format(secret.CreatedAt));
                json.WriteString("endsAt", secret.ExpiresAt is { } end ? WireDate.Format(end) : null);
            }
        );
}
