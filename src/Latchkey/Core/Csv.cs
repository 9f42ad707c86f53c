using System.Buffers;
using CsvHelper;

namespace Latchkey.Core;

/// <summary>
/// CSV files (RFC 4180) that are safe to open in a spreadsheet. An apostrophe is put before cells that a spreadsheet would run as a
/// formula, and before cells that begin with an apostrophe, so that reading restores the original.
/// </summary>
public static class Csv
{
    public const string ContentType = "text/csv; charset=utf-8";

    /// <summary>The first bytes of a file, which tell spreadsheets that it is UTF-8.</summary>
    public static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    private const char Guard = '\'';
    private static readonly SearchValues<char> NeedsGuard = SearchValues.Create("=+-@\t\r'");

    /// <summary>Lines end with CR LF. Cells with leading or trailing space are quoted, so that readers do not trim them.</summary>
    public static CsvWriterOptions Options { get; } = new() { Quoting = CsvQuoting.WhenNeededOrWhitespace, BufferSize = 16 * 1024 };

    /// <summary>One line with its line ending. Null is an empty cell.</summary>
    public static string Line(IEnumerable<string?> cells)
    {
        using var text = new StringWriter();
        using (var csv = CsvWriter.Create(text, Options, leaveOpen: true))
        {
            WriteLine(csv, cells);
        }

        return text.ToString();
    }

    /// <summary>Writes one line of guarded cells. Null is an empty cell.</summary>
    public static void WriteLine(CsvWriter csv, IEnumerable<string?> cells)
    {
        foreach (var cell in cells)
        {
            csv.WriteField(AddGuard(cell ?? ""));
        }

        csv.EndRecord();
    }

    public static string AddGuard(string cell) => cell.Length > 0 && NeedsGuard.Contains(cell[0]) ? Guard + cell : cell;

    public static string RemoveGuard(string cell) => cell.Length > 1 && cell[0] == Guard && NeedsGuard.Contains(cell[1]) ? cell[1..] : cell;
}
