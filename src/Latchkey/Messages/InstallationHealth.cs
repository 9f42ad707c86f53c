using Latchkey.Configuration;
using Latchkey.Data;

namespace Latchkey.Messages;

/// <summary>How the sending of messages goes, over all applications.</summary>
public sealed class InstallationHealth(Database database, MessageStore store, TimeProvider clock)
{
    private const int MostFailures = 10;
    private static readonly TimeSpan Lately = TimeSpan.FromHours(24);

    /// <summary>What waits on a channel, and what was given up in the last 24 hours.</summary>
    public Task<(Backlog Backlog, IReadOnlyList<MessageRow> Failed)> Of(string channel) =>
        database.Read(async db => (await store.Waiting(db, channel), await store.Failed(db, channel, clock.Now() - (long)Lately.TotalMilliseconds, MostFailures)));

    /// <summary>A provider in words, without its secrets.</summary>
    public static string Words(MessageProvider? provider) => provider switch
    {
        null => "None. Messages stay in the mailbox.",
        SmtpServer smtp => $"SMTP by {smtp.Host}:{smtp.Port}, {(smtp.StartTls ? "encrypted" : "not encrypted")}, from {smtp.From}",
        SendGridAccount account => $"SendGrid, from {account.From}",
        TwilioAccount account => $"Twilio, from {account.From}",
        Webhook hook => $"Webhook {hook.Url.GetLeftPart(UriPartial.Authority)}",
        _ => throw new NotSupportedException(provider.GetType().Name),
    };
}
