using System.Text;
using Latchkey.Applications.Settings;
using Latchkey.Core;
using Latchkey.Messages.Outbox;

namespace Latchkey.Billing.Invoices;

/// <summary>An invoice as a file to download or to mail.</summary>
/// <param name="Name">After the invoice's number: <c>INV-000042.pdf</c>.</param>
/// <param name="ContentType">The media type.</param>
/// <param name="Content">The file's bytes.</param>
public sealed record InvoiceFile(string Name, string ContentType, byte[] Content)
{
    private const string HtmlType = "text/html; charset=utf-8";

    public static IReadOnlyList<string> Formats { get; } = ["pdf", "html", "csv"];

    /// <summary>The file of a format; refused for a PDF with characters that its font lacks, and for another format.</summary>
    public static Result<InvoiceFile> Of(InvoiceDocument document, string format)
    {
        switch (format)
        {
            case "pdf":
                return InvoicePdf.Render(document).Failed(out var pdf, out var refused)
                    ? refused
                    : new InvoiceFile(NameOf(document, format), InvoicePdf.ContentType, pdf);
            case "html":
                return Html(document);
            case "csv":
                return new InvoiceFile(NameOf(document, format), Csv.ContentType, InvoiceCsv.Render(document));
            default:
                return Setting.Invalid($"An invoice is there as {string.Join(", ", Formats)}.");
        }
    }

    /// <summary>The PDF, or the HTML page where the PDF cannot write all characters.</summary>
    public static InvoiceFile ForMail(InvoiceDocument document) => Of(document, "pdf").Failed(out var pdf, out _) ? Html(document) : pdf;

    public MailAttachment ToAttachment() => new(Name, ContentType, Convert.ToBase64String(Content));

    private static InvoiceFile Html(InvoiceDocument document) =>
        new(NameOf(document, "html"), HtmlType, Encoding.UTF8.GetBytes(InvoiceHtml.Render(document)));

    private static string NameOf(InvoiceDocument document, string format) =>
        $"{(document.Number.Length > 0 ? document.Number : "draft")}.{format}";
}
