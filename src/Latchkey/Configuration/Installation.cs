using System.Net;

namespace Latchkey.Configuration;

/// <summary>How this installation is set up: command line first, then environment, then the defaults here. Checked at start.</summary>
public sealed record Installation
{
    public const string DefaultListen = "http://127.0.0.1:5400";

    /// <summary>The folder for the SQLite file and the key ring.</summary>
    public string DataFolder { get; init; } = "data";

    /// <summary>A SQLite file or a PostgreSQL connection; by default <c>latchkey.db</c> in the data folder.</summary>
    public string Database { get; init; } = "";

    /// <summary>The key ring's folder; by default <c>keys</c> in the data folder. Nodes on one database share its content.</summary>
    public string KeysFolder { get; init; } = "";

    /// <summary>Addresses to listen on, as URLs.</summary>
    public IReadOnlyList<Uri> Listen { get; init; } = [new(DefaultListen)];

    /// <summary>The address that users and developers reach: what links in mails and <c>iss</c> are built from.</summary>
    public Uri? ConfiguredPublicUrl { get; init; }

    /// <summary>Networks whose X-Forwarded-* headers are believed.</summary>
    public IReadOnlyList<IPNetwork> Proxies { get; init; } = [];

    /// <summary>Origins that browsers may call the API from; empty for all.</summary>
    public IReadOnlyList<string> CorsOrigins { get; init; } = [];

    /// <summary>HMAC'd into every new password hash when set.</summary>
    public string Pepper { get; init; } = "";

    /// <summary>False only for load tests and rehearsals on loopback.</summary>
    public bool LimitsOn { get; init; } = true;

    public SmtpServer? Smtp { get; init; }

    public string DatabaseConnection => Database.Length > 0 ? Database : Path.Combine(DataFolder, "latchkey.db");

    public string KeyRingFolder => KeysFolder.Length > 0 ? KeysFolder : Path.Combine(DataFolder, "keys");

    /// <summary>The public URL without a trailing slash.</summary>
    public string PublicUrl => (ConfiguredPublicUrl ?? Listen[0]).AbsoluteUri.TrimEnd('/');

    public bool IsLoopbackOnly => Listen.All(url => url.IsLoopback);
}

/// <summary>A mail server of the operator's or an application's choice.</summary>
public sealed record SmtpServer(string Host, int Port, bool StartTls, string User, string Password, string From);
