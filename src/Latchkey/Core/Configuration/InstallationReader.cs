using System.Globalization;
using System.Net;
using System.Text;

namespace Latchkey.Core.Configuration;

/// <summary>Reads the installation's settings from all <see cref="SettingSources"/>.</summary>
public static class InstallationReader
{
    private const int MaxSocketPathBytes = 107;
    private const int DnsPort = 53;
    private const string PortalPath = "/portal";

    /// <exception cref="InvalidSettingException">A setting is invalid or unknown, or two of them contradict each other.</exception>
    public static InstallationSettings Read(IReadOnlyDictionary<string, string?> options)
    {
        var texts = SettingSources.Read(options);
        string? Text(string name) =>
            InstallationSettingCatalog.Find(name) is { } setting
                ? texts.GetValueOrDefault(setting.Name)
                : throw new KeyNotFoundException($"{name} stands in no list of settings");

        Uri? Url(string name) => Text(name) is { } url ? PublicUrl(url) : null;

        var installation = new InstallationSettings
        {
            DataFolder = Text("DATA") ?? "data",
            Database = Text("DATABASE") ?? "",
            DatabaseListen = Text("DATABASE_LISTEN") ?? "",
            KeysFolder = Text("KEYS") ?? "",
            KeysPassphrase = Text("KEYS_PASSPHRASE"),
            Listen = List(Text("LISTEN") ?? InstallationSettings.DefaultListen).Select(ListenUrl).ToList(),
            ConfiguredPublicUrl = Text("PUBLIC_URL") is { } url ? PublicUrl(url) : null,
            ConfiguredPortalUrl = Url("PORTAL_URL"),
            DnsServers = [.. List(Text("DNS_SERVERS") ?? "").Select(DnsServer)],
            Proxies = List(Text("PROXIES") ?? "").Select(one => Network("LATCHKEY_PROXIES", one)).ToList(),
            OutboundNetworks = List(Text("OUTBOUND_NETWORKS") ?? "").Select(one => Network("LATCHKEY_OUTBOUND_NETWORKS", one)).ToList(),
            CorsOrigins = CorsOrigins(Text("CORS_ORIGINS") ?? ""),
            Pepper = Text("PEPPER") ?? "",
            LimitsOn = OnOff("LIMITS", Text("LIMITS") ?? "on"),
            AllowsInsecureHttp = OnOff("INSECURE_HTTP", Text("INSECURE_HTTP") ?? "off"),
            FramesMessages = OnOff("MESSAGE_FRAME", Text("MESSAGE_FRAME") ?? "on"),
            Stripe = StripeSettings.Read(Text),
            SendGridUrl = Url("SENDGRID_URL") ?? SendGridAccount.Default,
            TwilioUrl = Url("TWILIO_URL") ?? TwilioAccount.Default,
            AppleKeysUrl = Url("APPLE_KEYS_URL") ?? new InstallationSettings().AppleKeysUrl,
            GoogleKeysUrl = Url("GOOGLE_KEYS_URL") ?? new InstallationSettings().GoogleKeysUrl,
            AppServicesUrl = Text("APP_SERVICES_URL") is { } appServices
                ? AppServices(appServices)
                : new InstallationSettings().AppServicesUrl,
            LogDays =
                Text("LOG_DAYS") is not { } days ? 90
                : int.TryParse(days, NumberStyles.None, CultureInfo.InvariantCulture, out var kept) && kept > 0 ? kept
                : throw new InvalidSettingException($"LATCHKEY_LOG_DAYS is {days}, which is not a number of days."),
            Billing = OnOff("BILLING", Text("BILLING") ?? "off") ? BillingSettings.Read(Text) : null,
            HashCostLimits = HashCostLimits.Read(Text),
            SmtpHelo = ProviderReader.Helo(Text),
            Mail = ProviderReader.Mail(Text),
            Sms = ProviderReader.Sms(Text),
        };
        Validate(installation);
        return installation;
    }

    private static void Validate(InstallationSettings installation)
    {
        if (
            !installation.LimitsOn
            && (!installation.IsLoopbackOnly || installation.Proxies.Count > 0 || installation.ConfiguredPublicUrl is not null)
        )
        {
            throw new InvalidSettingException(
                "Limits can be switched off only on loopback, without proxies and without a public URL. Without limits, "
                    + "passwords and codes can be guessed."
            );
        }

        if (installation is { AllowsInsecureHttp: false, ConfiguredPublicUrl: { Scheme: "http", IsLoopback: false } plain })
        {
            throw new InvalidSettingException(
                $"The public URL {plain} is not encrypted: everyone on the way could read passwords, tokens and session cookies. "
                    + "Use https, with a proxy in front that has the certificate (docs/operations.md). In a laboratory, allow it with "
                    + "--insecure-http on."
            );
        }

        if (installation.ConfiguredPublicUrl is { } url && PathBase.Problem(url) is { } problem)
        {
            throw new InvalidSettingException($"The public URL is {url}. {problem}");
        }

        ValidatePortalUrl(installation);
        if (!installation.IsLoopbackOnly && installation.ConfiguredPublicUrl is null)
        {
            throw new InvalidSettingException(
                "Set LATCHKEY_PUBLIC_URL (or --public-url) to the address that your users reach, such as "
                    + "https://auth.example.com. Links in mails and the issuer of tokens use it."
            );
        }
    }

