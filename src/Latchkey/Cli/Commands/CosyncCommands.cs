using System.CommandLine;
using System.Globalization;
using Latchkey.Activity.Audit;
using Latchkey.Applications.Settings;
using Latchkey.Core;
using Latchkey.Core.Configuration;
using Latchkey.Data;
using Latchkey.Operations.CosyncMigration;

namespace Latchkey.Cli.Commands;

/// <summary>latchkey app import-cosync, latchkey app old-tokens</summary>
public static class CosyncCommands
{
    private const int DefaultTokenDays = 30;
    private const int MaxKeyFileBytes = 64 * 1024;

    public static Command Import()
    {
        var source = new Argument<string>("SOURCE")
        {
            Description =
                "A folder of collections (apps.json, users.json, emailtemplates.json) as mongoexport writes them, or the zip file "
                + "that the old portal exports.",
        };
        var only = new Option<string?>("--app")
        {
            Description = "Import only the application with this App Id. Default: all.",
            HelpName = "APPID",
        };
        var publicKey = new Option<string?>("--public-key")
        {
            Description = "The old server's public key (PEM). With it, the apps' App Tokens keep working, and access tokens for a time.",
            HelpName = "FILE",
        };
        var encryptionKey = new Option<string?>("--encryption-key-file")
        {
            Description = "A file with the key with which the old server encrypted its fields, if it did.",
            HelpName = "FILE",
        };
        var days = DaysOption();
        var dryRun = new Option<bool>("--dry-run")
        {
            Description = "Report what would be imported and what would be lost. Changes nothing.",
        };
        var command = new Command(
            "import-cosync",
            "Import applications from a CosyncJWT server, with App Id, keys, App Token, users and password hashes. See docs/import.md."
        )
        {
            source,
            only,
            publicKey,
            encryptionKey,
            days,
            dryRun,
        };
        command.SetHandler(async context =>
        {
            if (!TryRead(context, publicKey, out var pem) || !TryRead(context, encryptionKey, out var keyText))
            {
                return 1;
            }

            var until = context.Parsed.GetValue(days) is > 0 and var given
                ? context.Get<TimeProvider>().Now() + (long)TimeSpan.FromDays(given).TotalMilliseconds
                : (long?)null;
            var options = new CosyncOptions(new CosyncEncryption(keyText?.Trim()), pem, until, context.Parsed.GetValue(dryRun));
            if (pem is not null && options.OldKey is null)
            {
                return await context.Fail(Setting.Invalid("The old server's public key must be an RSA key of 2048 or more bits in PEM."));
            }

            using var files = CosyncFiles.Open(context.Parsed.GetRequiredValue(source), context.Get<InstallationSettings>().DataFolder);
            return await Run(context, files, options, context.Parsed.GetValue(only));
        });
        return command;
    }

    public static Command LegacyTokens()
    {
        var appId = new Argument<string>("APPID") { Description = "The App Id." };
        var publicKey = new Option<string?>("--public-key")
        {
            Description = "Accept tokens that this key of the old server signed.",
            HelpName = "FILE",
        };
        var days = DaysOption();
        var off = new Option<bool>("--off") { Description = "Stop accepting tokens of the old server." };
        var command = new Command("old-tokens", "Show or set whether tokens of the old server of an imported application are accepted.")
        {
            appId,
            publicKey,
            days,
            off,
        };
        command.SetHandler(async context =>
        {
            if (!TryRead(context, publicKey, out var pem))
            {
                return 1;
            }

            if (pem is null != context.Parsed.GetValue(off))
            {
                return await context.Fail(Setting.Invalid("Use either --public-key FILE or --off."));
            }

            var rules = context.Get<LegacyTokenRules>();
            var done = pem is null
                ? await rules.Refuse(context.Parsed.GetRequiredValue(appId), Actor.CommandLine)
                : await rules.Accept(context.Parsed.GetRequiredValue(appId), pem, context.Parsed.GetValue(days), Actor.CommandLine);
            return await context.End(done);
        });
        return command;
    }

    private static async Task<int> Run(CommandContext context, CosyncFiles files, CosyncOptions options, string? only)
    {
        if (files.IsPortalExport)
        {
            await context.Error.WriteLineAsync(
                "Note: the portal's export has no user names, no Apple and Google ids, and from some releases no metadata. The "
                    + "collections contain all of them."
            );
        }

        if (options.OldKeyPem is null)
        {
            await context.Error.WriteLineAsync(
                "Note: without --public-key, the App Tokens and access tokens of installed apps are not accepted. You can add "
                    + "the key later with latchkey app old-tokens."
            );
        }

        var unreadable = files.CheckRows(note => context.Output.WriteLine(note));
        var (moved, failed) = (0, 0);
        foreach (var row in files.Rows(CosyncCollection.Apps))
        {
            if (files.Read(CosyncCollection.Apps, row) is not { } app || (only is not null && CosyncApplicationReader.AppIdOf(app) != only))
            {
                continue;
            }

            var done = await Move(context, files, app, options);
            (moved, failed) = (moved + (done ? 1 : 0), failed + (done ? 0 : 1));
        }

        if (moved + failed == 0)
        {
            await context.Error.WriteLineAsync("latchkey: there is no such application.");
        }

        if (unreadable > 0)
        {
            await context.Error.WriteLineAsync(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"latchkey: {unreadable} rows cannot be read, as listed above. They are left out."
                )
            );
        }

        return moved > 0 && failed + unreadable == 0 ? 0 : 1;
    }

    private static async Task<bool> Move(CommandContext context, CosyncFiles files, CosyncRecord app, CosyncOptions options)
    {
        var progress = new ProgressReporter(context.Error, context.Get<TimeProvider>(), options.DryRun ? "checked" : "moved");
        var moved = await context
            .Get<CosyncImport>()
            .Run(
                files,
                app,
                options,
                note => context.Output.WriteLine(note),
                (so, row, whole) => progress.Report(so.Rows, row.Position, whole)
            );
        if (moved is null)
        {
            return false;
        }

        progress.Finish(moved.Users.Rows);
        var would = options.DryRun ? "would import" : "imported";
        await context.Output.WriteLineAsync(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{moved.Row.Id}  {moved.Row.Name}: {would} with {moved.Users.Added} users; {moved.Users.Skipped} already there, "
                    + $"{moved.Users.Bad} left out"
            )
        );
        if (moved.AppToken is { } token)
        {
            await context.Output.WriteLineAsync($"App Token for new releases of the app: {token}");
        }

        if (moved.Users.Rows > 0 && moved.Users.Bad == moved.Users.Rows)
        {
            await context.Error.WriteLineAsync($"latchkey: all users of {moved.Row.Id} were left out, for the reasons above.");
            return false;
        }

        return true;
    }

    private static Option<int> DaysOption() =>
        new("--access-token-days")
        {
            Description = $"Days from now that access tokens of the old server are accepted. 0: not at all. Default: {DefaultTokenDays}",
            HelpName = "DAYS",
            DefaultValueFactory = _ => DefaultTokenDays,
        };

    /// <summary>The file's text, null when the option is not there; false, and a message, when the file is not.</summary>
    private static bool TryRead(CommandContext context, Option<string?> option, out string? text)
    {
        text = null;
        if (context.Parsed.GetValue(option) is not { } path)
        {
            return true;
        }

        if (!File.Exists(path))
        {
            context.Error.WriteLine($"latchkey: there is no file {path}.");
            return false;
        }

        text = InputFile.ReadText(path, MaxKeyFileBytes);
        return true;
    }
}
