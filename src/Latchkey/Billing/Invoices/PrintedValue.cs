namespace Latchkey.Billing.Invoices;

/// <summary>A value on an invoice, and what it is called there.</summary>
public sealed record PrintedValue(string Name, string Value);
