using System.Net.Sockets;
using System.Text;
using Latchkey.Core.Configuration;

namespace Latchkey.Operations.Doctor;

/// <summary>Looks at what stands between this server and people: the public URL, proxies, providers of mail and SMS.</summary>
public sealed class NetworkChecks(InstallationSettings installation, HttpClient http)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    public async Task<IReadOnlyList<Finding>> Run() =>
        [
            PublicUrl(),
            await Reachable(),
            Proxies(),
            Outbound(),
            .. await Task.WhenAll(Provider("mail", installation.Mail), Provider("sms", installation.Sms)),
        ];

    private Finding PublicUrl() =>
        installation.ConfiguredPublicUrl switch
        {
            null when installation.IsLoopbackOnly => Finding.Good("public URL", $"{installation.PublicUrl}, on this machine only."),
            null => Finding.Bad(
                "public URL",
                "It is not set.",
                "Set LATCHKEY_PUBLIC_URL to the address your users reach, such as https://auth.example.com."
            ),
            { Scheme: "http", IsLoopback: false } url => Finding.Bad(
                "public URL",
                $"{url} is not encrypted.",
                "Put a TLS proxy in front and set LATCHKEY_PUBLIC_URL to the https address."
            ),
            var url => Finding.Good("public URL", $"{url.AbsoluteUri.TrimEnd('/')}"),
        };

    private async Task<Finding> Reachable()
    {
        var address = $"{installation.PublicUrl}/health/live";
        try
        {
            using var patience = new CancellationTokenSource(Timeout);
            using var answer = await http.GetAsync(new Uri(address), patience.Token);
            return answer.IsSuccessStatusCode
                ? Finding.Good("reachable", $"{address} answers.")
                : Finding.Warning(
                    "reachable",
                    $"{address} answers {(int)answer.StatusCode}.",
                    "Check that the proxy passes all paths on to this server."
                );
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return Finding.Warning(
                "reachable",
                $"{address} does not answer from here.",
                "Start the server (latchkey serve), then check the name and the proxy. Some networks cannot reach themselves by "
                    + "their public name; then ignore this."
            );
        }
    }

    private Finding Proxies()
    {
        var isBehindTls = installation.ConfiguredPublicUrl is { Scheme: "https" } && installation.Listen.All(url => url.Scheme == "http");
        return (isBehindTls, installation.Proxies.Count) switch
        {
            (true, 0) => Finding.Bad(
                "proxies",
                "The public URL is https and this server speaks http, so a proxy stands in front; its network is not named.",
                "Name it in LATCHKEY_PROXIES: without it all users seem to come from one address, and one who guesses slows all "
                    + "of them down."
            ),
            (_, 0) => Finding.Good("proxies", "None: clients connect directly."),
            _ when installation.Proxies.Any(network => network.PrefixLength == 0) => Finding.Bad(
                "proxies",
                "Every address is believed to be a proxy.",
                "Name your proxies' network only: anyone can forge the address that limits go by."
            ),
            _ => Finding.Good("proxies", $"X-Forwarded-For is believed from {string.Join(", ", installation.Proxies)}."),
        };
    }

    private Finding Outbound() =>
        installation.OutboundNetworks switch
        {
            { Count: 0 } => Finding.Good("outbound", "Mail servers and webhooks of developers are reached on the public internet only."),
            var networks when networks.Any(network => network.PrefixLength == 0) => Finding.Bad(
                "outbound",
                "Developers may make this server connect to every address, its own and the inside of your network among them.",
                "Name in LATCHKEY_OUTBOUND_NETWORKS only the networks where their mail servers and webhooks are."
            ),
            var networks => Finding.Good(
                "outbound",
                $"Mail servers and webhooks of developers are reached on the public internet and in {string.Join(", ", networks)}."
            ),
        };

    private static Task<Finding> Provider(string subject, MessageProvider? provider) =>
        provider switch
        {
            null => Task.FromResult(
                Finding.Warning(
                    subject,
                    "No provider is set; messages stay in the mailbox.",
                    $"Set one for {(subject == "mail" ? "mail, such as LATCHKEY_SMTP_HOST and LATCHKEY_SMTP_FROM" : "SMS, such as LATCHKEY_TWILIO_ACCOUNT_SID")}, unless each application brings its own."
                )
            ),
            SmtpServer server => Smtp(subject, server),
            SendGridAccount account => CheckConnection(subject, account.BaseUrl.Host, account.BaseUrl.Port),
            TwilioAccount account => CheckConnection(subject, account.BaseUrl.Host, account.BaseUrl.Port),
            Webhook hook => CheckConnection(subject, hook.Url.Host, hook.Url.Port),
            _ => throw new NotSupportedException(provider.GetType().Name),
        };

    /// <summary>RFC 5321, 3.1: a server that is ready greets with 220.</summary>
    private static async Task<Finding> Smtp(string subject, SmtpServer server)
    {
        var name = $"{server.Host}:{server.Port}";
        try
        {
            using var patience = new CancellationTokenSource(Timeout);
            using var client = new TcpClient();
            await client.ConnectAsync(server.Host, server.Port, patience.Token);
            var greeting = new byte[512];
            var text = Encoding.ASCII.GetString(greeting, 0, await client.GetStream().ReadAsync(greeting, patience.Token)).Trim();
            return text.StartsWith("220", StringComparison.Ordinal)
                ? server.StartTls
                    ? Finding.Good(subject, $"{name} greets.")
                    : Finding.Warning(
                        subject,
                        $"{name} greets, and mail goes to it unencrypted.",
                        "Set LATCHKEY_SMTP_SECURITY to starttls unless it is on this machine."
                    )
                : Finding.Bad(
                    subject,
                    $"{name} answers, but not as a mail server.",
                    "Check host and port (587 for most; 465 is not supported)."
                );
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or IOException)
        {
            return Finding.Bad(
                subject,
                $"{name} does not answer.",
                "Check host and port, and whether your network lets mail out (587 for most)."
            );
        }
    }

    private static async Task<Finding> CheckConnection(string subject, string host, int port)
    {
        try
        {
            using var patience = new CancellationTokenSource(Timeout);
            using var client = new TcpClient();
            await client.ConnectAsync(host, port, patience.Token);
            return Finding.Good(subject, $"{host} can be reached.");
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            return Finding.Bad(
                subject,
                $"{host}:{port} cannot be reached.",
                "Check the address, and whether your network lets connections out."
            );
        }
    }
}
