using System.CommandLine;
using Latchkey.Cli;
using Latchkey.Configuration;
using Latchkey.Data;
using Latchkey.Tokens;

namespace Latchkey.Server;

/// <summary>latchkey serve</summary>
public static class ServeCommand
{
    public static Command Create()
    {
        var listen = new Option<string?>("--listen") { Description = $"Addresses to listen on, comma separated. Also LATCHKEY_LISTEN. Default: {Installation.DefaultListen}", HelpName = "URL" };
        var publicUrl = new Option<string?>("--public-url") { Description = "The address your users reach, for links in mails and the issuer of tokens. Also LATCHKEY_PUBLIC_URL. Needed unless it listens on loopback only.", HelpName = "URL" };
        var proxies = new Option<string?>("--proxies") { Description = "Networks of reverse proxies whose X-Forwarded-For is believed. Also LATCHKEY_PROXIES.", HelpName = "NETWORKS" };
        var limits = new Option<string?>("--limits") { Description = "off switches all abuse limits off, for load tests and rehearsals on loopback only.", HelpName = "on|off" };
        var command = new Command("serve", "Run the server: API, portal and background work.") { listen, publicUrl, proxies, limits };
        command.SetAction(async (parsed, cancel) =>
        {
            try
            {
                var installation = InstallationOptions.Read(parsed, ("LISTEN", listen), ("PUBLIC_URL", publicUrl), ("PROXIES", proxies), ("LIMITS", limits));
                await WebServer.Run(installation, parsed.InvocationConfiguration.Output, cancel);
                return 0;
            }
            catch (Exception e) when (e is InvalidSettingException or SchemaTooNewException or WrongKeyRingException or UnauthorizedAccessException or IOException or System.Data.Common.DbException)
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync($"latchkey: {e.Message}");
                return 1;
            }
        });
        return command;
    }
}
