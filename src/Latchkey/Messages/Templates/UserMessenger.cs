using System.Data.Common;
using Latchkey.Applications;
using Latchkey.Messages.Outbox;

namespace Latchkey.Messages.Templates;

/// <summary>Sends users of an application its mails and SMS: a template, filled in and put into the outbox.</summary>
public sealed class UserMessenger(MessageOutbox outbox, MessageComposer composer)
{
    /// <summary>Part of the transaction of what the message announces.</summary>
    /// <param name="db">The transaction.</param>
    /// <param name="application">Whose template and provider.</param>
    /// <param name="recipient">An address; a number for an SMS.</param>
    /// <param name="kind">A <see cref="MessageKind"/>.</param>
    /// <param name="locale">The recipient's language.</param>
    /// <param name="values">What the template's macros stand for.</param>
    public Task Enqueue(DbConnection db, Application application, string recipient, string kind, string locale, MacroValues values) =>
        outbox.Enqueue(db, application, recipient, kind, composer.Compose(application, kind, locale, values));

    /// <summary>Sends what waits, now; called once the transaction is through.</summary>
    public void Wake() => outbox.Wake();
}
