using System.Net.Mail;
using Latchkey.Applications;
using Latchkey.Applications.MessageProviders;
using Latchkey.Applications.Settings;
using Latchkey.Core.Configuration;
using Latchkey.Cryptography;
using Latchkey.Messages.Outbox;

namespace Latchkey.Messages.Providers;

/// <summary>
/// Chooses the provider for an application's messages: its own (e-mail extension, Twilio account), else the installation's, else none.
/// </summary>
public sealed class MessageProviders(InstallationSettings installation, InstallationProviders own, KeyRing ring)
{
    public MessageProvider? ForApplication(Application application, string channel) =>
        channel == MessageChannel.Sms ? Sms(application) : Mail(application);

    /// <summary>The provider for the portal's own mails.</summary>
    public MessageProvider? ForPortal => own.Mail;

    /// <summary>Whether the installation's provider sends the application's messages, in the operator's name.</summary>
    public bool UsesInstallation(Application application, string channel) =>
        !HasOwn(application.Settings, channel) && (channel == MessageChannel.Sms ? own.Sms : own.Mail) is not null;

    /// <summary>Whether any provider sends the application's messages; otherwise they stay in the mailbox.</summary>
    public bool Sends(ApplicationSettings settings, string channel) =>
        HasOwn(settings, channel) || (channel == MessageChannel.Sms ? own.Sms : own.Mail) is not null;

    /// <summary>Whether the application has its own provider for the channel.</summary>
    public static bool HasOwn(ApplicationSettings settings, string channel) =>
        channel == MessageChannel.Sms
            ? settings is { TwilioAccountSid.Length: > 0, TwilioAuthToken.Length: > 0, TwilioPhoneNumber.Length: > 0 }
            : settings.EmailExtension && DescribeMissingMailSetting(settings) is null;

    /// <summary>
    /// The setting that the e-mail extension still lacks, as a sentence; null when it is off or complete. While it is incomplete, mail is
    /// sent by the installation's provider.
    /// </summary>
    public static string? DescribeMissingMailSetting(ApplicationSettings settings) =>
        !settings.EmailExtension
            ? null
            : settings.MailProvider switch
            {
                MailService.Smtp when settings.SmtpHost.Length == 0 => "The email extension has no SMTP host.",
                MailService.SendGrid when settings.SendgridKey.Length == 0 => "The email extension has no SendGrid API key.",
                MailService.Smtp or MailService.SendGrid => HasSender(settings)
                    ? null
                    : "The email extension has no sender, or the sender is not an e-mail address.",
                _ when ParseWebhookUrl(settings) is null => "The email extension needs an http or https address for its webhook.",
                _ => settings.WebhookSecret.Length == 0
                    ? "The email extension has no webhook secret. Without it, your service cannot tell our requests from forged ones."
                    : null,
            };

    private MessageProvider? Mail(Application application)
    {
        var settings = application.Settings;
        return !HasOwn(settings, MessageChannel.Email)
            ? own.Mail
            : settings.MailProvider switch
            {
                MailService.Smtp => new SmtpServer(settings.SmtpHost, settings.SmtpPort, settings.SmtpSecurity, settings.MailFrom)
                {
                    User = settings.SmtpUser,
                    Password = Secret(application, "smtpPassword", settings.SmtpPassword),
                    Token = Secret(application, "smtpToken", settings.SmtpToken),
                    IsDeveloperHost = true,
                },
                MailService.SendGrid => new SendGridAccount(
                    installation.SendGridUrl,
                    Secret(application, "sendgridKey", settings.SendgridKey),
                    settings.MailFrom
                ),
                _ => ParseWebhookUrl(settings) is { } url
                    ? new Webhook(url, Secret(application, "webhookSecret", settings.WebhookSecret)) { IsDeveloperHost = true }
                    : null,
            };
    }

    private static Uri? ParseWebhookUrl(ApplicationSettings settings) =>
        Uri.TryCreate(settings.WebhookUrl, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" ? url : null;

    private static bool HasSender(ApplicationSettings settings) => MailAddress.TryCreate(settings.MailFrom, out _);

    private MessageProvider? Sms(Application application)
    {
        var settings = application.Settings;
        return HasOwn(settings, MessageChannel.Sms)
            ? new TwilioAccount(
                installation.TwilioUrl,
                settings.TwilioAccountSid,
                Secret(application, "twilioAuthToken", settings.TwilioAuthToken),
                settings.TwilioPhoneNumber
            )
            : own.Sms;
    }

    private string Secret(Application application, string setting, string sealedText) =>
        sealedText.Length == 0 ? "" : ring.DecryptText(ApplicationEditor.SecretPurpose(application.Id, setting), sealedText);
}
