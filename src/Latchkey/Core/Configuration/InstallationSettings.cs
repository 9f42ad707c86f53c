using System.Net;

namespace Latchkey.Core.Configuration;

/// <summary>How this installation is set up: command line first, then environment, then the defaults here. Checked at start.</summary>
public sealed record InstallationSettings
{
    public const string UnixScheme = "unix";
    public const string DefaultListen = "http://127.0.0.1:5400";

    /// <summary>The folder for the SQLite file and the key ring.</summary>
    public string DataFolder { get; init; } = "data";

    /// <summary>A SQLite file or a PostgreSQL connection; by default <c>latchkey.db</c> in the data folder.</summary>
    public string Database { get; init; } = "";

    /// <summary>
    /// Where PostgreSQL's notifications are heard when <see cref="Database"/> is a pooler that does not pass them on; empty for there.
    /// </summary>
    public string DatabaseListen { get; init; } = "";

    /// <summary>The key ring's folder; by default <c>keys</c> in the data folder. Nodes on one database share its content.</summary>
    public string KeysFolder { get; init; } = "";

    /// <summary>Encrypts the key ring's files; null leaves them as they are.</summary>
    public string? KeysPassphrase { get; init; }

    /// <summary>Addresses to listen on, as URLs; <c>unix:/path</c> is a Unix socket.</summary>
    public IReadOnlyList<Uri> Listen { get; init; } = [new(DefaultListen)];

    /// <summary>The address that users and developers reach: what links in mails and <c>iss</c> are built from.</summary>
    public Uri? ConfiguredPublicUrl { get; init; }

    /// <summary>Networks whose X-Forwarded-* headers are believed.</summary>
    public IReadOnlyList<IPNetwork> Proxies { get; init; } = [];

    /// <summary>Networks that are not public and that developers' mail servers and webhooks may still be in.</summary>
    public IReadOnlyList<IPNetwork> OutboundNetworks { get; init; } = [];

    /// <summary>Origins that browsers may call the API from; empty for all.</summary>
    public IReadOnlyList<string> CorsOrigins { get; init; } = [];

    /// <summary>HMAC'd into every new password hash when set.</summary>
    public string Pepper { get; init; } = "";

    /// <summary>False only for load tests and rehearsals on loopback.</summary>
    public bool LimitsOn { get; init; } = true;

    /// <summary>
    /// The name by which this machine introduces itself to mail servers (EHLO), a full host name or an address literal; empty to find one.
    /// </summary>
    public string SmtpHelo { get; init; } = "";

    /// <summary>Sends mail for applications without a provider of their own; null leaves mails in the mailbox.</summary>
    public MessageProvider? Mail { get; init; }

    /// <summary>Sends SMS for applications without a Twilio account of their own; null leaves them in the mailbox.</summary>
    public MessageProvider? Sms { get; init; }

    public Uri SendGridUrl { get; init; } = SendGridAccount.Default;

    public Uri TwilioUrl { get; init; } = TwilioAccount.Default;

    /// <summary>Where Apple and Google publish the keys of their ID tokens.</summary>
    public Uri AppleKeysUrl { get; init; } = new("https://appleid.apple.com/auth/keys");

    public Uri GoogleKeysUrl { get; init; } = new("https://www.googleapis.com/oauth2/v3/certs");

    /// <summary>MongoDB's App Services Admin API, or a server that took its place.</summary>
    public Uri AppServicesUrl { get; init; } = new("https://services.cloud.mongodb.com");

    /// <summary>Days that applications' logs are kept.</summary>
    public int LogDays { get; init; } = 90;

    /// <summary>Bounds of imported password hashes.</summary>
    public HashCostLimits HashCostLimits { get; init; } = new();

    public string DatabaseConnection => Database.Length > 0 ? Database : Path.Combine(DataFolder, "latchkey.db");

    public string KeyRingFolder => KeysFolder.Length > 0 ? KeysFolder : Path.Combine(DataFolder, "keys");

    /// <summary>The public URL without a trailing slash.</summary>
    public string PublicUrl => (ConfiguredPublicUrl ?? Listen[0]).AbsoluteUri.TrimEnd('/');

    /// <summary>The <c>iss</c> of an application's user JWTs, below which its discovery document and key set are found.</summary>
    public string IssuerOf(string appId) => $"{PublicUrl}/apps/{appId}";

    /// <summary>The paths of the Unix sockets to listen on. Who may open them is a proxy.</summary>
    public IEnumerable<string> Sockets => Listen.Where(url => url.Scheme == UnixScheme).Select(url => url.LocalPath);

    public bool IsLoopbackOnly => Listen.All(url => url.Scheme != UnixScheme && url.IsLoopback);
}
