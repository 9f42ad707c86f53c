using System.Globalization;
using System.Net.Mail;

namespace Latchkey.Core.Configuration;

/// <summary>Reads the installation's mail and SMS providers from the settings.</summary>
public static class ProviderReader
{
    /// <summary>SMTP, SendGrid or a webhook, whichever is set; null for none.</summary>
    /// <exception cref="InvalidSettingException">The settings of a provider are incomplete.</exception>
    public static MessageProvider? Mail(Func<string, string?> text)
    {
        if (text("SMTP_HOST") is { } host)
        {
            return Smtp(host, text);
        }

        return text("SENDGRID_KEY") is { } key
            ? new SendGridAccount(Url(text, "SENDGRID_URL") ?? SendGridAccount.Default, key, Address("SENDGRID_FROM", text))
            : ReadWebhook(text);
    }

    /// <summary>Twilio or a webhook, whichever is set; null for none.</summary>
    /// <exception cref="InvalidSettingException">The settings of a provider are incomplete.</exception>
    public static MessageProvider? Sms(Func<string, string?> text) =>
        text("TWILIO_ACCOUNT_SID") is { } sid
            ? new TwilioAccount(
                Url(text, "TWILIO_URL") ?? TwilioAccount.Default,
                sid,
                Required("TWILIO_AUTH_TOKEN", text),
                Required("TWILIO_FROM", text)
            )
            : ReadWebhook(text);

    /// <summary>The name for EHLO; empty when none is set.</summary>
    /// <exception cref="InvalidSettingException">It is neither a full host name nor an address literal.</exception>
    public static string Helo(Func<string, string?> text) =>
        text("SMTP_HELO") is not { } given ? ""
        : HostName.IsFull(given) || HostName.IsAddressLiteral(given) ? given
        : throw new InvalidSettingException(
            $"LATCHKEY_SMTP_HELO is {given}; give the full name of this machine, such as mail.example.com, or its address, such as "
                + "[192.0.2.1]."
        );

    private static Webhook? ReadWebhook(Func<string, string?> text) =>
        Url(text, "WEBHOOK_URL") is { } url ? new Webhook(url, Required("WEBHOOK_SECRET", text)) : null;

    private static string Required(string name, Func<string, string?> text) =>
        text(name) ?? throw new InvalidSettingException($"LATCHKEY_{name} is missing. The provider needs it.");

    private static Uri? Url(Func<string, string?> text, string name) =>
        text(name) is not { } given ? null
        : Uri.TryCreate(given, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" ? url
        : throw new InvalidSettingException($"LATCHKEY_{name} is {given}, which is not an http or https address.");

    private static string Address(string name, Func<string, string?> text)
    {
        var from = Required(name, text);
        return MailAddress.TryCreate(from, out _)
            ? from
            : throw new InvalidSettingException($"LATCHKEY_{name} is {from}, which is not an e-mail address.");
    }

    private static SmtpServer Smtp(string host, Func<string, string?> text)
    {
        if (Uri.CheckHostName(host) == UriHostNameType.Unknown)
        {
            throw new InvalidSettingException($"LATCHKEY_SMTP_HOST is {host}, which is not the name or address of a host.");
        }

        var security =
            text("SMTP_SECURITY") is not { } name ? SmtpSecurity.StartTls
            : EnumNames.TryParse<SmtpSecurity>(name, out var known) ? known
            : throw new InvalidSettingException($"LATCHKEY_SMTP_SECURITY is {name}. Use starttls, tls or none.");
        var port =
            text("SMTP_PORT") is not { } given ? SmtpServer.DefaultPort(security)
            : int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and < 65_536 ? number
            : throw new InvalidSettingException($"LATCHKEY_SMTP_PORT is {given}, which is not a port.");
        var server = new SmtpServer(host, port, security, Address("SMTP_FROM", text))
        {
            User = text("SMTP_USER") ?? "",
            Password = text("SMTP_PASSWORD") ?? "",
            Token = text("SMTP_TOKEN") ?? "",
            TokenFile = text("SMTP_TOKEN_FILE") ?? "",
        };
        return server.HasToken && server.User.Length == 0
            ? throw new InvalidSettingException("LATCHKEY_SMTP_USER is missing; a mail server takes a token only with the user it is for.")
            : server;
    }
}
