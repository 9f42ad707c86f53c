using System.Globalization;
using Latchkey.Billing.Invoices;

namespace Latchkey.Tests.Billing.Invoices;

/// <summary>PDFs as Poppler, a reader by others, reads them.</summary>
public sealed class InvoicePdfTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("latchkey-invoice-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task It_says_what_the_page_says()
    {
        var (text, pages, info) = await Read(InvoiceDocuments.One("DE"));
        pages.ShouldBe(1);
        foreach (
            var part in (string[])
                [
                    "Rechnung",
                    "LK-2026-000042",
                    "15. November 2026",
                    "Speicherstraße 12",
                    "Harbour",
                    "Grundgebühr (Monate)",
                    "11,90 EUR",
                    "Seite 1 von 1",
                ]
        )
        {
            text.ShouldContain(part);
        }

        info.ShouldContain("Title:           Rechnung LK-2026-000042");
        info.ShouldContain("Page size:       595 x 842 pts (A4)");
    }

    [Theory]
    [InlineData("PL", "Opłata podstawowa (miesiące)", "1 października 2026")]
    [InlineData("FR", "À payer au plus tard le", "15 novembre 2026")]
    [InlineData("AR", "Base fee (months)", "15 November 2026")]
    [InlineData("JA", "Base fee (months)", "15 November 2026")]
    [InlineData("ZH-TW", "Base fee (months)", "15 November 2026")]
    public async Task Its_words_are_of_the_language_or_english_where_the_font_cannot_write_it(string language, params string[] words)
    {
        var (text, _, _) = await Read(InvoiceDocuments.One(language));
        foreach (var word in words)
        {
            text.Replace('\u00A0', ' ').ShouldContain(word);
        }
    }

    [Fact]
    public async Task Three_hundred_lines_have_a_head_and_a_number_on_every_page()
    {
        var lines = Enumerable
            .Range(1, 60)
            .SelectMany(number =>
                Enum.GetValues<LineKind>().Select(kind => InvoiceDocuments.Line(kind, "12", number, $"Application {number}"))
            )
            .ToList();
        var (text, pages, _) = await Read(InvoiceDocuments.Of("EN", "EUR", lines));
        pages.ShouldBeGreaterThan(5);
        var byPage = text.Split('\f', StringSplitOptions.RemoveEmptyEntries);
        byPage.Length.ShouldBe(pages);
        foreach (var (page, index) in byPage.Select((page, index) => (page, index)))
        {
            page.ShouldContain("Description");
            page.ShouldContain(string.Create(CultureInfo.InvariantCulture, $"Page {index + 1} of {pages}"));
        }

        for (var number = 1; number <= 60; number++)
        {
            text.ShouldContain($"Application {number}");
        }

        byPage[^1].ShouldContain("Total due");
        byPage.SkipLast(1).ShouldAllBe(page => !page.Contains("Total due", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_long_name_wraps_and_none_of_it_is_lost()
    {
        var name = string.Join(' ', Enumerable.Range(1, 40).Select(number => $"Wort{number}")) + " " + new string('W', 120);
        var (text, _, _) = await Read(InvoiceDocuments.Of("EN", "EUR", InvoiceDocuments.BaseFee(name)));
        var words = string.Concat(text.Where(c => !char.IsWhiteSpace(c)));
        words.ShouldContain(string.Concat(name.Where(c => c != ' ')));
    }

    [Fact]
    public void The_same_document_has_the_same_bytes()
    {
        var first = Render(InvoiceDocuments.One("PL"));
        Render(InvoiceDocuments.Of("EN", "JPY", InvoiceDocuments.BaseFee()));
        Render(InvoiceDocument.Parse(InvoiceDocuments.One("PL").ToJson())).ShouldBe(first);
        Render(InvoiceDocuments.One("PL") with { Number = "LK-2026-000044" }).ShouldNotBe(first);
    }

    [Fact]
    public async Task Many_at_once_have_the_same_bytes()
    {
        var first = Render(InvoiceDocuments.One());
        var others = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => Render(InvoiceDocuments.One()))));
        others.Select(Convert.ToHexString).Distinct().ShouldBe([Convert.ToHexString(first)]);
    }

    [Theory]
    [InlineData("株式会社", "“会” (U+4F1A)")]
    [InlineData("شركة", "“ة” (U+0629)")]
    [InlineData("חברה", "“ב” (U+05D1)")]
    [InlineData("บริษัท", "“ท” (U+0E17)")]
    [InlineData("Party 🎉", "“🎉” (U+1F389)")]
    public void What_the_font_cannot_write_is_named_and_no_box_is_drawn(string name, string named)
    {
        var document = InvoiceDocuments.One() with { Buyer = InvoiceDocuments.Buyer with { Name = name } };
        InvoicePdf.Render(document).Error!.Message.ShouldContain(named);
        InvoiceHtml.Render(document).ShouldContain(System.Net.WebUtility.HtmlEncode(name));
    }

    [Theory]
    [InlineData("Zoe\u0308 Ångström")]
    [InlineData("Ελληνική Εταιρεία")]
    [InlineData("Общество «Ромашка»")]
    [InlineData("Հայկական ընկերություն")]
    [InlineData("Line one\u2028Line\ttwo")]
    public void Letters_of_europe_are_written(string name) =>
        Render(InvoiceDocuments.One() with { Buyer = InvoiceDocuments.Buyer with { Name = name } }).Length.ShouldBeGreaterThan(10_000);

    [Fact]
    public async Task A_credit_note_names_the_invoice()
    {
        var (text, _, _) = await Read(InvoiceDocuments.CreditNoteOf(InvoiceDocuments.One("ES")));
        text.ShouldContain("Nota de crédito");
        text.ShouldContain("LK-2026-000042");
        text.ShouldContain("Total abonado");
        text.ShouldContain("The application was charged twice.");
    }

    [Fact]
    public async Task Its_font_is_inside()
    {
        var file = await Write(InvoiceDocuments.One("PL"));
        var fonts = (await ChildProcess.Run("/usr/bin/pdffonts", file)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(2).ToList();
        fonts.Count.ShouldBe(2);
        fonts.ShouldAllBe(font => font.Contains("+DejaVu Sans") && font.Contains("yes yes yes"));
    }

    private static byte[] Render(InvoiceDocument document) => InvoicePdf.Render(document).Value.ShouldNotBeNull();

    private async Task<string> Write(InvoiceDocument document)
    {
        var file = Path.Combine(folder, "invoice.pdf");
        await File.WriteAllBytesAsync(file, Render(document), TestContext.Current.CancellationToken);
        return file;
    }

    private async Task<(string Text, int Pages, string Info)> Read(InvoiceDocument document)
    {
        var file = await Write(document);
        var info = await ChildProcess.Run("/usr/bin/pdfinfo", file);
        var pages = info.Split('\n').Single(line => line.StartsWith("Pages:", StringComparison.Ordinal)).Split(':')[1].Trim();
        return (await ChildProcess.Run("/usr/bin/pdftotext", "-layout", file, "-"), int.Parse(pages, CultureInfo.InvariantCulture), info);
    }
}
