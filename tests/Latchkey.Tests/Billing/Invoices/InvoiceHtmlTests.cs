using AngleSharp.Html.Parser;
using Latchkey.Billing.Invoices;

namespace Latchkey.Tests.Billing.Invoices;

public sealed class InvoiceHtmlTests
{
    [Fact]
    public void It_shows_who_owes_what_to_whom_for_what()
    {
        var page = Parse(InvoiceDocuments.One());
        page.QuerySelector("h1")!.TextContent.ShouldBe("Invoice");
        page.Title.ShouldBe("Invoice LK-2026-000042");
        var text = page.Body!.TextContent.Replace('\u00A0', ' ');
        foreach (
            var part in (string[])
                [
                    "Nordlicht Identity GmbH",
                    "Ana Lima & Partners",
                    "1 October 2026 – 31 October 2026",
                    "15 November 2026",
                    "Harbour",
                    "IBAN",
                ]
        )
        {
            text.ShouldContain(part);
        }

        page.QuerySelector("td small")!.TextContent.ShouldBe("Active 12 d 3 h of 31 d");
        page.QuerySelectorAll("tfoot td").Select(cell => cell.TextContent).ShouldBe(["10.00\u00A0EUR", "1.90\u00A0EUR", "11.90\u00A0EUR"]);
    }

    [Fact]
    public void Text_of_others_is_shown_and_never_run()
    {
        const string payload = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&";
        var line = InvoiceDocuments.BaseFee(payload) with { Note = payload };
        var page = Parse(
            InvoiceDocuments.Of("EN", "EUR", line) with
            {
                Number = payload,
                Instructions = payload,
                Seller = new InvoiceParty(payload, [payload], payload, payload),
                Buyer = new InvoiceParty(payload, [payload], payload, payload),
            }
        );
        page.QuerySelectorAll("script, img").ShouldBeEmpty();
        page.All.SelectMany(element => element.Attributes).ShouldNotContain(attribute => attribute.Name.StartsWith("on"));
        page.QuerySelectorAll("bdi").Count(element => element.TextContent == payload).ShouldBe(10);
    }

    [Fact]
    public void Arabic_runs_from_right_to_left_and_its_numbers_do_not()
    {
        var page = Parse(InvoiceDocuments.One("AR"));
        page.DocumentElement.GetAttribute("dir").ShouldBe("rtl");
        page.DocumentElement.GetAttribute("lang").ShouldBe("ar");
        page.QuerySelectorAll("td bdi[dir=ltr]").Length.ShouldBe(6);
    }

    [Theory]
    [InlineData("PT-BR", "pt-br", "1.234,56\u00A0EUR")]
    [InlineData("ZH-TW", "zh-hant", "1,234.56\u00A0EUR")]
    [InlineData("SW", "en", "1,234.56\u00A0EUR")]
    [InlineData("FR", "fr", "1\u202F234,56\u00A0EUR")]
    public void The_page_names_the_language_of_its_words(string language, string tag, string total)
    {
        var page = Parse(InvoiceDocuments.Of(language, "EUR", InvoiceDocuments.BaseFee(amount: 123_456)) with { Tax = 0, Total = 123_456 });
        page.DocumentElement.GetAttribute("lang").ShouldBe(tag);
        page.QuerySelectorAll("tfoot td")[^1].TextContent.ShouldBe(total);
    }

    [Theory]
    [InlineData("JPY", "1,234,567\u00A0JPY")]
    [InlineData("KWD", "1,234.567\u00A0KWD")]
    public void An_amount_has_the_digits_of_its_currency(string currency, string net) =>
        Parse(InvoiceDocuments.Of("EN", currency, InvoiceDocuments.BaseFee(amount: 1_234_567)))
            .QuerySelector("tfoot td")!
            .TextContent.ShouldBe(net);

    [Fact]
    public void A_credit_note_says_what_it_takes_back_and_why()
    {
        var page = Parse(InvoiceDocuments.CreditNoteOf(InvoiceDocuments.One("DE")));
        page.QuerySelector("h1")!.TextContent.ShouldBe("Gutschrift");
        page.QuerySelector("dl")!.TextContent.ShouldContain("Zur RechnungLK-2026-000042");
        page.QuerySelector("dl")!.TextContent.ShouldNotContain("Zahlbar");
        page.QuerySelectorAll("tfoot th")[^1].TextContent.ShouldBe("Gutgeschriebener Betrag");
        page.QuerySelector("footer")!.TextContent.ShouldBe("HinweisThe application was charged twice.");
    }

    [Theory]
    [InlineData(InvoiceStatus.Draft, "Draft: this is not an invoice yet.")]
    [InlineData(InvoiceStatus.Paid, "This invoice is paid.")]
    [InlineData(InvoiceStatus.Void, "This invoice is void. Please do not pay it.")]
    [InlineData(InvoiceStatus.Open, null)]
    [InlineData(InvoiceStatus.Uncollectible, null)]
    public void It_says_where_the_invoice_stands(InvoiceStatus status, string? sentence) =>
        Parse(InvoiceDocuments.One() with { Status = status }).QuerySelector(".status")?.TextContent.ShouldBe(sentence);

    [Fact]
    public void Without_tax_there_is_only_a_total()
    {
        var page = Parse(InvoiceDocuments.One() with { TaxRate = 0, Tax = 0, Total = 1000 });
        page.QuerySelectorAll("tfoot tr").Length.ShouldBe(1);
    }

    private static AngleSharp.Html.Dom.IHtmlDocument Parse(InvoiceDocument document) =>
        new HtmlParser().ParseDocument(InvoiceHtml.Render(document));
}
