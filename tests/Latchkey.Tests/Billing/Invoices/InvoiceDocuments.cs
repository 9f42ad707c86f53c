using Latchkey.Billing.Invoices;

namespace Latchkey.Tests.Billing.Invoices;

/// <summary>Invoices for tests of what is printed.</summary>
internal static class InvoiceDocuments
{
    public static readonly InvoiceParty Seller = new(
        "Nordlicht Identity GmbH",
        ["Speicherstraße 12", "20457 Hamburg", "Germany"],
        "DE123456789",
        "billing@nordlicht.example"
    );

    public static readonly InvoiceParty Buyer = new(
        "Ana Lima & Partners",
        ["Rua das Flores 7", "4050-262 Porto", "Portugal"],
        "PT501964843",
        "ana@lima.example"
    );

    /// <summary>An invoice over one base fee of 10.00 EUR with 19 % tax.</summary>
    public static InvoiceDocument One(string language = "EN") => Of(language, "EUR", BaseFee());

    /// <summary>An invoice over the lines, with 19 % tax.</summary>
    public static InvoiceDocument Of(string language, string currency, params IReadOnlyList<InvoiceLine> lines)
    {
        var net = lines.Sum(line => line.Amount);
        var tax = (long)Math.Round(net * 0.19m, MidpointRounding.ToEven);
        return new InvoiceDocument
        {
            Kind = InvoiceKind.Invoice,
            Number = "LK-2026-000042",
            IssuedOn = new DateOnly(2026, 11, 1),
            DueOn = new DateOnly(2026, 11, 15),
            Year = 2026,
            Month = 10,
            Status = InvoiceStatus.Open,
            Seller = Seller,
            Buyer = Buyer,
            Language = language,
            Currency = currency,
            Lines = lines,
            Net = net,
            TaxRate = 1900,
            Tax = tax,
            Total = net + tax,
            Instructions = "Please transfer the amount to IBAN DE02 1203 0000 0000 2020 51.\nName the invoice's number.",
        };
    }

    /// <summary>The credit note that takes an invoice back.</summary>
    public static InvoiceDocument CreditNoteOf(InvoiceDocument invoice) =>
        invoice with
        {
            Kind = InvoiceKind.CreditNote,
            Number = "LK-2026-000043",
            CreditedNumber = invoice.Number,
            DueOn = null,
            Instructions = "The application was charged twice.",
        };

    public static InvoiceLine BaseFee(string application = "Harbour", long amount = 1000) =>
        new()
        {
            ApplicationName = application,
            AppId = "0197a3c8-7c1e-7d30-9b1e-3a52f1f0c001",
            Kind = LineKind.BaseFee,
            Quantity = "0.391129",
            UnitPrice = "25.57",
            ActiveSeconds = 12 * 86_400 + 3 * 3_600,
            Amount = amount,
        };

    public static InvoiceLine Line(LineKind kind, string quantity, long amount, string application = "Harbour") =>
        BaseFee(application, amount) with
        {
            Kind = kind,
            Quantity = quantity,
            UnitPrice = null,
            ActiveSeconds = null,
        };
}
