using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using Latchkey.Core.Configuration;
using Latchkey.Messages.Providers;

namespace Latchkey.Operations.Doctor;

/// <summary>Checks external connections: the public URL, proxies, mail and SMS providers.</summary>
/// <param name="installation">The settings.</param>
/// <param name="mail">The installation's provider of mails; null for none.</param>
/// <param name="sms">As above, of SMS.</param>
/// <param name="http">For the addresses of this server.</param>
/// <param name="smtp">For the mail server.</param>
public sealed class NetworkChecks(
    InstallationSettings installation,
    MessageProvider? mail,
    MessageProvider? sms,
    HttpClient http,
    SmtpSender smtp
)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    public async Task<IReadOnlyList<Finding>> Run() =>
        [
            PublicUrl(),
            await Reachable("reachable", installation.PublicUrl),
            await Portal(),
            Proxies(),
            Outbound(),
            .. await Task.WhenAll(Provider("mail", mail), Provider("sms", sms)),
        ];

    private Finding PublicUrl() =>
        installation.ConfiguredPublicUrl switch
        {
            null when installation.IsLoopbackOnly => Finding.Good("public URL", $"{installation.PublicUrl}, on this machine only."),
            null => Finding.Bad(
                "public URL",
                "It is not set.",
                "Set LATCHKEY_PUBLIC_URL to the address that your users reach, such as https://auth.example.com."
            ),
            { Scheme: "http", IsLoopback: false } url => Finding.Bad(
                "public URL",
                $"{url} is not encrypted.",
                "Put a TLS proxy in front, and set LATCHKEY_PUBLIC_URL to the https address."
            ),
            var url => Finding.Good("public URL", $"{url.AbsoluteUri.TrimEnd('/')}"),
        };

    private Task<Finding> Portal() =>
        installation.ConfiguredPortalUrl is null
            ? Task.FromResult(Finding.Good("portal", $"{installation.PortalUrl}/portal, on the host of the applications' pages."))
            : Reachable("portal", installation.PortalUrl);

    /// <summary>Whether an address, with its path, leads to this server. Its API description has the URL that it was given.</summary>
    private async Task<Finding> Reachable(string subject, string url)
    {
        var address = $"{url}/openapi/v1.json";
        try
        {
            using var patience = new CancellationTokenSource(Timeout);
            using var answer = await http.GetAsync(new Uri(address), patience.Token);
            if (!answer.IsSuccessStatusCode)
            {
                return Finding.Warning(
                    subject,
                    $"{address} answers {(int)answer.StatusCode}.",
                    "Check that the proxy forwards all paths below the public URL to this server."
                );
            }

            return DescribedUrl(await answer.Content.ReadAsStringAsync(patience.Token)) switch
            {
                var described when described == installation.PublicUrl => Finding.Good(subject, $"{url} leads to this server."),
                null => Finding.Warning(
                    subject,
                    $"Another program answers at {address}.",
                    "Check LATCHKEY_PUBLIC_URL, and that the proxy forwards all paths below it to this server."
                ),
                var other => Finding.Warning(
                    subject,
                    $"{url} leads to a server with the public URL {other}. Its links and cookies are for that address.",
                    "Set the same LATCHKEY_PUBLIC_URL for the server and for this command, and restart the server."
                ),
            };
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return Finding.Warning(
                subject,
                $"{url} does not respond from here.",
                "Start the server (latchkey serve), then check the name and the proxy. Ignore this if your network cannot reach "
                    + "its own public name."
            );
        }
    }

    /// <summary>The server's URL in an OpenAPI document (OpenAPI 3.1 §4.8.5); null if the text is none.</summary>
    private static string? DescribedUrl(string text)
    {
        try
        {
            return JsonNode.Parse(text)?["servers"]?[0]?["url"]?.GetValue<string>();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentOutOfRangeException)
        {
            return null;
        }
    }

    private Finding Proxies()
    {
        var isBehindTls = installation.ConfiguredPublicUrl is { Scheme: "https" } && installation.Listen.All(url => url.Scheme == "http");
        return (isBehindTls, installation.Proxies.Count) switch
        {
            (true, 0) => Finding.Bad(
                "proxies",
                "The public URL is https and this server uses http, so there is a proxy in front, but its network is not set.",
                "Add it to LATCHKEY_PROXIES. Otherwise all users count as one address, and one attacker slows down everybody."
            ),
            (_, 0) when installation.Sockets.Any() => Finding.Good(
                "proxies",
                $"X-Forwarded-For is believed from who may open {string.Join(", ", installation.Sockets)}."
            ),
            (_, 0) => Finding.Good("proxies", "None: clients connect directly."),
            _ when installation.Proxies.Any(network => network.PrefixLength == 0) => Finding.Bad(
                "proxies",
                "Every address is trusted as a proxy.",
                "Set only your proxies' network. Otherwise anyone can forge the address that limits use."
            ),
            _ => Finding.Good("proxies", $"X-Forwarded-For is trusted from {string.Join(", ", installation.Proxies)}."),
        };
    }

    private Finding Outbound() =>
        installation.OutboundNetworks switch
        {
            { Count: 0 } => Finding.Good("outbound", "Developers' mail servers and webhooks must be on the public internet."),
            var networks when networks.Any(network => network.PrefixLength == 0) => Finding.Bad(
                "outbound",
                "Developers can make this server connect to every address, including its own and those in your network.",
                "Set LATCHKEY_OUTBOUND_NETWORKS to only the networks of their mail servers and webhooks."
            ),
            var networks => Finding.Good(
                "outbound",
                $"Developers' mail servers and webhooks can be on the public internet and in {string.Join(", ", networks)}."
            ),
        };

    private Task<Finding> Provider(string subject, MessageProvider? provider) =>
        provider switch
        {
            null => Task.FromResult(
                Finding.Warning(
                    subject,
                    "No provider is set up. Messages stay in the mailbox.",
                    subject == "mail"
                        ? "Set one for mail, such as LATCHKEY_SMTP_HOST and LATCHKEY_SMTP_FROM, unless each application has its own."
                        : "Set one for SMS, such as LATCHKEY_TWILIO_ACCOUNT_SID, unless each application has its own."
                )
            ),
            SmtpServer server => Smtp(subject, server),
            SendGridAccount account => CheckConnection(subject, account.BaseUrl.Host, account.BaseUrl.Port),
            TwilioAccount account => CheckConnection(subject, account.BaseUrl.Host, account.BaseUrl.Port),
            Webhook hook => CheckConnection(subject, hook.Url.Host, hook.Url.Port),
            _ => throw new NotSupportedException(provider.GetType().Name),
        };

    /// <summary>Tests connection, encryption and login without sending a mail.</summary>
    private async Task<Finding> Smtp(string subject, SmtpServer server)
    {
        var name = $"{server.Host}:{server.Port}";
        using var patience = new CancellationTokenSource(Timeout);
        try
        {
            var checkedServer = await smtp.Check(server, patience.Token);
            return (checkedServer.Result, server.Security) switch
            {
                (not DeliveryResult.Accepted, _) => Finding.Bad(subject, $"{name}: {checkedServer.Answer}.", SmtpAdvice(server)),
                (_, SmtpSecurity.None) => Finding.Warning(
                    subject,
                    $"{name} is ready, and mail goes to it unencrypted.",
                    "Set LATCHKEY_SMTP_SECURITY to starttls or tls unless it is on this machine."
                ),
                _ => Finding.Good(subject, $"{name} is ready, encrypted{(server.User.Length > 0 ? " and logged in" : "")}."),
            };
        }
        catch (OperationCanceledException)
        {
            return Finding.Bad(subject, $"{name} does not answer.", SmtpAdvice(server));
        }
    }

    /// <summary>A server that expects TLS appears silent; one that does not answers a TLS handshake with its greeting.</summary>
    private static string SmtpAdvice(SmtpServer server) =>
        server switch
        {
            { Port: SmtpServer.TlsPort, Security: not SmtpSecurity.Tls } =>
                "Port 465 is encrypted from the start: set LATCHKEY_SMTP_SECURITY to tls.",
            { Port: not SmtpServer.TlsPort, Security: SmtpSecurity.Tls } =>
                "Check host and port: most servers speak TLS from the start on port 465 only. For port 587 set LATCHKEY_SMTP_SECURITY to "
                    + "starttls.",
            _ => "Check host, port, user and password, and whether your network lets mail out (587 with starttls, or 465 with tls).",
        };

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
                "Check the address, and whether your network allows outgoing connections."
            );
        }
    }
}
