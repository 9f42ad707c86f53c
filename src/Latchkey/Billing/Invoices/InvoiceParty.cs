namespace Latchkey.Billing.Invoices;

/// <summary>Who sends an invoice, or who receives it.</summary>
/// <param name="Name">A company's or a person's name.</param>
/// <param name="Address">The lines of the postal address, as they are written on a letter; may be empty.</param>
/// <param name="TaxId">The number that tax offices know the party by; null when it has none.</param>
/// <param name="Email">Null when none is to be printed.</param>
public sealed record InvoiceParty(string Name, IReadOnlyList<string> Address, string? TaxId, string? Email);
