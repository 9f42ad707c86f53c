using Latchkey.Billing;
using Latchkey.Billing.Invoices;

namespace Latchkey.Portal.Billing;

/// <summary>Words for what is charged, and for the states of invoices.</summary>
public static class BillingTexts
{
    public static string Kind(LineKind kind) =>
        kind switch
        {
            LineKind.BaseFee => "Base fee",
            LineKind.ActiveUsers => "Active users",
            LineKind.Mails => "Mails",
            LineKind.Sms => "SMS",
            _ => "Storage",
        };

    public static string Quantity(LineKind kind, string quantity) =>
        NumberText.Of("EN").Write(quantity)
        + kind switch
        {
            LineKind.BaseFee => " months",
            LineKind.Storage => " GB",
            _ => "",
        };

    /// <summary>What an invoice is now: open ones that were due are overdue.</summary>
    public static string Status(Invoice invoice, long now) =>
        invoice.IsCreditNote ? "credit note"
        : invoice.Is(InvoiceStatus.Open) && invoice.DueAt <= now ? "overdue"
        : invoice.Status;
}
