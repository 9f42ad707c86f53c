using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Jobs;

namespace Latchkey.Messages.Outbox;

/// <summary>Messages stored here because no provider is set. During local development, the code to finish a signup is found here.</summary>
public sealed class Mailbox(Database database, MessageStore store, MessageOutbox outbox, DeferredWork deferred)
{
    /// <summary>
    /// Newest first, for one application (or all) and one recipient (or all). Waits for the messages of requests that were answered a
    /// moment ago.
    /// </summary>
    public async Task<IReadOnlyList<MailboxMessage>> List(string? appId, string? recipient, int limit)
    {
        await deferred.WaitUntilDone();
        string[]? recipients = recipient is null ? null : [.. Handle.SpellingsOf(Handle.Normalise(recipient))];
        var rows = await database.Read(db => store.ListMailbox(db, appId, recipients, limit));
        return [.. rows.Select(row => new MailboxMessage(row, outbox.Decrypt(row)))];
    }

    /// <summary>Finds one message; null when there is none.</summary>
    /// <param name="appId">The application it must belong to; null for any.</param>
    public async Task<MailboxMessage?> Find(string? appId, string id) =>
        await database.Read(db => store.FindInMailbox(db, appId, id)) is { } row ? new MailboxMessage(row, outbox.Decrypt(row)) : null;
}
