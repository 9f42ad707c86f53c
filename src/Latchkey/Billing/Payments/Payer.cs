namespace Latchkey.Billing.Payments;

/// <summary>A billing account as a payment provider knows it.</summary>
/// <param name="AccountId">The id of the billing account.</param>
/// <param name="Name">As on invoices.</param>
/// <param name="Email">Where invoices are mailed.</param>
/// <param name="Customer">The provider's id of the payer; null before the first card.</param>
public sealed record Payer(string AccountId, string Name, string Email, string? Customer);
