using Latchkey.Applications.Settings;
using Latchkey.Messages.Providers;

namespace Latchkey.Portal.Settings;

/// <summary>The settings page Messages.</summary>
public static class MessagesGroup
{
    public static SettingsGroup Group { get; } =
        new(
            "messages",
            "Messages",
            "Who sends your mails and SMS, and tests.",
            [
                new(
                    "mail",
                    "Mail",
                    "The application's own mail provider. If off, the installation's provider sends the mail.",
                    [
                        new("emailExtension", "Email extension", "Send mail with the provider below."),
                        new(
                            "mailProvider",
                            "Provider",
                            "The service that sends the mail.",
                            [
                                new("smtp", "SMTP", "A mail server."),
                                new("sendgrid", "SendGrid", "With an API key."),
                                new("webhook", "Webhook", "Your own service. It receives each mail as signed JSON."),
                            ],
                            When: "emailExtension=1"
                        ),
                        new(
                            "mailFrom",
                            "Sender",
                            "The sender's address, for SMTP and SendGrid.",
                            When: "emailExtension=1;mailProvider=smtp,sendgrid"
                        ),
                        new(
                            "smtpHost",
                            "SMTP host",
                            "Such as smtp.example.com. A host in a private network works only if the operator of this server "
                                + "allows it.",
                            When: "emailExtension=1;mailProvider=smtp"
                        ),
                        new("smtpPort", "SMTP port", "587 for STARTTLS, 465 for TLS.", When: "emailExtension=1;mailProvider=smtp"),
                        new(
                            "smtpSecurity",
                            "SMTP encryption",
                            "Whether the connection must be encrypted.",
                            [
                                new("starttls", "STARTTLS", "Required, with a valid certificate; usual on port 587."),
                                new("tls", "TLS", "From the start, with a valid certificate; usual on port 465."),
                                new(
                                    "none",
                                    "None",
                                    "Mails and the password are sent unencrypted.",
                                    "anyone on the network can read the codes."
                                ),
                            ],
                            When: "emailExtension=1;mailProvider=smtp"
                        ),
                        new("smtpUser", "SMTP user", "Optional.", When: "emailExtension=1;mailProvider=smtp"),
                        new(
                            "smtpPassword",
                            "SMTP password",
                            "Stored encrypted and never shown again. If you change host, port, encryption or user, enter the "
                                + "password again, because the stored one is deleted.",
                            When: "emailExtension=1;mailProvider=smtp"
                        ),
                        new(
                            "smtpToken",
                            "SMTP token",
                            "An OAuth 2.0 access token in place of the password (XOAUTH2). Stored encrypted and never shown "
                                + "again. Enter a new one before it expires.",
                            When: "emailExtension=1;mailProvider=smtp"
                        ),
                        new(
                            "sendgridKey",
                            "SendGrid API key",
                            "Stored encrypted and never shown again.",
                            When: "emailExtension=1;mailProvider=sendgrid"
                        ),
                        new(
                            "webhookUrl",
                            "Webhook address",
                            "Receives a POST request for each mail. A host in a private network works only if the operator "
                                + "of this server allows it.",
                            When: "emailExtension=1;mailProvider=webhook"
                        ),
                        new(
                            "webhookSecret",
                            "Webhook secret",
                            "The key for the signature in the header latchkey-signature. Stored encrypted and never shown again.",
                            When: "emailExtension=1;mailProvider=webhook"
                        ),
                    ]
                )
                {
                    Alert = settings =>
                        MessageProviders.DescribeMissingMailSetting(settings) is { } missing
                            ? $"{missing} Until then, mail is sent by the installation's provider."
                            : null,
                },
                new(
                    "sms",
                    "SMS by Twilio",
                    "The application's own Twilio account. Without one, SMS are sent by the installation's provider, or stay "
                        + "in the mailbox.",
                    [
                        new("twilioAccountSid", "Account SID", "From Twilio's console."),
                        new(
                            "twilioAuthToken",
                            "Auth token",
                            "Stored encrypted and never shown again. If you change the account SID, enter the token again, "
                                + "because the stored one is deleted."
                        ),
                        new("twilioPhoneNumber", "Phone number", "The number that sends the SMS, such as +15005550006."),
                    ]
                )
                {
                    IsUsed = UsesSms,
                    UnusedHint =
                        "Nothing of this application sends SMS. The account can be set when the second factor is the phone, "
                        + "or codes by SMS are on.",
                    Alert = settings =>
                        settings
                            is { TwilioAccountSid: "", TwilioAuthToken: "", TwilioPhoneNumber: "" }
                                or { TwilioAccountSid.Length: > 0, TwilioAuthToken.Length: > 0, TwilioPhoneNumber.Length: > 0 }
                            ? null
                            : "The account is incomplete: it needs account SID, auth token and phone number. Until all "
                                + "three are set, SMS "
                                + "are sent by the installation's provider.",
                },
            ]
        );

    /// <summary>Something sends SMS, or the account is there already.</summary>
    public static bool UsesSms(ApplicationSettings settings) =>
        settings.TwoFactorVerification == TwoFactorMethod.Phone
        || settings.SmsCodeLogin
        || settings.AllowsSms
        || settings.TwilioAccountSid.Length + settings.TwilioAuthToken.Length + settings.TwilioPhoneNumber.Length > 0;
}
