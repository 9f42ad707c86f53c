namespace Latchkey.Core.Configuration;

/// <summary>A mail server.</summary>
/// <param name="From">The address that mails come from.</param>
public sealed record SmtpServer(string Host, int Port, SmtpSecurity Security, string From) : MessageProvider
{
    /// <summary>The port of implicit TLS (RFC 8314).</summary>
    public const int TlsPort = 465;

    private const int SubmissionPort = 587;

    /// <summary>Empty where the server is used without authentication.</summary>
    public string User { get; init; } = "";

    public string Password { get; init; } = "";

    /// <summary>An OAuth 2.0 access token, used in place of the password by the SASL mechanism XOAUTH2; empty for none.</summary>
    public string Token { get; init; } = "";

    /// <summary>The file of such a token. It is read for each mail, since another program renews it; empty for none.</summary>
    public string TokenFile { get; init; } = "";

    public bool HasToken => Token.Length > 0 || TokenFile.Length > 0;

    public static int DefaultPort(SmtpSecurity security) => security == SmtpSecurity.Tls ? TlsPort : SubmissionPort;
}
