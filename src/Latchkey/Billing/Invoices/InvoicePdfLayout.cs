using PdfSharp.Drawing;

namespace Latchkey.Billing.Invoices;

/// <summary>Where the parts of an invoice stand on the pages of its PDF.</summary>
internal sealed class InvoicePdfLayout(PdfPages pages, PrintedInvoice invoice)
{
    private const double Gap = 24;
    private const double ColumnGap = 14;
    private const double RowPadding = 4;
    private const double Right = PdfPages.Left + PdfPages.Width;

    /// <summary>Where the columns of numbers end, from the left one on.</summary>
    private static readonly double[] NumberEnds = [Right - 182, Right - 92, Right];
    private const double DescriptionWidth = PdfPages.Width - 270;

    private readonly XFont title = PdfFonts.Font(20, isBold: true);
    private readonly XFont text = PdfFonts.Font(9);
    private readonly XFont strong = PdfFonts.Font(9, isBold: true);
    private readonly XFont small = PdfFonts.Font(7.5);
    private readonly XFont total = PdfFonts.Font(11, isBold: true);

    /// <summary>The seller on the left, what document this is on the right, the buyer below, and the status.</summary>
    public void WriteHead()
    {
        const double half = PdfPages.Width / 2 - ColumnGap;
        const double middle = PdfPages.Left + PdfPages.Width / 2;
        var sellerEnd = WriteParty(invoice.Seller, half);
        var factsEnd = pages.Write(pages.Wrap(invoice.Title, title, half), title, middle, PdfPages.Top - 4) + 2;
        var nameWidth = Math.Min(invoice.Facts.Max(fact => pages.WidthOf(fact.Name, text)), half / 2);
        foreach (var fact in invoice.Facts)
        {
            var nameEnd = pages.Write(pages.Wrap(fact.Name, text, nameWidth), text, middle, factsEnd, isQuiet: true);
            var valueLines = pages.Wrap(fact.Value, text, half - nameWidth - ColumnGap);
            factsEnd = Math.Max(nameEnd, pages.Write(valueLines, text, middle + nameWidth + ColumnGap, factsEnd));
        }

        pages.Y = Math.Max(sellerEnd, factsEnd) + Gap;
        pages.Y = pages.Write([invoice.Text.BilledTo], small, PdfPages.Left, pages.Y, isQuiet: true);
        pages.Y = WriteParty(invoice.Buyer, half) + Gap;
        if (invoice.Status is { } status)
        {
            var lines = pages.Wrap(status, strong, PdfPages.Width - 2 * ColumnGap);
            var height = PdfPages.HeightOf(lines.Count, strong);
            pages.DrawBand(pages.Y, height + 12);
            pages.Write(lines, strong, PdfPages.Left + ColumnGap, pages.Y + 6);
            pages.Y += height + 12 + Gap;
        }
    }

    /// <summary>The table of lines; its head is repeated on every page.</summary>
    public void WriteLines()
    {
        WriteTableHead();
        foreach (var group in invoice.Groups)
        {
            var names = pages.Wrap(group.Application, strong, PdfPages.Width);
            pages.Head = WriteTableHead;
            pages.Reserve(PdfPages.HeightOf(names.Count, strong) + 12 + (group.Lines.Count > 0 ? HeightOf(group.Lines[0]) : 0));
            pages.Y = pages.Write(names, strong, PdfPages.Left, pages.Y + 8) + 1;
            pages.Head = () => WriteContinued(names);
            foreach (var line in group.Lines)
            {
                pages.Reserve(HeightOf(line));
                WriteLine(line);
            }
        }

        pages.Head = null;
    }

    public void WriteTotals()
    {
        pages.Reserve(invoice.Totals.Count * PdfPages.HeightOf(1, total) + 2 * Gap);
        pages.Y += 10;
        var left = PdfPages.Left + PdfPages.Width * 0.45;
        foreach (var value in invoice.Totals)
        {
            var isLast = value == invoice.Totals[^1];
            var font = isLast ? total : text;
            if (isLast)
            {
                pages.Y += 4;
                pages.DrawRule(pages.Y, isStrong: true, left);
                pages.Y += 6;
            }

            pages.Write([value.Name], font, left, pages.Y);
            pages.WriteRight(value.Value, font, Right, pages.Y);
            pages.Y += PdfPages.HeightOf(1, font);
        }
    }

