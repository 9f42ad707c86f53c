namespace Latchkey.Billing.Payments;

/// <summary>A page of the payment provider that a person has to visit.</summary>
/// <param name="Url">Its address.</param>
/// <param name="Customer">The provider's id of the payer, to be stored.</param>
/// <param name="Session">The id by which the result is asked for.</param>
public sealed record HostedPage(Uri Url, string Customer, string Session);
