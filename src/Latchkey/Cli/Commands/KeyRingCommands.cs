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
        new("keyring", "Manage the installation's root keys, which encrypt the secrets in the database.")
        {
            List(),
            Rotate(),
            ReEncrypt(),
            Encrypt(),
        };

    private static Command List()
    {
        var json = LatchkeyCommand.JsonOption();
        var command = new Command("list", "List the keys, and what each is still needed for.") { json };
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
                "Seconds until the new key is active. Every node must have its file by then. Default: 60 on SQLite; 3600 on "
                + "PostgreSQL, where there can be several nodes, or with --to. Use 0 only while no server runs.",
            HelpName = "SECONDS",
        };
        var to = new Option<string?>("--to")
        {
            Description = "Create the key in this folder instead, if the key ring is a mounted secret to which you add it.",
            HelpName = "FOLDER",
        };
        var command = new Command(
            "rotate",
            "Add a key to the key ring. Servers that have the folder load it within a second, and seal with it when it becomes "
                + "active. The older keys still open what they sealed."
        )
        {
            after,
            to,
        };
        command.Validators.Add(parsed =>
        {
            if (parsed.GetValue(after) is < 0)
            {
                parsed.AddError("--after must be 0 or more seconds.");
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
            var activeFrom = RootKey.ParseTime(id) is { } time ? Time(time) : id;
            var distribution = isAlone
                ? ""
                : " Before that time, copy it to every node that does not share this folder. Nodes without it cannot open what it seals.";
            await context.Output.WriteLineAsync(
                elsewhere is null
                    ? $"{file} is active from {activeFrom}. Back it up.{distribution} "
                        + "After that time, run latchkey keyring reseal to re-encrypt everything with it."
                    : $"{file} is active from {activeFrom}. Before that time, add it to the key ring's "
                        + "folder on every node. Back it up."
            );
            return 0;
        });
        return command;
    }

    private static Command ReEncrypt()
    {
        var command = new Command(
            "reseal",
            "Re-encrypt everything with the newest key, while servers run. You can safely stop and repeat it."
        );
        command.SetHandler(async context =>
        {
            var newest = context.Get<KeyRing>().Keys[0];
            if (newest.Id != context.Get<KeyRing>().CurrentId)
            {
                await context.Error.WriteLineAsync(
                    $"latchkey: the newest key, {newest.Id}, is active from {Time(newest.ActiveFrom)}. Repeat this command after "
                        + "that time."
                );
                return 1;
            }

            var outcome = await context.Get<ReEncryption>().Run();
            var uses = await Uses(context);
            await context.Output.WriteLineAsync(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{outcome.Done} secrets are re-encrypted with {newest.Id}.\n\n{Text(context, uses)}"
                )
            );
            foreach (var broken in outcome.Broken)
            {
                await context.Error.WriteLineAsync($"latchkey: no key of the key ring opens {broken}. It was not changed.");
            }

            return outcome.Broken.Count == 0 ? 0 : 1;
        });
        return command;
    }

    private static Command Encrypt()
    {
        var file = new Option<string?>("--new-passphrase-file")
        {
            Description = "A file with a new passphrase. Without this option, LATCHKEY_KEYS_PASSPHRASE (or …_FILE) encrypts the keys.",
            HelpName = "FILE",
        };
        var command = new Command(
            "encrypt",
            "Encrypt the key files with the passphrase, or with a new one. Servers need it at their next start."
        )
        {
            file,
        };
        command.SetHandler(
            async context =>
            {
                var passphrase = context.Parsed.GetValue(file) is { } path ? SecretFile.Read(path) : null;
                var count = context.Get<KeyFolder>().Encrypt(passphrase);
                await context.Output.WriteLineAsync(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{count} key files are "
                            + $"encrypted.{(passphrase is null ? "" : " Set the new passphrase on all nodes before their next start.")}"
                    )
                );
                return 0;
            },
            SchemaPolicy.AcceptAny // which does not open the key ring: it may be under two passphrases
        );
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
                $"  needed for nothing: {context.Get<KeyFolder>().FileOf(key.Id)} can be removed. Keep a copy as long as you "
                    + "keep backups of the database from its time.",
            ]
        : [];

    private static string Role(CommandContext context, RootKey key) =>
        key.Id == context.Get<KeyRing>().CurrentId ? "seals"
        : IsOld(context, key) ? "opens what it sealed"
        : $"active from {Time(key.ActiveFrom)}";

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
