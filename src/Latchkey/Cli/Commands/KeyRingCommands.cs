using System.CommandLine;
using System.Globalization;
using Latchkey.Core;
using Latchkey.Core.Configuration;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Operations.KeyRotation;

namespace Latchkey.Cli.Commands;

/// <summary>latchkey keyring …</summary>
public static class KeyRingCommands
{
    public static Command Create() =>
        new("keyring", "The installation's own keys, which seal what is secret in the database.")
        {
            List(),
            Rotate(),
            ReEncrypt(),
            Encrypt(),
        };

    private static Command List()
    {
        var json = LatchkeyCommand.JsonOption();
        var command = new Command("list", "List the ring's keys and what each is still needed for.") { json };
        command.SetHandler(async context =>
        {
            var uses = await Uses(context);
            await context.Output.WriteLineAsync(context.Parsed.GetValue(json) ? Json(context, uses) : Text(context, uses));
            foreach (var warning in context.Get<KeyFolder>().Warnings())
            {
                await context.Error.WriteLineAsync($"latchkey: warning: {warning}");
            }

            return 0;
        });
        return command;
    }

    private static Command Rotate()
    {
        var after = new Option<int?>("--after")
        {
            Description =
                "Seconds until the new key seals: as long as every node needs to see its file. Default: 60 on SQLite; 3600 on "
                + "PostgreSQL, where there may be several nodes, or with --to. 0 only while no server runs.",
            HelpName = "SECONDS",
        };
        var to = new Option<string?>("--to")
        {
            Description = "Make the key in this folder instead, when the ring is a mounted secret to which you add it.",
            HelpName = "FOLDER",
        };
        var command = new Command(
            "rotate",
            "Add a key to the ring. Servers that have the folder see it within a second and seal with it when its time has come; "
                + "the older keys go on opening."
        )
        {
            after,
            to,
        };
        command.Validators.Add(parsed =>
        {
            if (parsed.GetValue(after) is < 0)
            {
                parsed.AddError("--after is 0 or more seconds.");
            }
        });
        command.SetHandler(async context =>
        {
            var elsewhere = context.Parsed.GetValue(to) is { } folder
                ? new KeyFolder(folder, context.Get<InstallationSettings>().KeysPassphrase)
                : null;
            var isAlone = elsewhere is null && !PostgresDatabase.IsPostgres(context.Get<InstallationSettings>().DatabaseConnection);
            var wait =
                context.Parsed.GetValue(after) is { } seconds ? TimeSpan.FromSeconds(seconds)
                : isAlone ? KeyRingRotation.SharedFolderDelay
                : KeyRingRotation.ManualCopyDelay;
            var (id, file) = context.Get<KeyRingRotation>().Rotate(wait, elsewhere);
            var sealsFrom = RootKey.ParseTime(id) is { } time ? Time(time) : id;
            await context.Output.WriteLineAsync(
                elsewhere is null
                    ? $"{file} seals from {sealsFrom}. Back it up{(isAlone ? "" : ", and copy it before to every node that does not share this folder: what it seals they cannot open")}. After that time, latchkey keyring reseal seals everything anew under it."
                    : $"{file} seals from {sealsFrom}. Add it to the ring's folder on every node before, " + "and back it up."
            );
            return 0;
        });
        return command;
    }

