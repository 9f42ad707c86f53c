using System.CommandLine;
using Latchkey.Core.Configuration;
using Latchkey.Cryptography;
using Latchkey.Data;

namespace Latchkey.Cli.Commands;

/// <summary>latchkey serve</summary>
public static class ServeCommand
{
    /// <param name="run">Starts the server, announces it on the writer, and ends when the server has stopped.</param>
    public static Command Create(Func<InstallationSettings, TextWriter, CancellationToken, Task> run)
    {
        var listen = new Option<string?>("--listen")
        {
            Description =
                $"Addresses to listen on, separated by commas. Also LATCHKEY_LISTEN. Default: {InstallationSettings.DefaultListen}",
            HelpName = "URL",
        };
        var publicUrl = new Option<string?>("--public-url")
        {
            Description =
                "The address that your users reach, for links in mails and the issuer of tokens. Also LATCHKEY_PUBLIC_URL. Required "
                + "unless the server listens only on loopback.",
            HelpName = "URL",
        };
        var insecureHttp = new Option<string?>("--insecure-http")
        {
            Description =
                "on allows a public URL that is http and not loopback. Passwords and cookies then travel in the clear: only for a "
                + "laboratory. Also LATCHKEY_INSECURE_HTTP.",
            HelpName = "on|off",
        };
        var proxies = new Option<string?>("--proxies")
        {
            Description = "Networks of reverse proxies whose X-Forwarded-For is trusted. Also LATCHKEY_PROXIES.",
            HelpName = "NETWORKS",
        };
        var limits = new Option<string?>("--limits")
        {
            Description = "off switches off all abuse limits. Only for load tests and rehearsals on loopback.",
            HelpName = "on|off",
        };
        var command = new Command("serve", "Run the server: API, portal and background work.")
        {
            listen,
            publicUrl,
            insecureHttp,
            proxies,
            limits,
        };
        command.SetAction(
            async (parsed, cancel) =>
            {
                try
                {
                    var installation = InstallationOptions.Read(
                        parsed,
                        ("LISTEN", listen),
                        ("PUBLIC_URL", publicUrl),
                        ("INSECURE_HTTP", insecureHttp),
                        ("PROXIES", proxies),
                        ("LIMITS", limits)
                    );
                    await run(installation, parsed.InvocationConfiguration.Output, cancel);
                    return 0;
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
}
