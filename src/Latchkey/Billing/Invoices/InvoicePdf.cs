using System.Security.Cryptography;
using System.Text;
using Latchkey.Applications.Settings;
using Latchkey.Core;
using PdfSharp.Pdf;

namespace Latchkey.Billing.Invoices;

/// <summary>
/// An invoice as a PDF: A4, its font inside. The same document gives the same bytes. Its words are those of the document's language, or
/// English where that language is not written in Latin letters.
/// </summary>
public static class InvoicePdf
{
    public const string ContentType = "application/pdf";

    /// <summary>PDFsharp's caches of fonts belong to the process.</summary>
    private static readonly Lock OneAtATime = new();

    /// <summary>
    /// The file, or an error that says which characters the PDF cannot write. It is never made with boxes in their place: send
    /// <see cref="InvoiceHtml"/> then.
    /// </summary>
    public static Result<byte[]> Render(InvoiceDocument document)
    {
        lock (OneAtATime)
        {
            using var pdf = new PdfDocument();
            var language = PdfScript.LanguageOf(document.Language);
            var invoice = PrintedInvoice.Of(document, language);
            var id = SHA256.HashData(Encoding.UTF8.GetBytes(document.ToJson())).AsSpan(0, 16).ToArray();
            Describe(pdf, document, invoice, id);
            using (var pages = new PdfPages(pdf))
            {
                var layout = new InvoicePdfLayout(pages, invoice);
                layout.WriteHead();
                layout.WriteLines();
                layout.WriteTotals();
                layout.WriteInstructions();
                pages.WriteFooters(
                    $"{pdf.Info.Title} · {document.Seller.Name}",
                    (number, count) => InvoiceText.With(invoice.Text.Page, number, count)
                );
                if (pages.Unprintable.Count > 0)
                {
                    return Setting.Invalid(Refusal(pages.Unprintable));
                }
            }

            return PdfStableNames.Apply(Save(pdf), id);
        }
    }

    private static string Refusal(IReadOnlyCollection<int> unprintable) =>
        $"The PDF cannot write {string.Join(", ", unprintable.Take(5).Select(PdfScript.NameOf))}"
        + $"{(unprintable.Count > 5 ? " and more" : "")}. Use the HTML version.";

    private static void Describe(PdfDocument pdf, InvoiceDocument document, PrintedInvoice invoice, byte[] id)
    {
        pdf.Info.Title = $"{invoice.Title} {document.Number}".TrimEnd();
        pdf.Info.Author = document.Seller.Name;
        pdf.Info.Creator = "Latchkey";
        pdf.Info.CreationDate = document.IssuedOn.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc);
        pdf.Info.ModificationDate = pdf.Info.CreationDate;
        pdf.Language = PdfScript.LanguageOf(document.Language).ToLowerInvariant();
        pdf.Internals.FirstDocumentID = Encoding.Latin1.GetString(id);
        pdf.Internals.SecondDocumentID = pdf.Internals.FirstDocumentID;
        pdf.ViewerPreferences.DisplayDocTitle = true;
    }

    private static byte[] Save(PdfDocument pdf)
    {
        using var file = new MemoryStream();
        pdf.Save(file);
        return file.ToArray();
    }
}
