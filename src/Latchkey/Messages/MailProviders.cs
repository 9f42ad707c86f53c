using Latchkey.Applications;
using Latchkey.Configuration;
using Latchkey.Tokens;

namespace Latchkey.Messages;

/// <summary>Which provider sends an application's mail: its own (the e-mail extension), else the installation's, else none.</summary>
public sealed class MailProviders(Installation installation, KeyRing ring)
{
    public SmtpServer? For(Application application)
    {
        var settings = application.Settings;
        return settings is { EmailExtension: true, MailProvider: "smtp", SmtpHost.Length: > 0 }
            ? new SmtpServer(settings.SmtpHost, settings.SmtpPort, settings.SmtpSecurity == "starttls", settings.SmtpUser, Secret(application, "smtpPassword", settings.SmtpPassword), settings.MailFrom)
            : installation.Smtp;
    }

    private string Secret(Application application, string setting, string sealedText) =>
        sealedText.Length == 0 ? "" : ring.OpenText(ApplicationRules.SecretPurpose(application.Id, setting), sealedText);
}
