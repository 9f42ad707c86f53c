namespace Latchkey.Core.Configuration;

/// <summary>A mail server.</summary>
/// <param name="From">The sender address of mails.</param>
public sealed record SmtpServer(string Host, int Port, SmtpSecurity Security, string From) : MessageProvider
{
    /// <summary>The port for implicit TLS (RFC 8314).</summary>
    public const int TlsPort = 465;

    private const int SubmissionPort = 587;

    /// <summary>Empty for a server without authentication.</summary>
    public string User { get; init; } = "";

    public string Password { get; init; } = "";

    /// <summary>An OAuth 2.0 access token for the SASL mechanism XOAUTH2, in place of the password; empty for none.</summary>
    public string Token { get; init; } = "";

    /// <summary>A file with such a token; empty for none. It is read for each mail, because another program renews it.</summary>
    public string TokenFile { get; init; } = "";

    public bool HasToken => Token.Length > 0 || TokenFile.Length > 0;

    public static int DefaultPort(SmtpSecurity security) => security == SmtpSecurity.Tls ? TlsPort : SubmissionPort;
}
