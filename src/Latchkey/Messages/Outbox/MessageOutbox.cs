using System.Data.Common;
using System.Text.Json;
using Latchkey.Applications;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Jobs;
using Latchkey.Messages.Providers;

namespace Latchkey.Messages.Outbox;

/// <summary>Queues messages in the transaction of the change they announce. Bodies are encrypted until sent.</summary>
public sealed class MessageOutbox(MessageStore store, MessageProviders providers, MessageBudget budget, KeyRing ring, TimeProvider clock)
    : IDisposable
{
    private readonly WorkSignal signal = new();

    /// <summary>
    /// Queues a mail to an address, or an SMS (<see cref="MessageKind.IsSms"/>) to a number. Queues nothing while the application may
    /// send nothing: what a person asked for was refused before, and notices of the server's own are left out.
    /// </summary>
    public Task Enqueue(DbConnection db, Application application, string recipient, string kind, MessageBody body) =>
        application.CannotSend is null ? Insert(db, application, CreateRow(application, recipient, kind, body)) : Task.CompletedTask;

    /// <summary>
    /// Stores a row of <see cref="CreateRow"/>. A message that nobody asked for (a notice or a welcome) has failed at once when the
    /// application has reached its recipients of the day; others were refused before.
    /// </summary>
    public async Task Insert(DbConnection db, Application application, MessageRow row) =>
        await store.Insert(
            db,
            await budget.CountRecipient(db, application, row.Channel, row.Recipient) is { Cause: var limit }
                ? row with
                {
                    Status = MessageStatus.Failed,
                    BodySealed = null,
                    Answer = $"not sent: {limit}",
                }
                : row
        );

    /// <summary>Builds the row to store: due now, or for the mailbox when no provider is set.</summary>
    public MessageRow CreateRow(Application application, string recipient, string kind, MessageBody body)
    {
        var channel = MessageKind.IsSms(kind) ? MessageChannel.Sms : MessageChannel.Email;
        var id = Ids.New(clock);
        var now = clock.Now();
        return new MessageRow
        {
            Id = id,
            AppId = application.Id,
            Channel = channel,
            Recipient = recipient,
            Kind = kind,
            Status = providers.ForApplication(application, channel) is null ? MessageStatus.Mailbox : MessageStatus.Pending,
            BodySealed = Encrypt(id, body),
            NextAttemptAt = now,
            CreatedAt = now,
            ExpiresAt = body.ExpiresAt,
        };
    }

    /// <summary>Queues one of the portal's own mails, sent by the installation's provider.</summary>
    public async Task EnqueuePortalMail(DbConnection db, string recipient, string kind, MessageBody body)
    {
        var (id, now) = (Ids.New(clock), clock.Now());
        await store.Insert(
            db,
            new MessageRow
            {
                Id = id,
                Channel = MessageChannel.Email,
                Recipient = recipient,
                Kind = kind,
                Status = providers.ForPortal is null ? MessageStatus.Mailbox : MessageStatus.Pending,
                BodySealed = Encrypt(id, body),
                NextAttemptAt = now,
                CreatedAt = now,
                ExpiresAt = body.ExpiresAt,
            }
        );
    }

    /// <summary>Wakes the worker. Call it after the transaction has committed.</summary>
    public void Wake() => signal.Wake();

    public Task WaitForWork(TimeSpan timeout, CancellationToken stop) => signal.Wait(timeout, stop);

    public MessageBody Decrypt(MessageRow row) =>
        row.BodySealed is { } body
        && JsonSerializer.Deserialize(ring.Open(Purpose(row.Id), body), MessagesJson.Default.MessageBody) is { } read
            ? read
            : throw new InvalidOperationException($"the message {row.Id} has no text any more");

    public void Dispose() => signal.Dispose();

    private string Encrypt(string id, MessageBody body) =>
        ring.Encrypt(Purpose(id), JsonSerializer.SerializeToUtf8Bytes(body, MessagesJson.Default.MessageBody));

    /// <summary>The encryption purpose of a message's body.</summary>
    public static string Purpose(string id) => $"messages/{id}";
}
