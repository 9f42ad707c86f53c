namespace Latchkey.Messages.Providers;

/// <summary>A provider's response to a message.</summary>
/// <param name="Answer">The provider's own text, for the delivery log.</param>
public sealed record Delivery(DeliveryResult Result, string Answer);
