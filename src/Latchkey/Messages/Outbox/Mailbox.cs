using Latchkey.Core;
using Latchkey.Data;

namespace Latchkey.Messages.Outbox;

/// <summary>The messages that nobody sends because no provider is set: on a laptop, the code to finish a signup is here.</summary>
public sealed class Mailbox(Database database, MessageStore store, MessageOutbox outbox)
{
    /// <summary>Newest first; of one application or of all, to one recipient or to all.</summary>
    public async Task<IReadOnlyList<MailboxMessage>> List(string? appId, string? recipient, int most)
    {
        var rows = await database.Read(db => store.ListMailbox(db, appId, recipient is null ? null : Handle.Normalise(recipient), most));
        return [.. rows.Select(row => new MailboxMessage(row, outbox.Decrypt(row)))];
    }

    /// <summary>One message; null when it is not there.</summary>
    /// <param name="appId">Whose it must be; null for anybody's.</param>
    public async Task<MailboxMessage?> Find(string? appId, string id) =>
        await database.Read(db => store.FindInMailbox(db, appId, id)) is { } row ? new MailboxMessage(row, outbox.Decrypt(row)) : null;
}
