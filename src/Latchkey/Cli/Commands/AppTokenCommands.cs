using System.CommandLine;
using Latchkey.Activity.Audit;
using Latchkey.Applications.Credentials;
using Latchkey.Core;

namespace Latchkey.Cli.Commands;

/// <summary>latchkey app token …</summary>
public static class AppTokenCommands
{
    private static readonly Argument<string> AppId = new("APPID") { Description = "The App Id." };
    private static readonly Argument<string> TokenId = new("TOKENID") { Description = "The token's id, from latchkey app token list." };

    public static Command Create()
    {
        var app = new Argument<string?>("APPID") { Description = "The App Id.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("token", "Print the App Token for the app, or manage several of them.")
        {
            app,
            List(),
            Renew(),
            End(),
            Keep(),
        };
        command.SetHandler(async context =>
        {
            if (context.Parsed.GetValue(app) is not { } appId || await context.Get<AppTokenRules>().Current(appId) is not { } token)
            {
                return await context.Fail(CredentialUpdater.NoSuchApp);
            }

            await context.Output.WriteLineAsync(token);
            return 0;
        });
        return command;
    }

    private static Command List()
    {
        var json = LatchkeyCommand.JsonOption();
        var command = new Command("list", "List the valid App Tokens, newest first, with expiry.") { AppId, json };
        command.SetHandler(async context =>
        {
            var rules = context.Get<AppTokenRules>();
            var tokens = await rules.List(context.Parsed.GetRequiredValue(AppId));
            if (tokens.Count == 0)
            {
                return await context.Fail(CredentialUpdater.NoSuchApp);
            }

            await context.Output.WriteLineAsync(
                context.Parsed.GetValue(json)
                    ? Json(rules, tokens)
                    : string.Join(
                        '\n',
                        tokens.Select(token =>
                            $"{token.Id}  issued {WireDate.Format(token.IssuedAt * 1000)}  "
                            + $"{CredentialUpdater.FormatExpiry(token.ExpiresAt)}"
                        )
                    )
            );
            return 0;
        });
        return command;
    }

    private static Command Renew()
    {
        var days = new Option<int>("--old-ends-in")
        {
            Description =
                "Days until the older tokens expire. Copies of the app with an older token, and links in mails that were sent, then "
                + "stop working. Give people time to update. 0: immediately.",
            HelpName = "DAYS",
            DefaultValueFactory = _ => AppTokenRules.DefaultGraceDays,
        };
        var command = new Command(
            "renew",
            "Create another App Token and print it. The older ones expire after a grace period. Sessions continue, so users do "
                + "not have to log in again."
        )
        {
            AppId,
            days,
        };
        command.SetHandler(async context =>
        {
            var rules = context.Get<AppTokenRules>();
            if (
                (await rules.Renew(context.Parsed.GetRequiredValue(AppId), context.Parsed.GetValue(days), Actor.CommandLine)).Failed(
                    out var token,
                    out var refused
                )
            )
            {
                return await context.Fail(refused);
            }

            await context.Output.WriteLineAsync(rules.Text(token));
            return 0;
        });
        return command;
    }

    private static Command End()
    {
        var days = new Option<int>("--in") { Description = "Days until it expires. Default: 0, immediately.", HelpName = "DAYS" };
        var command = new Command("end", "End an App Token. Copies of the app that use it stop working.") { AppId, TokenId, days };
        command.SetHandler(async context =>
        {
            var (_, refused) = await context
                .Get<AppTokenRules>()
                .End(
                    context.Parsed.GetRequiredValue(AppId),
                    context.Parsed.GetRequiredValue(TokenId),
                    context.Parsed.GetValue(days),
                    Actor.CommandLine
                );
            return refused is null ? 0 : await context.Fail(refused);
        });
        return command;
    }

    private static Command Keep()
    {
        var command = new Command("keep", "Keep an App Token that was going to expire.") { AppId, TokenId };
        command.SetHandler(async context =>
        {
            var (_, refused) = await context
                .Get<AppTokenRules>()
                .Keep(context.Parsed.GetRequiredValue(AppId), context.Parsed.GetRequiredValue(TokenId), Actor.CommandLine);
            return refused is null ? 0 : await context.Fail(refused);
        });
        return command;
    }

    private static string Json(AppTokenRules rules, IReadOnlyList<AppTokenRow> tokens) =>
        CliJson.WriteList(
            tokens,
            (json, token) =>
            {
                json.WriteString("tokenId", token.Id);
                json.WriteString("issuedAt", WireDate.Format(token.IssuedAt * 1000));
                json.WriteString("endsAt", token.ExpiresAt is { } end ? WireDate.Format(end) : null);
                json.WriteString("appToken", rules.Text(token));
            }
        );
}