    /// <summary>How to pay, or why a credit is given.</summary>
    public void WriteInstructions()
    {
        if (invoice.Instructions.Count == 0)
        {
            return;
        }

        var lines = invoice.Instructions.SelectMany(line => pages.Wrap(line, text, PdfPages.Width)).ToList();
        pages.Y += Gap;
        pages.Reserve(PdfPages.HeightOf(Math.Min(lines.Count, 8) + 1, text));
        pages.Y = pages.Write([invoice.InstructionsTitle], small, PdfPages.Left, pages.Y, isQuiet: true);
        foreach (var line in lines)
        {
            pages.Reserve(PdfPages.HeightOf(1, text));
            pages.Y = pages.Write([line], text, PdfPages.Left, pages.Y);
        }
    }

    /// <summary>A name in bold and the lines below it, at the left edge; returns where they end.</summary>
    private double WriteParty(IReadOnlyList<string> party, double width)
    {
        var isFirstPage = pages.Y == PdfPages.Top;
        var y = pages.Write(pages.Wrap(party[0], strong, width), strong, PdfPages.Left, isFirstPage ? PdfPages.Top : pages.Y);
        return pages.Write(party.Skip(1).SelectMany(line => pages.Wrap(line, text, width)), text, PdfPages.Left, y);
    }

    private void WriteTableHead()
    {
        string[] numbers = [invoice.Text.Quantity, invoice.Text.UnitPrice, invoice.AmountTitle];
        var wrapped = numbers.Select(name => pages.Wrap(name, small, 80)).ToList();
        var rows = wrapped.Max(lines => lines.Count);
        var end = pages.Y + PdfPages.HeightOf(rows, small);
        pages.Write([invoice.Text.Description], small, PdfPages.Left, end - PdfPages.HeightOf(1, small), isQuiet: true);
        foreach (var (lines, right) in wrapped.Zip(NumberEnds))
        {
            var y = end - PdfPages.HeightOf(lines.Count, small);
            foreach (var line in lines)
            {
                pages.WriteRight(line, small, right, y, isQuiet: true);
                y += PdfPages.HeightOf(1, small);
            }
        }

        pages.Y = end + RowPadding;
        pages.DrawRule(pages.Y, isStrong: true);
    }

    /// <summary>The table's head, and the application whose lines go on.</summary>
    private void WriteContinued(IReadOnlyList<string> names)
    {
        WriteTableHead();
        pages.Y = pages.Write([$"{names[0]} …"], small, PdfPages.Left, pages.Y + 6, isQuiet: true);
    }

    private double HeightOf(PrintedLine line)
    {
        var (descriptions, notes) = LinesOf(line);
        return PdfPages.HeightOf(descriptions.Count, text) + PdfPages.HeightOf(notes.Count, small) + 2 * RowPadding;
    }

    private void WriteLine(PrintedLine line)
    {
        var (descriptions, notes) = LinesOf(line);
        var y = pages.Y + RowPadding;
        foreach (var (number, right) in ((string[])[line.Quantity, line.UnitPrice, line.Amount]).Zip(NumberEnds))
        {
            pages.WriteRight(number, text, right, y);
        }

        y = pages.Write(descriptions, text, PdfPages.Left, y);
        pages.Y = pages.Write(notes, small, PdfPages.Left, y, isQuiet: true) + RowPadding;
        pages.DrawRule(pages.Y);
    }

    private (List<string> Descriptions, List<string> Notes) LinesOf(PrintedLine line) =>
        (
            pages.Wrap(line.Description, text, DescriptionWidth),
            [.. line.Notes.SelectMany(note => pages.Wrap(note, small, DescriptionWidth))]
        );
}
