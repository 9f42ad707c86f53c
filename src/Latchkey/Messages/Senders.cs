using Latchkey.Configuration;

namespace Latchkey.Messages;

/// <summary>A message on its way to a provider.</summary>
/// <param name="Id">The same for every attempt, so that a receiver may recognise a repeated one.</param>
/// <param name="SenderName">The application's name, shown as the sender's.</param>
public sealed record OutgoingMessage(string Id, string Channel, string Kind, string AppId, string SenderName, string Recipient, MessageBody Body);

/// <summary>How a provider answered.</summary>
/// <param name="Answer">Its own words, for the delivery log.</param>
public sealed record Delivery(DeliveryResult Result, string Answer);

public enum DeliveryResult
{
    Taken,
    NotNow,
    Never,
}

/// <summary>Gives a message to its provider.</summary>
public sealed class Senders(SmtpSender smtp, SendGridSender sendGrid, TwilioSender twilio, WebhookSender webhook)
{
    public Task<Delivery> Send(MessageProvider provider, OutgoingMessage message, CancellationToken stop) => provider switch
    {
        SmtpServer server => smtp.Send(server, message, stop),
        SendGridAccount account => sendGrid.Send(account, message, stop),
        TwilioAccount account => twilio.Send(account, message, stop),
        Webhook hook => webhook.Send(hook, message, stop),
        _ => throw new NotSupportedException(provider.GetType().Name),
    };
}
