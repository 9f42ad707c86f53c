using System.Buffers;

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
        return guarded.AsSpan().ContainsAny(NeedsQuotes) || guarded.Length != guarded.AsSpan().Trim().Length
            ? $"\"{guarded.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
            : guarded;
    }

    /// <summary>The cell without its guard.</summary>
    public static string Read(string cell) => cell.Length > 1 && cell[0] == Guard && Formula.Contains(cell[1]) ? cell[1..] : cell;
}
