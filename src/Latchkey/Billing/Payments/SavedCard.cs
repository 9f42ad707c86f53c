namespace Latchkey.Billing.Payments;

/// <summary>A card at the payment provider. Its number is never known here.</summary>
/// <param name="Customer">The provider's id of the payer.</param>
/// <param name="Method">The provider's id of the card.</param>
/// <param name="Label">What people see: <c>visa •••• 4242, 12/2030</c>.</param>
/// <param name="BegunAt">When the page was opened on which it was entered, by the provider's clock, in unix ms.</param>
public sealed record SavedCard(string Customer, string Method, string Label, long BegunAt);