    private static Command ReEncrypt()
    {
        var command = new Command(
            "reseal",
            "Seal everything anew under the newest key, while servers run. Stop and repeat it as you like."
        );
        command.SetHandler(async context =>
        {
            var newest = context.Get<KeyRing>().Keys[0];
            if (newest.Id != context.Get<KeyRing>().CurrentId)
            {
                await context.Error.WriteLineAsync(
                    $"latchkey: the newest key, {newest.Id}, seals from {Time(newest.ActiveFrom)}. Repeat it after that."
                );
                return 1;
            }

            var outcome = await context.Get<ReEncryption>().Run();
            var uses = await Uses(context);
            await context.Output.WriteLineAsync(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{outcome.Done} secrets are sealed anew under {newest.Id}.\n\n{Text(context, uses)}"
                )
            );
            foreach (var broken in outcome.Broken)
            {
                await context.Error.WriteLineAsync($"latchkey: no key of the ring opens {broken}; it stays as it is.");
            }

            return outcome.Broken.Count == 0 ? 0 : 1;
        });
        return command;
    }

    private static Command Encrypt()
    {
        var file = new Option<string?>("--new-passphrase-file")
        {
            Description =
                "A file with the new passphrase, to change it. Without it, keys are encrypted under LATCHKEY_KEYS_PASSPHRASE (or …_FILE).",
            HelpName = "FILE",
        };
        var command = new Command(
            "encrypt",
            "Encrypt the ring's files under the passphrase, or under a new one. Servers need it at their next start."
        )
        {
            file,
        };
        command.SetHandler(async context =>
        {
            var passphrase = context.Parsed.GetValue(file) is { } path ? SecretFile.Read(path) : null;
            var count = context.Get<KeyFolder>().Encrypt(passphrase);
            await context.Output.WriteLineAsync(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{count} key files are encrypted.{(passphrase is null ? "" : " Give the new passphrase to all nodes before their next start.")}"
                )
            );
            return 0;
        });
        return command;
    }

    private static async Task<IReadOnlyList<(RootKey Key, IReadOnlyList<KeyUsage> Uses)>> Uses(CommandContext context)
    {
        var uses = new List<(RootKey, IReadOnlyList<KeyUsage>)>();
        foreach (var key in context.Get<KeyRing>().Keys)
        {
            uses.Add((key, await context.Get<KeyUsageReport>().ForKey(key)));
        }

        return uses;
    }

    private static string Text(CommandContext context, IReadOnlyList<(RootKey Key, IReadOnlyList<KeyUsage> Uses)> all) =>
        string.Join(
            '\n',
            all.Select(one => string.Join('\n', [$"{one.Key.Id}  {Role(context, one.Key)}", .. Lines(context, one.Key, one.Uses)]))
        );

    private static IEnumerable<string> Lines(CommandContext context, RootKey key, IReadOnlyList<KeyUsage> uses) =>
        uses.Count > 0 ? uses.Select(use => $"  {use}")
        : IsOld(context, key)
            ?
            [
                $"  needed for nothing: {context.Get<KeyFolder>().FileOf(key.Id)} may go. Keep a copy as long as backups of the "
                    + "database from its time.",
            ]
        : [];

    private static string Role(CommandContext context, RootKey key) =>
        key.Id == context.Get<KeyRing>().CurrentId ? "seals"
        : IsOld(context, key) ? "opens what it sealed"
        : $"seals from {Time(key.ActiveFrom)}";

    private static bool IsOld(CommandContext context, RootKey key) => string.CompareOrdinal(key.Id, context.Get<KeyRing>().CurrentId) < 0;

    private static string Time(DateTimeOffset time) => WireDate.Format(time.ToUnixTimeMilliseconds());

    private static string Json(CommandContext context, IReadOnlyList<(RootKey Key, IReadOnlyList<KeyUsage> Uses)> all) =>
        CliJson.WriteList(
            all,
            (json, item) =>
            {
                var (key, uses) = item;
                json.WriteString("id", key.Id);
                json.WriteString("sealsFrom", Time(key.ActiveFrom));
                json.WriteBoolean("seals", key.Id == context.Get<KeyRing>().CurrentId);
                json.WriteBoolean("encrypted", context.Get<KeyFolder>().IsEncrypted(key.Id));
                json.WriteBoolean("needed", uses.Count > 0 || !IsOld(context, key));
                json.WriteStartArray("neededFor");
                foreach (var use in uses)
                {
                    json.WriteStringValue(use.ToString());
                }

                json.WriteEndArray();
            }
        );
}
