using System.CommandLine;
using System.Globalization;
using Latchkey.Activity.Audit;
using Latchkey.Applications.Credentials;
using Latchkey.Core;
using Latchkey.Cryptography;

namespace Latchkey.Cli.Commands;

/// <summary>latchkey app key …</summary>
public static class SigningKeyCommands
{
    private static readonly Argument<string> AppId = new("APPID") { Description = "The App Id." };
    private static readonly Argument<string> KeyId = new("KEYID") { Description = "The key's id, as in kid and latchkey app key list." };

    public static Command Create() =>
        new("key", "Manage the keys that sign an application's user JWTs.") { List(), Announce(), Activate(), Retire() };

    private static Command List()
    {
        var json = LatchkeyCommand.JsonOption();
        var command = new Command("list", "List the published keys, newest first.") { AppId, json };
        command.SetHandler(async context =>
        {
            var keys = await context.Get<SigningKeyRules>().List(context.Parsed.GetRequiredValue(AppId));
            if (keys.Count == 0)
            {
                return await context.Fail(CredentialUpdater.NoSuchApp);
            }

            await context.Output.WriteLineAsync(context.Parsed.GetValue(json) ? Json(keys) : string.Join('\n', keys.Select(Text)));
            return 0;
        });
        return command;
    }

    private static Command Announce()
    {
        var algorithm = new Option<string>("--algorithm")
        {
            Description = "RS256 (2048-bit RSA) or ES256 (P-256). Check that every backend supports it.",
            DefaultValueFactory = _ => JwsKey.Rs256,
        };
        var command = new Command(
            "add",
            "Announce a new key. It is published in the JWKS, but signs nothing yet. Activate it after "
                + $"{SigningKeys.AnnouncementPeriod.TotalMinutes:0} minutes or more."
        )
        {
            AppId,
            algorithm,
        };
        command.SetHandler(async context =>
        {
            return (
                await context
                    .Get<SigningKeyRules>()
                    .Announce(context.Parsed.GetRequiredValue(AppId), context.Parsed.GetRequiredValue(algorithm), Actor.CommandLine)
            ).Failed(out var key, out var refused)
                ? await context.Fail(refused)
                : await Print(context, key.Id);
        });
        return command;
    }

    private static Command Activate()
    {
        var now = new Option<bool>("--now")
        {
            Description = "Do not wait. Backends that cache the old key set refuse new JWTs until they fetch it again.",
        };
        var command = new Command(
            "activate",
            "Sign with this key from now on. The previous key stays in the JWKS until its last JWT has expired, and can be "
                + "activated again until then."
        )
        {
            AppId,
            KeyId,
            now,
        };
        command.SetHandler(async context =>
        {
            return (
                await context
                    .Get<SigningKeyRules>()
                    .Activate(
                        context.Parsed.GetRequiredValue(AppId),
                        context.Parsed.GetRequiredValue(KeyId),
                        context.Parsed.GetValue(now),
                        Actor.CommandLine
                    )
            ).Failed(out var key, out var refused)
                ? await context.Fail(refused)
                : await Print(context, key.Id);
        });
        return command;
    }

    private static Command Retire()
    {
        var now = new Option<bool>("--now") { Description = "Required, to confirm." };
        var command = new Command(
            "retire",
            "Remove a key that somebody else may have from the JWKS immediately. EVERY JWT THAT IT SIGNED BECOMES INVALID as "
                + "soon as backends fetch the keys again. An announced or a new key replaces an active one. Access tokens stay valid, "
                + "so users do not have to log in again."
        )
        {
            AppId,
            KeyId,
            now,
        };
        command.SetHandler(async context =>
        {
            if (!context.Parsed.GetValue(now))
            {
                return await context.Fail(
                    CredentialUpdater.Invalid(
                        "A retiring key is removed automatically when its last JWT has expired. With --now it is removed "
                            + "immediately, and every JWT that it signed becomes invalid."
                    )
                );
            }

            return (
                await context
                    .Get<SigningKeyRules>()
                    .RetireNow(context.Parsed.GetRequiredValue(AppId), context.Parsed.GetRequiredValue(KeyId), Actor.CommandLine)
            ).Failed(out var key, out var refused)
                ? await context.Fail(refused)
                : await Print(context, key.Id);
        });
        return command;
    }

    private static async Task<int> Print(CommandContext context, string id)
    {
        await context.Output.WriteLineAsync(id);
        return 0;
    }

    private static string Text(SigningKeyRow key) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{key.Id}  {key.Algorithm}  {key.State, -9}  announced {WireDate.Format(key.CreatedAt)}"
                + $"{(key.EndsAt is { } end ? $", removed {WireDate.Format(end)}" : "")}"
        );

    private static string Json(IReadOnlyList<SigningKeyRow> keys) =>
        CliJson.WriteList(
            keys,
            (json, key) =>
            {
                json.WriteString("keyId", key.Id);
                json.WriteString("algorithm", key.Algorithm);
                json.WriteString("state", key.State);
                json.WriteString("announcedAt", WireDate.Format(key.CreatedAt));
                json.WriteString("activatedAt", key.ActivatedAt is { } active ? WireDate.Format(active) : null);
                json.WriteString("leavesAt", key.EndsAt is { } end ? WireDate.Format(end) : null);
                json.WriteString("publicKey", key.PublicKey);
            }
        );
}
