using System.Net;

namespace Latchkey.Core.Configuration;

/// <summary>The settings of the installation. Command line, then environment, then the defaults here; validated at start.</summary>
public sealed record InstallationSettings
{
    public const string UnixScheme = "unix";
    public const string DefaultListen = "http://127.0.0.1:5400";

    /// <summary>The folder of the SQLite file and the key ring.</summary>
    public string DataFolder { get; init; } = "data";

    /// <summary>The SQLite file or PostgreSQL connection string; by default <c>latchkey.db</c> in the data folder.</summary>
    public string Database { get; init; } = "";

    /// <summary>
    /// The connection string for PostgreSQL notifications when <see cref="Database"/> is a pooler that does not forward them; empty for the
    /// same connection.
    /// </summary>
    public string DatabaseListen { get; init; } = "";

    /// <summary>
    /// The folder of the key ring; by default <c>keys</c> in the data folder. All nodes on one database need the same keys.
    /// </summary>
    public string KeysFolder { get; init; } = "";

    /// <summary>Encrypts the key files; null stores them unencrypted.</summary>
    public string? KeysPassphrase { get; init; }

    /// <summary>Listening addresses as URLs; <c>unix:/path</c> is a Unix socket.</summary>
    public IReadOnlyList<Uri> Listen { get; init; } = [new(DefaultListen)];

    /// <summary>The public URL, used for links in mails and for <c>iss</c>.</summary>
    public Uri? ConfiguredPublicUrl { get; init; }

    /// <summary>The portal's own URL, on a host where nothing of an application is answered; null for below the public URL.</summary>
    public Uri? ConfiguredPortalUrl { get; init; }

    /// <summary>The DNS servers that are asked who controls a domain; empty for the system's.</summary>
    public IReadOnlyList<IPEndPoint> DnsServers { get; init; } = [];

    /// <summary>Networks whose X-Forwarded-* headers are trusted.</summary>
    public IReadOnlyList<IPNetwork> Proxies { get; init; } = [];

    /// <summary>Non-public networks that developers' mail servers and webhooks may use.</summary>
    public IReadOnlyList<IPNetwork> OutboundNetworks { get; init; } = [];

    /// <summary>Origins allowed to call the API from browsers; empty for all.</summary>
    public IReadOnlyList<string> CorsOrigins { get; init; } = [];

    /// <summary>A pepper that is applied to new password hashes by HMAC; empty for none.</summary>
    public string Pepper { get; init; } = "";

    /// <summary>Allows a public URL that is http and not loopback. For laboratories: passwords and cookies travel in the clear.</summary>
    public bool AllowsInsecureHttp { get; init; }

    /// <summary>
    /// Whether messages with a developer's own text say at their top who sends them, while the installation's provider sends them.
    /// </summary>
    public bool FramesMessages { get; init; } = true;

    /// <summary>False only for load tests and rehearsals on loopback.</summary>
    public bool LimitsOn { get; init; } = true;

    /// <summary>The name for EHLO: a full host name or an address literal; empty to determine it.</summary>
    public string SmtpHelo { get; init; } = "";

    /// <summary>The mail provider for applications without their own; null leaves mails in the mailbox.</summary>
    public MessageProvider? Mail { get; init; }

    /// <summary>The SMS provider for applications without their own Twilio account; null leaves SMS in the mailbox.</summary>
    public MessageProvider? Sms { get; init; }

    /// <summary>Stripe, where invoices are charged to cards; null when they are paid by hand.</summary>
    public StripeSettings? Stripe { get; init; }

    public Uri SendGridUrl { get; init; } = SendGridAccount.Default;

    public Uri TwilioUrl { get; init; } = TwilioAccount.Default;

    /// <summary>The key sets that verify Apple's and Google's ID tokens.</summary>
    public Uri AppleKeysUrl { get; init; } = new("https://appleid.apple.com/auth/keys");

    public Uri GoogleKeysUrl { get; init; } = new("https://www.googleapis.com/oauth2/v3/certs");

    /// <summary>MongoDB's App Services Admin API, or a compatible server.</summary>
    public Uri AppServicesUrl { get; init; } = new("https://services.cloud.mongodb.com");

    /// <summary>Retention period of applications' logs, in days.</summary>
    public int LogDays { get; init; } = 90;

    /// <summary>Pay as you go; null while it is off.</summary>
    public BillingSettings? Billing { get; init; }

    /// <summary>Highest costs of imported password hashes.</summary>
    public HashCostLimits HashCostLimits { get; init; } = new();

    public string DatabaseConnection => Database.Length > 0 ? Database : Path.Combine(DataFolder, "latchkey.db");

    public string KeyRingFolder => KeysFolder.Length > 0 ? KeysFolder : Path.Combine(DataFolder, "keys");

    /// <summary>The public URL without a trailing slash.</summary>
    public string PublicUrl => (ConfiguredPublicUrl ?? Listen[0]).AbsoluteUri.TrimEnd('/');

    /// <summary>The URL that the portal is below, without a trailing slash.</summary>
    public string PortalUrl => ConfiguredPortalUrl?.AbsoluteUri.TrimEnd('/') ?? PublicUrl;

    /// <summary>Whether the portal answers at this host: at its own, or at all where it has none.</summary>
    /// <param name="host">Without a port, as a request has it.</param>
    public bool HasPortalAt(string host) =>
        ConfiguredPortalUrl is not { } portal
        || host.Equals(portal.IdnHost, StringComparison.OrdinalIgnoreCase)
        || host.Equals(portal.Host, StringComparison.OrdinalIgnoreCase);

    /// <summary>The <c>iss</c> of an application's user JWTs; its discovery document and key set are below it.</summary>
    public string IssuerOf(string appId) => $"{PublicUrl}/apps/{appId}";

    /// <summary>The paths of the Unix sockets to listen on. Only proxies should have access to them.</summary>
    public IEnumerable<string> Sockets => Listen.Where(url => url.Scheme == UnixScheme).Select(url => url.LocalPath);

    public bool IsLoopbackOnly => Listen.All(url => url.Scheme != UnixScheme && url.IsLoopback);
}
