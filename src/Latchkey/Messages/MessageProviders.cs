using System.Net.Mail;
using Latchkey.Applications;
using Latchkey.Configuration;
using Latchkey.Tokens;

namespace Latchkey.Messages;

/// <summary>Which provider sends an application's messages: its own (the e-mail extension, its Twilio account), else the installation's, else none.</summary>
public sealed class MessageProviders(Installation installation, KeyRing ring)
{
    public MessageProvider? For(Application application, string channel) => channel == MessageChannel.Sms ? Sms(application) : Mail(application);

    private MessageProvider? Mail(Application application)
    {
        var settings = application.Settings;
        return !settings.EmailExtension ? installation.Mail : settings.MailProvider switch
        {
            "smtp" when settings.SmtpHost.Length > 0 && HasSender(settings) => new SmtpServer(settings.SmtpHost, settings.SmtpPort, settings.SmtpSecurity == "starttls", settings.SmtpUser, Secret(application, "smtpPassword", settings.SmtpPassword), settings.MailFrom),
            "sendgrid" when settings.SendgridKey.Length > 0 && HasSender(settings) => new SendGridAccount(installation.SendGridUrl, Secret(application, "sendgridKey", settings.SendgridKey), settings.MailFrom),
            "webhook" when Uri.TryCreate(settings.WebhookUrl, UriKind.Absolute, out var url) && (url.Scheme == "http" || url.Scheme == "https") => new Webhook(url, Secret(application, "webhookSecret", settings.WebhookSecret)),
            _ => installation.Mail,
        };
    }

    private static bool HasSender(ApplicationSettings settings) => MailAddress.TryCreate(settings.MailFrom, out _);

    private MessageProvider? Sms(Application application)
    {
        var settings = application.Settings;
        return settings is { TwilioAccountSid.Length: > 0, TwilioAuthToken.Length: > 0, TwilioPhoneNumber.Length: > 0 }
            ? new TwilioAccount(installation.TwilioUrl, settings.TwilioAccountSid, Secret(application, "twilioAuthToken", settings.TwilioAuthToken), settings.TwilioPhoneNumber)
            : installation.Sms;
    }

    private string Secret(Application application, string setting, string sealedText) =>
        sealedText.Length == 0 ? "" : ring.OpenText(ApplicationRules.SecretPurpose(application.Id, setting), sealedText);
}
