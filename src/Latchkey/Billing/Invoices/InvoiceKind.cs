namespace Latchkey.Billing.Invoices;

/// <summary>What a document says: its amounts are owed, or they are given back.</summary>
public enum InvoiceKind
{
    Invoice,

    /// <summary>Takes back an invoice or a part of it.</summary>
    CreditNote,
}