    private static void ValidatePortalUrl(InstallationSettings installation)
    {
        if (installation.ConfiguredPortalUrl is not { } portal)
        {
            return;
        }

        if (portal.AbsolutePath != "/" || portal.UserInfo.Length > 0)
        {
            throw new InvalidSettingException($"The portal's URL is {portal}. It has no path: the portal is at {PortalPath} on its host.");
        }

        if (portal.IdnHost == new Uri(installation.PublicUrl).IdnHost)
        {
            throw new InvalidSettingException(
                $"The portal's URL {portal} is on the public URL's host. Give the portal a host of its own, such as "
                    + "https://portal.example.com, or leave the setting out. Another port is not enough: cookies know no ports."
            );
        }

        if (portal is { Scheme: "http", IsLoopback: false } && !installation.AllowsInsecureHttp)
        {
            throw new InvalidSettingException(
                $"The portal's URL {portal} is not encrypted: everyone on the way could read passwords and session cookies. Use https."
            );
        }
    }

    private static bool OnOff(string name, string text) =>
        text switch
        {
            "on" => true,
            "off" => false,
            _ => throw new InvalidSettingException($"LATCHKEY_{name} must be on or off, not {text}."),
        };

    private static IEnumerable<string> List(string text) =>
        text.Split([',', ';', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>Empty for all.</summary>
    private static IReadOnlyList<string> CorsOrigins(string text) =>
        text is "*"
            ? []
            :
            [
                .. List(text)
                    .Select(one =>
                        Cors.ParseOrigin(one)
                        ?? throw new InvalidSettingException(
                            $"{one} in LATCHKEY_CORS_ORIGINS is not an origin such as https://app.example.com: a scheme, a host and "
                                + "no path. To allow all origins, leave the setting out."
                        )
                    ),
            ];

    private static Uri ListenUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url)
        && (url.Scheme == InstallationSettings.UnixScheme ? IsSocketPath(url) : url.Scheme is "http" or "https" && url.AbsolutePath == "/")
            ? url
            : throw new InvalidSettingException(
                $"{text} is not an address to listen on; give one like http://127.0.0.1:5400, http://0.0.0.0:8080 or "
                    + "unix:/run/latchkey/latchkey.sock."
            );

    /// <summary>Whether it is an absolute path that fits into a socket address (unix(7): 108 bytes including the final NUL).</summary>
    private static bool IsSocketPath(Uri url) =>
        url.Host.Length == 0
        && url.LocalPath is ['/', not '/', ..]
        && !url.LocalPath.EndsWith('/')
        && Encoding.UTF8.GetByteCount(url.LocalPath) <= MaxSocketPathBytes;

    private static Uri PublicUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url)
        && url.Scheme is "http" or "https"
        && url.Query.Length == 0
        && url.Fragment.Length == 0
            ? url
            : throw new InvalidSettingException($"{text} is not an http or https address.");

    private static Uri AppServices(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url)
        && (url.Scheme == "https" || (url.Scheme == "http" && url.IsLoopback))
        && url.Query.Length == 0
        && url.Fragment.Length == 0
        && url.UserInfo.Length == 0
            ? url
            : throw new InvalidSettingException(
                $"LATCHKEY_APP_SERVICES_URL is {text}. Use an https address (http only on loopback), because developers' Atlas "
                    + "keys are sent there."
            );

    private static IPEndPoint DnsServer(string text) =>
        IPEndPoint.TryParse(text, out var server)
            ? new IPEndPoint(server.Address, server.Port == 0 ? DnsPort : server.Port)
            : throw new InvalidSettingException($"{text} in LATCHKEY_DNS_SERVERS is not an address such as 9.9.9.9 or 127.0.0.1:5353.");

    private static IPNetwork Network(string variable, string text)
    {
        if (IPNetwork.TryParse(text, out var network))
        {
            return network;
        }

        return IPAddress.TryParse(text, out var address)
            ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
            : throw new InvalidSettingException($"{text} in {variable} is neither an address nor a network such as 10.0.0.0/8.");
    }
}
