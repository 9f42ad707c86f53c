using System.Globalization;
using CsvHelper;
using Latchkey.Core;

namespace Latchkey.Billing.Invoices;

/// <summary>
/// Invoices for spreadsheets and bookkeeping: a row for each line and one for the tax, so that the amounts of an invoice sum up to its
/// total. Its words are the same in every language, and numbers have a point.
/// </summary>
public static class InvoiceCsv
{
    private static readonly string[] Columns =
    [
        "kind",
        "number",
        "credited_number",
        "status",
        "issued_on",
        "due_on",
        "month",
        "buyer",
        "application",
        "app_id",
        "line",
        "quantity",
        "free",
        "unit_price",
        "active_seconds",
        "note",
        "currency",
        "amount",
    ];

    /// <summary>The file of one invoice or several, with its byte order mark.</summary>
    public static byte[] Render(params IReadOnlyList<InvoiceDocument> documents)
    {
        using var text = new StringWriter();
        using (var csv = CsvWriter.Create(text, Csv.Options, leaveOpen: true))
        {
            Csv.WriteLine(csv, Columns);
            foreach (var document in documents)
            {
                foreach (var line in document.Lines)
                {
                    Csv.WriteLine(csv, RowOf(document, line));
                }

                Csv.WriteLine(csv, TaxRow(document));
            }
        }

        return [.. Csv.ByteOrderMark, .. System.Text.Encoding.UTF8.GetBytes(text.ToString())];
    }

    private static IEnumerable<string?> RowOf(InvoiceDocument document, InvoiceLine line) =>
        [
            .. HeadOf(document),
            line.ApplicationName,
            line.AppId,
            line.Kind.ToName(),
            line.Quantity,
            line.Free,
            line.UnitPrice,
            line.ActiveSeconds?.ToString(CultureInfo.InvariantCulture),
            line.Note,
            .. AmountOf(document, line.Amount),
        ];

    private static IEnumerable<string?> TaxRow(InvoiceDocument document)
    {
        var rate = (document.TaxRate / 100m).ToString("0.##", CultureInfo.InvariantCulture);
        return [.. HeadOf(document), "", "", "tax", "", "", "", "", $"{rate} %", .. AmountOf(document, document.Tax)];
    }

    private static IEnumerable<string?> HeadOf(InvoiceDocument document) =>
        [
            document.Kind.ToName(),
            document.Number,
            document.CreditedNumber,
            document.Status.ToName(),
            Day(document.IssuedOn),
            document.DueOn is { } due ? Day(due) : "",
            string.Create(CultureInfo.InvariantCulture, $"{document.Year:D4}-{document.Month:D2}"),
            document.Buyer.Name,
        ];

    private static IEnumerable<string?> AmountOf(InvoiceDocument document, long amount) =>
        [document.Currency, new Money(amount, Currency.FromStored(document.Currency)).ToDecimalText()];

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
