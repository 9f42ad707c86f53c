using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace Latchkey.Messages.Mail;

/// <summary>
/// An SMTP client that sends one mail per connection. It tracks the current step and its timeout, and does not pipeline, so every reply
/// belongs to a known command.
/// </summary>
internal sealed class SmtpConversation : SmtpClient
{
    /// <summary>Supported mechanisms for a user with a password, preferred first.</summary>
    private static readonly string[] PasswordMechanisms = ["PLAIN", "LOGIN", "SCRAM-SHA-256", "SCRAM-SHA-1"];

    private const string TokenMechanism = "XOAUTH2";
    private const SmtpCapabilities Unused =
        SmtpCapabilities.Pipelining | SmtpCapabilities.Chunking | SmtpCapabilities.BinaryMime | SmtpCapabilities.Size;

    private readonly SmtpPatience patience;

    public SmtpConversation(SmtpPatience patience)
        : base(patience)
    {
        this.patience = patience;
        CheckCertificateRevocation = false; // a check would fetch URLs named by a developer's certificate
        ServerCertificateValidationCallback = (_, _, chain, errors) =>
        {
            CertificateFault = errors == SslPolicyErrors.None ? null : Describe(errors, chain);
            return CertificateFault is null;
        };
    }

    /// <summary>Why the server's certificate was rejected; null when it was accepted.</summary>
    public string? CertificateFault { get; private set; }

    /// <summary>
    /// Reads the greeting, sends EHLO and starts encryption on an open connection. The certificate must match the host name.
    /// </summary>
    /// <exception cref="NotSupportedException">Encryption is required but not offered; nothing has been sent.</exception>
    public async Task Begin(Stream connected, string host, int port, SecureSocketOptions encryption)
    {
        patience.Begin(SmtpStep.Session);
        await ConnectAsync(connected, host, port, encryption, patience.Token);
        Capabilities &= ~Unused;
    }

    /// <exception cref="NotSupportedException">Client and server share no authentication mechanism; no credentials have been
    /// sent.</exception>
    /// <exception cref="AuthenticationException">The server refused the login; the message is its reply.</exception>
    public Task Authenticate(string user, string password, string token)
    {
        SaslMechanism? mechanism =
            token.Length > 0
                ? AuthenticationMechanisms.Contains(TokenMechanism)
                    ? new SaslMechanismOAuth2(user, token)
                    : null
                : PasswordMechanisms.FirstOrDefault(AuthenticationMechanisms.Contains) switch
                {
                    "PLAIN" => new SaslMechanismPlain(user, password),
                    "LOGIN" => new SaslMechanismLogin(user, password),
                    "SCRAM-SHA-256" => new SaslMechanismScramSha256(user, password),
                    "SCRAM-SHA-1" => new SaslMechanismScramSha1(user, password),
                    _ => null,
                };
        return mechanism is null
            ? throw new NotSupportedException(DescribeNoCommonMechanism(token.Length > 0))
            : AuthenticateAsync(mechanism, patience.Token);
    }

    /// <summary>Sends the mail. Returns the server's reply to the accepted mail.</summary>
    /// <exception cref="FormatException">An address needs an extension that the server does not offer.</exception>
    /// <exception cref="SmtpCommandException">The server refused; see <see cref="Judge"/>.</exception>
    public async Task<string> Deliver(MailMessage mail)
    {
        if (mail.IsInternational && !Capabilities.HasFlag(SmtpCapabilities.UTF8 | SmtpCapabilities.EightBitMime))
        {
            throw new FormatException("the mail server takes addresses of ASCII characters only (no SMTPUTF8)");
        }

        patience.Begin(SmtpStep.Sender);
        var text = await SendAsync(mail.Mime, mail.From, [mail.To], patience.Token);
        return new SmtpReply(SmtpStep.Content, (int)SmtpStatusCode.Ok, text).ToString();
    }

    /// <summary>Converts a refusal to a reply with the step it belongs to.</summary>
    public SmtpReply Judge(SmtpCommandException refusal) =>
        new(
            refusal.ErrorCode switch
            {
                SmtpErrorCode.SenderNotAccepted => SmtpStep.Sender,
                SmtpErrorCode.RecipientNotAccepted => SmtpStep.Recipient,
                SmtpErrorCode.MessageNotAccepted => SmtpStep.Content,
                _ => patience.Step,
            },
            (int)refusal.StatusCode,
            refusal.Message
        );

    protected override void OnSenderAccepted(MimeMessage message, MailboxAddress mailbox, SmtpResponse response) =>
        patience.Begin(SmtpStep.Recipient);

    protected override void OnRecipientAccepted(MimeMessage message, MailboxAddress mailbox, SmtpResponse response) =>
        patience.Begin(SmtpStep.Data);

    private string DescribeNoCommonMechanism(bool hasToken)
    {
        var offered =
            AuthenticationMechanisms.Count == 0 ? "none" : string.Join(", ", AuthenticationMechanisms.Order(StringComparer.Ordinal));
        var known = hasToken ? $"{TokenMechanism} for a token" : $"{string.Join(", ", PasswordMechanisms)} for a password";
        return $"no common way to authenticate: the mail server offers {offered}, and Latchkey has {known}; nothing was sent";
    }

    private static string Describe(SslPolicyErrors errors, X509Chain? chain) =>
        errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable) ? "the mail server shows no certificate"
        : errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) ? "the mail server's certificate is for another name"
        : string.Create(
            CultureInfo.InvariantCulture,
            $"the mail server's certificate is not trusted here ({string.Join(", ", chain?.ChainStatus.Select(one => one.Status) ?? [])})"
        );
}
