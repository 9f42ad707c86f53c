using System.Text.Json;
using Latchkey.Billing.Invoices;

namespace Latchkey.Tests.Billing.Invoices;

public sealed class InvoiceDocumentTests
{
    [Fact]
    public void A_stored_invoice_is_read_as_it_was_written()
    {
        var invoice = InvoiceDocuments.CreditNoteOf(InvoiceDocuments.One());
        var json = invoice.ToJson();
        var read = InvoiceDocument.Parse(json);
        read.ToJson().ShouldBe(json);
        read.CreditedNumber.ShouldBe("LK-2026-000042");
        read.Seller.Address.ShouldBe(InvoiceDocuments.Seller.Address);
        read.Lines.ShouldBe(invoice.Lines);
    }

    [Fact]
    public void Its_json_has_names_for_what_is_chosen_and_numbers_for_money()
    {
        var json = JsonDocument.Parse(InvoiceDocuments.One().ToJson()).RootElement;
        json.GetProperty("kind").GetString().ShouldBe("invoice");
        json.GetProperty("status").GetString().ShouldBe("open");
        json.GetProperty("issuedOn").GetString().ShouldBe("2026-11-01");
        json.GetProperty("total").GetInt64().ShouldBe(1190);
        json.GetProperty("lines")[0].GetProperty("kind").GetString().ShouldBe("basefee");
        json.TryGetProperty("creditedNumber", out _).ShouldBeFalse();
    }

    [Fact]
    public void A_document_that_lacks_something_is_refused()
    {
        var json = InvoiceDocuments.One().ToJson();
        Should.Throw<JsonException>(() => InvoiceDocument.Parse(json.Replace("\"total\":1190,", "", StringComparison.Ordinal)));
        Should.Throw<JsonException>(() => InvoiceDocument.Parse(json.Replace("\"basefee\"", "\"gift\"", StringComparison.Ordinal)));
    }
}
