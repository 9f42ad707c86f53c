using PdfSharp.Drawing;
using PdfSharp.Fonts;
using PdfSharp.Pdf;

namespace Latchkey.Billing.Invoices;

/// <summary>
/// DejaVu Sans, which is embedded in the program so that an invoice looks the same on every server. Loaded with the first PDF.
/// </summary>
internal sealed class PdfFonts : IFontResolver
{
    private const string Family = "DejaVu Sans";
    private const string Regular = "DejaVuSans";
    private const string Bold = "DejaVuSans-Bold";

    /// <summary>PDFsharp takes a resolver once for the whole process, before its first font.</summary>
    static PdfFonts() => GlobalFontSettings.FontResolver = new PdfFonts();

    public static XFont Font(double size, bool isBold = false) =>
        new(Family, size, isBold ? XFontStyleEx.Bold : XFontStyleEx.Regular, new XPdfFontOptions(PdfFontEncoding.Unicode));

    public FontResolverInfo? ResolveTypeface(string familyName, bool bold, bool italic) =>
        familyName == Family ? new FontResolverInfo(bold ? Bold : Regular) : null;

    public byte[]? GetFont(string faceName)
    {
        using var resource =
            typeof(PdfFonts).Assembly.GetManifestResourceStream($"Fonts/{faceName}.ttf")
            ?? throw new InvalidOperationException($"the font {faceName} is not in the program");
        var font = new byte[resource.Length];
        resource.ReadExactly(font);
        return font;
    }
}
