using System.Data.Common;
using Latchkey.Activity.Audit;
using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Core.Configuration;
using Latchkey.Data;
using Latchkey.Messages.Outbox;

namespace Latchkey.Messages.Providers;

/// <summary>
/// Sends one message for a developer who waits for the provider's answer. It goes the way that messages of its kind go, stands in the
/// delivery log like them, and is not tried again when it fails.
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
    /// <summary>How long the developer waits at most.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <summary>A server that dies meanwhile leaves the message to the outbox.</summary>
    private static readonly TimeSpan LeaseDuration = TimeSpan.FromMinutes(2);

    /// <summary>700 when too many were sent lately, 703 with the provider's answer as its cause when that is not yes.</summary>
    /// <param name="application">Whose message it is, and whose provider sends it.</param>
    /// <param name="developer">The address of who asked for it.</param>
    /// <param name="recipient">A checked address, or for <see cref="MessageKind.Sms"/> a checked number.</param>
    /// <param name="kind">The kind that it stands for, or <see cref="MessageKind.Test"/>.</param>
    /// <param name="body">What it says.</param>
    /// <param name="client">The address that the developer's request came from.</param>
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
        await database.Write(async db =>
        {
            await store.Insert(db, row);
            await audit.Add(db, new AuditEntry(application.Id, "sendTest", recipient, new Actor(developer, client)) { Detail = kind });
        });
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
                ? store.MarkSent(db, row, delivery.Answer, clock.Now())
                : store.MarkFailed(db, row, delivery.Answer)
        );
        return delivery.Result == DeliveryResult.Accepted
            ? new TestMessageResult.Accepted(delivery.Answer)
            : ErrorCodes.MessageNotSent.WithCause(delivery.Answer);
    }

    /// <summary>
    /// Tries one of the installation's own providers; 700 and 703 as above. Nothing is stored: the answer is all there is.
    /// </summary>
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
