using System.Data.Common;
using Latchkey.Applications;
using Latchkey.Core.Metrics;
using Latchkey.Data;
using Latchkey.Messages.Providers;
using Latchkey.Messages.Templates;

namespace Latchkey.Messages.Outbox;

/// <summary>
/// Makes one attempt to send a leased message and marks it as sent, postponed (with increasing delays), failed or expired. Delivery is
/// at least once: after a crash between the provider's acceptance and the mark, the message is sent again.
/// </summary>
public sealed partial class MessageDispatcher(
    Database database,
    MessageOutbox outbox,
    MessageStore store,
    ApplicationCache applications,
    MessageProviders providers,
    MessageSenders senders,
    TimeProvider clock,
    ILogger<MessageDispatcher> log
)
{
    /// <summary>Delays between attempts. After the last one, a message that does not expire has failed.</summary>
    private static readonly TimeSpan[] RetryDelays =
    [
        TimeSpan.FromSeconds(5),
        TimeSpan.FromSeconds(20),
        TimeSpan.FromMinutes(1),
        TimeSpan.FromMinutes(5),
        TimeSpan.FromMinutes(15),
        TimeSpan.FromHours(1),
        TimeSpan.FromHours(3),
        TimeSpan.FromHours(8),
        TimeSpan.FromHours(24),
    ];

    /// <summary>A message that expires waits at most 1/20 of its lifetime between attempts: half a minute of ten minutes.</summary>
    private const int MaxPausesPerLifetime = 20;

    /// <summary>
    /// Sends the message. An unexpected exception (an unsupported setting, a missing key) postpones it as a refusal does.
    /// </summary>
    public async Task Dispatch(MessageRow message, CancellationToken stop)
    {
        try
        {
            await Send(message, stop);
        }
        catch (Exception e) when (e is not (DbException or OperationCanceledException))
        {
            LogBroken(log, message.Id, message.Kind, e);
            await Postpone(message, $"could not be sent: {e.GetType().Name}");
        }
    }

    private async Task Send(MessageRow message, CancellationToken stop)
    {
        if (message.ExpiresAt <= clock.Now())
        {
            await Expire(message);
            return;
        }

        var application = message.AppId is null ? null : await applications.Find(message.AppId);
        var provider =
            message.AppId is null ? providers.ForPortal
            : application is null ? null
            : providers.ForApplication(application, message.Channel);
        if (provider is null)
        {
            await Postpone(message, "no provider is set");
            return;
        }

        var delivery = await senders.Send(
            provider,
            new OutgoingMessage(
                message.Id,
                message.Channel,
                message.Kind,
                application?.Id,
                application?.Name ?? PortalMailer.SenderName,
                message.Recipient,
                outbox.Decrypt(message)
            ),
            stop
        );
        switch (delivery.Result)
        {
            case DeliveryResult.Accepted:
                LatchkeyMeter.RecordMessage(message.Channel, "taken");
                await database.Write(db =>
                    store.MarkSent(
                        db,
                        message,
                        delivery.Answer,
                        clock.Now(),
                        application is not null && providers.UsesInstallation(application, message.Channel)
                    )
                );
                break;
            case DeliveryResult.PermanentFailure:
                await Fail(message, delivery.Answer);
                break;
            default:
                await Postpone(message, delivery.Answer);
                break;
        }
    }

    private async Task Postpone(MessageRow message, string answer)
    {
        if (message.ExpiresAt is null && message.Attempts > RetryDelays.Length)
        {
            await Fail(message, answer);
            return;
        }

        LatchkeyMeter.RecordMessage(message.Channel, "postponed");
        LogPostponed(log, message.Id, message.Kind, message.Attempts, answer);
        await database.Write(db => store.Postpone(db, message, answer, NextAttempt(message)));
    }

    /// <summary>
    /// The time of the next attempt. A message that expires is retried until then, and leased once more afterwards to be marked as expired.
    /// A ten-minute code is retried every half minute.
    /// </summary>
    private long NextAttempt(MessageRow message)
    {
        var pause = (long)RetryDelays[Math.Min(message.Attempts, RetryDelays.Length) - 1].TotalMilliseconds;
        return message.ExpiresAt is { } end
            ? Math.Min(clock.Now() + Math.Min(pause, (end - message.CreatedAt) / MaxPausesPerLifetime), end)
            : clock.Now() + pause;
    }

    private async Task Expire(MessageRow message)
    {
        LatchkeyMeter.RecordMessage(message.Channel, "expired");
        LogExpired(log, message.Id, message.Kind, message.Answer);
        await database.Write(db => store.MarkExpired(db, message, "its code ended before it was sent"));
    }

    private async Task Fail(MessageRow message, string answer)
    {
        LatchkeyMeter.RecordMessage(message.Channel, "failed");
        LogFailed(log, message.Id, message.Kind, answer);
        await database.Write(db => store.MarkFailed(db, message, answer));
    }

    [LoggerMessage(1, LogLevel.Warning, "Message {Id} ({Kind}) not sent at attempt {Attempt}: {Answer}")]
    private static partial void LogPostponed(ILogger log, string id, string kind, int attempt, string answer);

    [LoggerMessage(2, LogLevel.Error, "Message {Id} ({Kind}) given up: {Answer}")]
    private static partial void LogFailed(ILogger log, string id, string kind, string answer);

    [LoggerMessage(5, LogLevel.Error, "Message {Id} ({Kind}) expired before it was sent: {Answer}")]
    private static partial void LogExpired(ILogger log, string id, string kind, string? answer);

    [LoggerMessage(4, LogLevel.Error, "Message {Id} ({Kind}) caused an error in its sender")]
    private static partial void LogBroken(ILogger log, string id, string kind, Exception reason);
}
