namespace Latchkey.Billing.Invoices;

/// <summary>Where an invoice stands. Only a draft may change.</summary>
public enum InvoiceStatus
{
    /// <summary>Not numbered yet.</summary>
    Draft,

    /// <summary>Sent, and not paid.</summary>
    Open,
    Paid,

    /// <summary>Withdrawn: nobody has to pay it.</summary>
    Void,

    /// <summary>Nobody expects the money any more.</summary>
    Uncollectible,
}
