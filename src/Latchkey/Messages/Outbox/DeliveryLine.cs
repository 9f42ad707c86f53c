namespace Latchkey.Messages.Outbox;

/// <summary>A message without its body.</summary>
public sealed record DeliveryLine
{
    public string Id { get; init; } = "";

    public string Channel { get; init; } = "";

    public string Recipient { get; init; } = "";

    public string Kind { get; init; } = "";

    public string Status { get; init; } = "";

    public int Attempts { get; init; }

    /// <summary>The provider's last response.</summary>
    public string? Answer { get; init; }

    public long CreatedAt { get; init; }

    public long? SentAt { get; init; }
}
