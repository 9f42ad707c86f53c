namespace Latchkey.Messages.Providers;

/// <summary>How a provider answered.</summary>
/// <param name="Answer">Its own words, for the delivery log.</param>
public sealed record Delivery(DeliveryResult Result, string Answer);
