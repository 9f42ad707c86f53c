using Latchkey.Messages.Outbox;

namespace Latchkey.Messages.Providers;

/// <summary>A message on its way to a provider.</summary>
/// <param name="Id">The same for every attempt, so that a receiver may recognise a repeated one.</param>
/// <param name="AppId">The application it speaks for; null for the portal.</param>
/// <param name="SenderName">The application's name, shown as the sender's.</param>
public sealed record OutgoingMessage(
    string Id,
    string Channel,
    string Kind,
    string? AppId,
    string SenderName,
    string Recipient,
    MessageBody Body
);
