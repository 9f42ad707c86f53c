using Latchkey.Billing.Accounts;
using Latchkey.Billing.Statements;
using Latchkey.Core.Configuration;

namespace Latchkey.Billing.Invoices;

/// <summary>Composes what is printed on an invoice or credit note from statements, the account and the operator's settings.</summary>
public sealed class InvoiceComposer(InstallationSettings installation)
{
    private BillingSettings Settings => installation.Billing ?? throw new InvalidOperationException("billing is off");

    /// <summary>The last day to pay an invoice that is opened at a time, as the start of the next day: unix milliseconds.</summary>
    public long DueAt(long openedAt) => Midnight(openedAt).AddDays(Settings.DueDays + 1).ToUnixTimeMilliseconds();

    /// <param name="invoice">The draft.</param>
    /// <param name="statements">Those of its account and month.</param>
    /// <param name="number">Empty while it is a draft.</param>
    public InvoiceDocument Compose(
        Invoice invoice,
        BillingAccount account,
        IReadOnlyList<StatementRow> statements,
        string number,
        InvoiceStatus status,
        long now
    )
    {
        var currency = Currency.FromStored(invoice.Currency);
        var lines = statements.Where(row => row.TaxRate == invoice.TaxRate).SelectMany(StatementDocument.InvoiceLines).ToList();
        var net = Money.Sum(currency, lines.Select(line => new Money(line.Amount, currency)));
        var tax = net.Percentage(invoice.TaxRate);
        return new InvoiceDocument
        {
            Kind = InvoiceKind.Invoice,
            Number = number,
            IssuedOn = DateOf(now),
            DueOn = DateOf(now).AddDays(Settings.DueDays),
            Year = invoice.Service.Year,
            Month = invoice.Service.Month,
            Status = status,
            Seller = new InvoiceParty(Settings.Seller is [var name, ..] ? name : "", [.. Settings.Seller.Skip(1)], Settings.TaxId, null),
            Buyer = new InvoiceParty(
                account.Name,
                account.Address.Split('\n', StringSplitOptions.RemoveEmptyEntries),
                account.TaxId.Length > 0 ? account.TaxId : null,
                account.Email
            ),
            Language = account.Language,
            Currency = currency.Code,
            Lines = lines,
            Net = net.MinorUnits,
            TaxRate = invoice.TaxRate,
            Tax = tax.MinorUnits,
            Total = (net + tax).MinorUnits,
            Instructions = Settings.Instructions,
        };
    }

    /// <summary>The credit note that takes a whole invoice back.</summary>
    public static InvoiceDocument Credit(InvoiceDocument invoice, string number, string reason, long now) =>
        invoice with
        {
            Kind = InvoiceKind.CreditNote,
            Number = number,
            CreditedNumber = invoice.Number,
            IssuedOn = DateOf(now),
            DueOn = null,
            Status = InvoiceStatus.Paid,
            Instructions = reason,
        };

    private static DateOnly DateOf(long at) => DateOnly.FromDateTime(Midnight(at).UtcDateTime);

    private static DateTimeOffset Midnight(long at) => new(DateTimeOffset.FromUnixTimeMilliseconds(at).UtcDateTime.Date, TimeSpan.Zero);
}
