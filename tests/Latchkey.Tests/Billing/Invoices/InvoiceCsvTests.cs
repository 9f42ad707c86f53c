using System.Globalization;
using System.Text;
using Latchkey.Billing.Invoices;
using Latchkey.Core;

namespace Latchkey.Tests.Billing.Invoices;

public sealed class InvoiceCsvTests
{
    [Fact]
    public void It_has_a_row_for_each_line_and_the_tax_and_they_sum_up_to_the_total()
    {
        var invoice = InvoiceDocuments.Of(
            "DE",
            "KWD",
            InvoiceDocuments.BaseFee(),
            InvoiceDocuments.Line(LineKind.Mails, "1204", 4816) with
            {
                Free = "1000",
                UnitPrice = "0.0004",
            }
        );
        var rows = Rows(InvoiceCsv.Render(invoice));
        rows.Count.ShouldBe(4);
        rows[0].Split(',').Length.ShouldBe(18);
        rows[1].ShouldStartWith("invoice,LK-2026-000042,,open,2026-11-01,2026-11-15,2026-10,Ana Lima & Partners,Harbour,");
        rows[2].ShouldEndWith(",mails,1204,1000,0.0004,,,KWD,4.816");
        rows[3].ShouldEndWith(",,,tax,,,,,19 %,KWD,1.105");
        var sum = rows.Skip(1).Sum(row => decimal.Parse(row.Split(',')[^1], CultureInfo.InvariantCulture));
        sum.ShouldBe(invoice.Total / 1000m);
    }

    [Fact]
    public void A_name_that_a_spreadsheet_would_run_is_guarded()
    {
        var invoice = InvoiceDocuments.Of("EN", "EUR", InvoiceDocuments.BaseFee("=cmd|'/c calc'!A1") with { Note = "@SUM(1)" });
        var row = Rows(InvoiceCsv.Render(invoice))[1];
        row.ShouldContain(",'=cmd|'/c calc'!A1,");
        row.ShouldContain(",'@SUM(1),");
    }

    [Fact]
    public void Several_invoices_share_one_head()
    {
        var invoice = InvoiceDocuments.One();
        var rows = Rows(InvoiceCsv.Render(invoice, InvoiceDocuments.CreditNoteOf(invoice)));
        rows.Count(row => row.StartsWith("kind,", StringComparison.Ordinal)).ShouldBe(1);
        rows[3].ShouldStartWith("creditnote,LK-2026-000043,LK-2026-000042,open,2026-11-01,,2026-10,");
    }

    private static List<string> Rows(byte[] file)
    {
        file.AsSpan().StartsWith(Csv.ByteOrderMark).ShouldBeTrue();
        return [.. Encoding.UTF8.GetString(file.AsSpan(3)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries)];
    }
}
