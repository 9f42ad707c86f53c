using System.Data.Common;
using System.Globalization;
using Latchkey.Core.Configuration;
using Latchkey.Messages.Outbox;

namespace Latchkey.Messages.Templates;

/// <summary>Queues the portal's mails to developers. Links use the configured URL of the portal only, never the request's host.</summary>
public sealed class PortalMailer(MessageOutbox outbox, InstallationSettings installation, TimeProvider clock)
{
    public const string SenderName = "Latchkey";

    /// <summary>Queues a mail. Runs in the transaction of the change it announces.</summary>
    public Task Enqueue(DbConnection db, string recipient, string kind, PortalMailValues values) =>
        outbox.EnqueuePortalMail(db, recipient, kind, Compose(recipient, kind, values));

    /// <summary>Wakes the outbox worker. Call it after the transaction has committed.</summary>
    public void Wake() => outbox.Wake();

    private MessageBody Compose(string recipient, string kind, PortalMailValues values)
    {
        var link = values.Link is null ? null : installation.PortalUrl + values.Link;
        var body = MessageComposer.Compose(
            MessageTemplates.PortalMail(kind, values.Language),
            link,
            macro =>
                macro switch
                {
                    "APP_NAME" => SenderName,
                    "SERVER" => installation.PortalUrl.Split("://")[1],
                    "HANDLE" => recipient,
                    "CLIENT" => values.Client,
                    "LINK" => link,
                    "BY" => values.ActorName,
                    "APPLICATION" => values.Application,
                    "ROLE" => values.Role,
                    "STATUS" => values.Status,
                    "DOMAIN" => values.Domain,
                    "WORDS" => values.Text,
                    "INVOICE" => values.Invoice,
                    "AMOUNT" => values.Amount,
                    "DATE" => values.Date,
                    "NUMBER" => values.Number.ToString(CultureInfo.InvariantCulture),
                    "TIME" => clock.GetUtcNow().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture),
                    _ => null,
                }
        );
        return body with { ExpiresAt = values.ExpiresAt, Attachment = values.Attachment };
    }
}
