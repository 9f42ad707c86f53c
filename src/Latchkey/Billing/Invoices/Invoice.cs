using Latchkey.Activity.Metering;
using Latchkey.Core;

namespace Latchkey.Billing.Invoices;

/// <summary>An invoice or a credit note, as stored.</summary>
public sealed record Invoice
{
    public string Id { get; init; } = "";

    /// <summary>The name of an <see cref="InvoiceKind"/>.</summary>
    public string Kind { get; init; } = InvoiceKind.Invoice.ToName();

    public string AccountId { get; init; } = "";

    /// <summary>The month of service, as 202611.</summary>
    public int Month { get; init; }

    public string Currency { get; init; } = "";

    /// <summary>In hundredths of a percent.</summary>
    public int TaxRate { get; init; }

    /// <summary>The name of an <see cref="InvoiceStatus"/>.</summary>
    public string Status { get; init; } = InvoiceStatus.Draft.ToName();

    /// <summary>The gapless number; null for a draft.</summary>
    public string? Number { get; init; }

    /// <summary>On a credit note, the id of the invoice that it takes back.</summary>
    public string? CreditsId { get; init; }

    public long Net { get; init; }

    public long Tax { get; init; }

    public long Total { get; init; }

    /// <summary>The <see cref="InvoiceDocument"/> as JSON; null for a draft.</summary>
    public string? Document { get; init; }

    /// <summary>How many steps of dunning were taken.</summary>
    public int Reminders { get; init; }

    /// <summary>When the last step was taken.</summary>
    public long? RemindedAt { get; init; }

    public long CreatedAt { get; init; }

    public long? OpenedAt { get; init; }

    public long? DueAt { get; init; }

    /// <summary>When it was paid, voided or given up.</summary>
    public long? SettledAt { get; init; }

    public CalendarMonth Service => new(Month);

    public bool IsCreditNote => Kind == InvoiceKind.CreditNote.ToName();

    public bool Is(InvoiceStatus status) => Status == status.ToName();

    public Money TotalMoney => new(Total, Billing.Currency.FromStored(Currency));
}
