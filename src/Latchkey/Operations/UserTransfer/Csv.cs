using System.Buffers;
using System.Text;

namespace Latchkey.Operations.UserTransfer;

/// <summary>
/// Cells of CSV (RFC 4180). A cell that a spreadsheet would run as a formula gets an apostrophe in front, which the reader takes
/// away again; so does one that begins with an apostrophe, so that both ways fit.
/// </summary>
public static class Csv
{
    private const char Guard = '\'';
    private static readonly SearchValues<char> NeedsQuotes = SearchValues.Create(",\"\r\n");
    private static readonly SearchValues<char> Formula = SearchValues.Create("=+-@\t\r'");

    public static string Row(IEnumerable<string> cells) => string.Join(',', cells.Select(Write));

    public static string Write(string cell)
    {
        var guarded = cell.Length > 0 && Formula.Contains(cell[0]) ? Guard + cell : cell;
        return guarded.AsSpan().ContainsAny(NeedsQuotes) || guarded.Length != guarded.AsSpan().Trim().Length ? $"\"{guarded.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : guarded;
    }

    /// <summary>The cell without its guard.</summary>
    public static string Read(string cell) => cell.Length > 1 && cell[0] == Guard && Formula.Contains(cell[1]) ? cell[1..] : cell;
}

/// <summary>Reads rows of CSV one by one. A row that is too large, or has text after a closing quote, is passed over as a problem.</summary>
public sealed class CsvReader(TextReader text)
{
    private const int LongestRow = 1024 * 1024;
    private const int MostCells = 512;
    private readonly char[] buffer = new char[64 * 1024];
    private readonly StringBuilder cell = new();
    private int at;
    private int filled;
    private int rowLength;
    private long line = 1;
    private string? problem;

    /// <summary>The next row and the line that it begins in; null at the end. A problem stands in place of the cells of a bad row.</summary>
    public (long Line, List<string> Cells, string? Problem)? Next()
    {
        while (Peek() is '\r' or '\n')
        {
            Take();
        }

        if (Peek() < 0)
        {
            return null;
        }

        var (began, cells) = (line, new List<string>());
        (problem, rowLength) = (null, 0);
        do
        {
            cells.Add(Csv.Read(Peek() == '"' ? Quoted() : Bare()));
            if (cells.Count > MostCells)
            {
                problem ??= $"more than {MostCells} cells";
                cells.Clear();
            }
        }
        while (Peek() == ',' && Take() == ',');
        return (began, problem is null ? cells : [], problem);
    }

    private string Bare()
    {
        cell.Clear();
        while (Peek() is >= 0 and not ',' and not '\r' and not '\n')
        {
            Keep((char)Take());
        }

        return cell.ToString();
    }

    private string Quoted()
    {
        cell.Clear();
        Take();
        while (true)
        {
            switch (Take())
            {
                case < 0:
                    problem ??= "a quote that is never closed";
                    return "";
                case '"' when Peek() == '"':
                    Keep((char)Take());
                    break;
                case '"':
                    AfterQuote();
                    return cell.ToString();
                case var c:
                    Keep((char)c);
                    break;
            }
        }
    }

    private void AfterQuote()
    {
        while (Peek() is >= 0 and not ',' and not '\r' and not '\n')
        {
            Take();
            problem ??= "text after a closing quote";
        }
    }

    private void Keep(char c)
    {
        if (c == '\uFFFD')
        {
            problem ??= "not UTF-8"; // what the decoder puts in place of bytes that are none
        }

        if (++rowLength <= LongestRow)
        {
            cell.Append(c);
        }
        else
        {
            cell.Clear();
            problem ??= "longer than 1 MiB";
        }
    }

    private int Peek() => at < filled || Fill() ? buffer[at] : -1;

    private int Take()
    {
        var c = Peek();
        at += c < 0 ? 0 : 1;
        line += c == '\n' || (c == '\r' && Peek() != '\n') ? 1 : 0;
        return c;
    }

    private bool Fill()
    {
        (at, filled) = (0, text.Read(buffer, 0, buffer.Length));
        return filled > 0;
    }
}
