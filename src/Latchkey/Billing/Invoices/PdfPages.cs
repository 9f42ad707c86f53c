using System.Text;
using PdfSharp;
using PdfSharp.Drawing;
using PdfSharp.Fonts;
using PdfSharp.Pdf;

namespace Latchkey.Billing.Invoices;

/// <summary>The pages of a PDF while they are written from top to bottom. Lengths are in points (1/72 inch).</summary>
internal sealed class PdfPages : IDisposable
{
    public const double Left = 56;
    public const double Top = 56;
    public const double Width = PageWidth - 2 * Left;

    private const double PageWidth = 595;
    private const double PageHeight = 842;
    private const double Bottom = PageHeight - 70;
    private const double FooterAt = PageHeight - 38;

    /// <summary>The distance of two lines, by the font's size.</summary>
    private const double Leading = 1.4;

    private static readonly XBrush Ink = new XSolidBrush(XColor.FromArgb(0x22, 0x20, 0x1C));
    private static readonly XBrush Quiet = new XSolidBrush(XColor.FromArgb(0x62, 0x5C, 0x52));
    private static readonly XBrush Mark = new XSolidBrush(XColor.FromArgb(0xF3, 0xF1, 0xEC));
    private static readonly XPen Rule = new(XColor.FromArgb(0xD9, 0xD4, 0xCA), 0.6);
    private static readonly XPen StrongRule = new(XColor.FromArgb(0x22, 0x20, 0x1C), 1);

    private readonly PdfDocument document;
    private readonly SortedSet<int> unprintable = [];
    private XGraphics canvas;

    public PdfPages(PdfDocument document)
    {
        this.document = document;
        document.RenderEvents.RenderTextEvent += (_, text) => Check(text.CodePointGlyphIndexPairs);
        canvas = AddPage();
    }

    /// <summary>Where the next thing goes, from the top of the page.</summary>
    public double Y { get; set; } = Top;

    /// <summary>Drawn on top of each page but the first, so that a table's head is repeated.</summary>
    public Action? Head { get; set; }

    /// <summary>The code points that the font lacks, or that would have to be shaped.</summary>
    public IReadOnlyCollection<int> Unprintable => unprintable;

    /// <summary>Begins a new page unless the height is free on this one.</summary>
    public void Reserve(double height)
    {
        if (Y + height > Bottom)
        {
            canvas.Dispose();
            canvas = AddPage();
            Y = Top;
            Head?.Invoke();
        }
    }

    /// <summary>The lines of a text that fit into a width. Words that are longer than a line are broken.</summary>
    public List<string> Wrap(string text, XFont font, double width)
    {
        var lines = new List<string>();
        var line = new StringBuilder();
        foreach (var word in Clean(text).Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            foreach (var piece in WidthOf(word, font) <= width ? [word] : Pieces(word, font, width))
            {
                if (line.Length > 0 && WidthOf($"{line} {piece}", font) > width)
                {
                    lines.Add(line.ToString());
                    line.Clear();
                }

                line.Append(line.Length > 0 ? " " : "").Append(piece);
            }
        }

        lines.Add(line.ToString());
        return lines;
    }

    public static double HeightOf(int lines, XFont font) => lines * font.Size * Leading;

    public double WidthOf(string text, XFont font) => canvas.MeasureString(text, font).Width;

    /// <summary>Writes lines below each other, beginning at a place, and returns where the next one would be.</summary>
    public double Write(IEnumerable<string> lines, XFont font, double x, double y, bool isQuiet = false)
    {
        foreach (var line in lines)
        {
            canvas.DrawString(line, font, isQuiet ? Quiet : Ink, new XPoint(x, y + font.Size));
            y += font.Size * Leading;
        }

        return y;
    }

    /// <summary>Writes a text that ends at a place.</summary>
    public void WriteRight(string text, XFont font, double right, double y, bool isQuiet = false) =>
        Write([text], font, right - WidthOf(text, font), y, isQuiet);

    public void DrawRule(double y, bool isStrong = false, double from = Left) =>
        canvas.DrawLine(isStrong ? StrongRule : Rule, from, y, Left + Width, y);

    /// <summary>A shaded band over the whole width.</summary>
    public void DrawBand(double y, double height) => canvas.DrawRectangle(Mark, Left, y, Width, height);

    /// <summary>Writes a line at the bottom of every page; the page's number and the count of pages are known now.</summary>
    public void WriteFooters(string left, Func<int, int, string> right)
    {
        var font = PdfFonts.Font(7.5);
        for (var number = 1; number <= document.PageCount; number++)
        {
            canvas.Dispose();
            canvas = XGraphics.FromPdfPage(document.Pages[number - 1], XGraphicsPdfPageOptions.Append);
            var page = right(number, document.PageCount);
            Write([Wrap(left, font, Width - WidthOf(page, font) - 12)[0]], font, Left, FooterAt, isQuiet: true);
            WriteRight(page, font, Left + Width, FooterAt, isQuiet: true);
        }
    }

    public void Dispose() => canvas.Dispose();

    private static string Clean(string text) =>
        string.Concat(PdfScript.Normalize(text).Select(c => char.IsControl(c) || (char.IsWhiteSpace(c) && !IsFixed(c)) ? ' ' : c));

    /// <summary>Spaces inside numbers, where no line may end.</summary>
    private static bool IsFixed(char c) => c is '\u00A0' or '\u202F';

    private IEnumerable<string> Pieces(string word, XFont font, double width)
    {
        var piece = "";
        foreach (var rune in word.EnumerateRunes())
        {
            if (piece.Length > 0 && WidthOf(piece + rune, font) > width)
            {
                yield return piece;
                piece = "";
            }

            piece += rune;
        }

        yield return piece;
    }

    private void Check(CodePointGlyphIndexPair[] text) =>
        unprintable.UnionWith(
            text.Where(pair => pair.GlyphIndex == 0 || PdfScript.MustBeShaped(pair.CodePoint)).Select(pair => pair.CodePoint)
        );

    private XGraphics AddPage()
    {
        var page = document.AddPage();
        page.Size = PageSize.A4;
        return XGraphics.FromPdfPage(page);
    }
}
