using System.CommandLine;
using Latchkey.Applications.MessageProviders;
using Latchkey.Core.Configuration;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Messages.Mail;
using Latchkey.Messages.Providers;
using Latchkey.Operations.Doctor;

namespace Latchkey.Cli.Commands;

/// <summary>latchkey doctor</summary>
public static class DoctorCommand
{
    public static Command Create()
    {
        var json = LatchkeyCommand.JsonOption();
        var command = new Command(
            "doctor",
            "Check the installation and tell how to fix problems. Changes nothing. The exit code is 1 if something is bad."
        )
        {
            json,
        };
        command.SetAction(
            async (parsed, cancel) =>
            {
                try
                {
                    var findings = await RunChecks(InstallationOptions.Read(parsed));
                    await parsed.InvocationConfiguration.Output.WriteLineAsync(
                        parsed.GetValue(json) ? Json(findings) : string.Join('\n', findings.Select(Text))
                    );
                    return findings.Any(finding => finding.Severity == Severity.Bad) ? 1 : 0;
                }
                catch (Exception e) when (LatchkeyCommand.IsExpected(e))
                {
                    await parsed.InvocationConfiguration.Error.WriteLineAsync($"latchkey: {e.Message}");
                    return 1;
                }
            }
        );
        return command;
    }

    private static async Task<IReadOnlyList<Finding>> RunChecks(InstallationSettings installation)
    {
        var findings = new List<Finding>();
        var keys = new KeyFolder(installation.KeyRingFolder, installation.KeysPassphrase);
        findings.AddRange(new MachineChecks(installation, keys).Run());
        if (Database.Exists(installation.DatabaseConnection))
        {
            findings.AddRange(await CheckDatabase(installation, keys));
        }
        else
        {
            findings.Add(
                Finding.Bad(
                    "database",
                    $"There is no installation here: {installation.DatabaseConnection} does not exist.",
                    "Give doctor the settings of the server (LATCHKEY_DATA, LATCHKEY_DATABASE). If it is new, start it: latchkey serve"
                )
            );
        }

        using var http = new HttpClient();
        var smtp = new SmtpSender(new OutboundConnections(installation), new HeloName(installation), TimeProvider.System);
        var (mail, sms) = await FindProviders(installation, keys);
        findings.AddRange(await new NetworkChecks(installation, mail, sms, http, smtp).Run());
        return findings;
    }

    /// <summary>Those that the server uses; those of its variables only, where the database or the key ring is no help.</summary>
    private static async Task<(MessageProvider? Mail, MessageProvider? Sms)> FindProviders(
        InstallationSettings installation,
        KeyFolder keys
    )
    {
        try
        {
            if (!keys.HasKeys || !Database.Exists(installation.DatabaseConnection))
            {
                return (installation.Mail, installation.Sms);
            }

            await using var database = Database.Open(installation.DatabaseConnection, installation.DatabaseListen);
            var ring = KeyRing.Open(keys, TimeProvider.System);
            var providers = new InstallationProviders(installation, database, new InstallationProviderStore(database.Dialect), ring);
            await providers.Load();
            return (providers.Mail, providers.Sms);
        }
        catch (Exception e) when (LatchkeyCommand.IsExpected(e))
        {
            return (installation.Mail, installation.Sms); // what is wrong is a finding of the database already
        }
    }

    private static async Task<IReadOnlyList<Finding>> CheckDatabase(InstallationSettings installation, KeyFolder keys)
    {
        try
        {
            await using var database = Database.Open(installation.DatabaseConnection, installation.DatabaseListen);
            return await new DatabaseChecks(database, installation, keys, TimeProvider.System).Run();
        }
        catch (Exception e) when (LatchkeyCommand.IsExpected(e))
        {
            return [Finding.Bad("database", e.Message, "The server does not start until this is done.")];
        }
    }

    private static string Text(Finding finding)
    {
        var mark = finding.Severity switch
        {
            Severity.Good => "ok  ",
            Severity.Warning => "note",
            _ => "BAD ",
        };
        var line = $"{mark}  {finding.Subject, -17} {finding.Message}";
        return finding.Advice is null ? line : $"{line}\n      {"", -17} → {finding.Advice}";
    }

    private static string Json(IEnumerable<Finding> findings) =>
        CliJson.WriteList(
            findings,
            (json, finding) =>
            {
                json.WriteString("grade", finding.Severity.ToString().ToLowerInvariant());
                json.WriteString("subject", finding.Subject);
                json.WriteString("says", finding.Message);
                json.WriteString("advice", finding.Advice);
            }
        );
}
