using System.Data.Common;
using Latchkey.Activity.Audit;
using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Core.Configuration;
using Latchkey.Data;
using Latchkey.Messages.Outbox;

namespace Latchkey.Messages.Providers;

/// <summary>
/// Sends one test message while the developer waits for the provider's response. It uses the provider and appears in the delivery log
/// as any message of its kind, but is not retried.
/// </summary>
public sealed partial class TestMessageSender(
    Database database,
    MessageOutbox outbox,
    MessageStore store,
    MessageProviders providers,
    MessageSenders senders,
    MessageLimits limits,
    AuditStore audit,
    TimeProvider clock,
    ILogger<TestMessageSender> log
)
{
    /// <summary>The developer's maximum wait.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <summary>If the server dies during the attempt, the outbox sends the message after this time.</summary>
    private static readonly TimeSpan LeaseDuration = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Sends the message. 700 when the limit is reached; 703 when the provider did not accept it, with its response as the cause.
    /// </summary>
    /// <param name="application">The application whose provider is used.</param>
    /// <param name="developer">The e-mail address of the developer.</param>
    /// <param name="recipient">A validated address, or for an SMS (<see cref="MessageKind.IsSms"/>) a validated number.</param>
    /// <param name="kind">The kind of message to test, or <see cref="MessageKind.Test"/>.</param>
    /// <param name="body">The content.</param>
    /// <param name="client">The developer's client address.</param>
    public async Task<Result<TestMessageResult>> Send(
        Application application,
        string developer,
        string recipient,
        string kind,
        MessageBody body,
        string client
    )
    {
        if (await limits.TryAcquireTest(application, developer, recipient, kind) is { } tooMany)
        {
            return tooMany;
        }

        var row = outbox.CreateRow(application, recipient, kind, body);
        var provider = providers.ForApplication(application, row.Channel);
        row = row with
        {
            Status = provider is null ? MessageStatus.Mailbox : MessageStatus.Pending,
            Attempts = 1,
            NextAttemptAt = row.CreatedAt + (long)LeaseDuration.TotalMilliseconds,
        };
        var stored = await database.Write<Result<Done>>(async db =>
        {
            if (await limits.Charge(db, application, MessagePurpose.Test(kind), recipient) is { } full)
            {
                return full;
            }

            await outbox.Insert(db, application, row);
            await audit.Add(db, new AuditEntry(application.Id, "sendTest", recipient, new Actor(developer, client)) { Detail = kind });
            return default(Done);
        });
        if (stored.Error is { } refused)
        {
            return refused;
        }

        if (provider is null)
        {
            return new TestMessageResult.StoredInMailbox(row.Id);
        }

        var delivery = await Dispatch(
            provider,
            new OutgoingMessage(row.Id, row.Channel, kind, application.Id, application.Name, recipient, body)
        );
        await database.Write(db =>
            delivery.Result == DeliveryResult.Accepted
                ? store.MarkSent(db, row, delivery.Answer, clock.Now(), providers.UsesInstallation(application, row.Channel))
                : store.MarkFailed(db, row, delivery.Answer)
        );
        return delivery.Result == DeliveryResult.Accepted
            ? new TestMessageResult.Accepted(delivery.Answer)
            : ErrorCodes.MessageNotSent.WithCause(delivery.Answer);
    }

    /// <summary>Tests one of the installation's own providers; 700 and 703 as above. Nothing is stored.</summary>
    public async Task<Result<TestMessageResult>> SendThroughInstallation(
        MessageProvider provider,
        string channel,
        string developer,
        string recipient,
        MessageBody body
    )
    {
        if (await limits.TryAcquireTest(developer) is { } tooMany)
        {
            return tooMany;
        }

        var kind = channel == MessageChannel.Sms ? MessageKind.Sms : MessageKind.Test;
        var delivery = await Dispatch(provider, new OutgoingMessage(Ids.New(clock), channel, kind, "", "Latchkey", recipient, body));
        return delivery.Result == DeliveryResult.Accepted
            ? new TestMessageResult.Accepted(delivery.Answer)
            : ErrorCodes.MessageNotSent.WithCause(delivery.Answer);
    }

    private async Task<Delivery> Dispatch(MessageProvider provider, OutgoingMessage message)
    {
        using var patience = new CancellationTokenSource(Timeout, clock);
        try
        {
            return await senders.Send(provider, message, patience.Token);
        }
        catch (OperationCanceledException)
        {
            return new(DeliveryResult.RetryLater, $"no response within {Timeout.TotalSeconds} seconds");
        }
        catch (Exception e) when (e is not DbException)
        {
            LogBroken(log, message.Id, e);
            return new(DeliveryResult.PermanentFailure, $"could not be sent: {e.GetType().Name}");
        }
    }

    [LoggerMessage(1, LogLevel.Error, "Test message {Id} caused an error in its sender")]
    private static partial void LogBroken(ILogger log, string id, Exception reason);
}
