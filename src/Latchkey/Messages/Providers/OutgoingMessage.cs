using Latchkey.Messages.Outbox;

namespace Latchkey.Messages.Providers;

/// <summary>A message to be sent by a provider.</summary>
/// <param name="Id">The same for every attempt, so that a receiver can detect duplicates.</param>
/// <param name="AppId">The application it is sent for; null for the portal.</param>
/// <param name="SenderName">The application's name, shown as the sender's name.</param>
public sealed record OutgoingMessage(
    string Id,
    string Channel,
    string Kind,
    string? AppId,
    string SenderName,
    string Recipient,
    MessageBody Body
);
