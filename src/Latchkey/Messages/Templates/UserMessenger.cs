using System.Data.Common;
using Latchkey.Applications;
using Latchkey.Messages.Outbox;

namespace Latchkey.Messages.Templates;

/// <summary>Queues mails and SMS to an application's users: fills in the template and adds it to the outbox.</summary>
public sealed class UserMessenger(MessageOutbox outbox, MessageComposer composer)
{
    /// <summary>Queues a message. Runs in the transaction of the change it announces.</summary>
    /// <param name="db">The transaction.</param>
    /// <param name="application">The application whose template and provider are used.</param>
    /// <param name="recipient">An e-mail address; a phone number for an SMS.</param>
    /// <param name="kind">A <see cref="MessageKind"/>.</param>
    /// <param name="locale">The recipient's locale.</param>
    /// <param name="values">The values of the template's macros.</param>
    public Task Enqueue(DbConnection db, Application application, string recipient, string kind, string locale, MacroValues values) =>
        outbox.Enqueue(db, application, recipient, kind, composer.Compose(application, kind, locale, values));

    /// <summary>Wakes the outbox worker. Call it after the transaction has committed.</summary>
    public void Wake() => outbox.Wake();
}
