using System.Text;

namespace Latchkey.Core;

/// <summary>Lines of a CSV file (RFC 4180) that people may open in a spreadsheet: no cell is taken for a formula.</summary>
public static class Csv
{
    public const string ContentType = "text/csv; charset=utf-8";

    /// <summary>Cells that begin with one of these get an apostrophe before them.</summary>
    private const string FormulaPrefixes = "=+-@\t\r";
    private const string QuotedCharacters = ",\"\r\n";

    /// <summary>Adds one line.</summary>
    public static void Write(StringBuilder csv, params ReadOnlySpan<string?> cells)
    {
        for (var i = 0; i < cells.Length; i++)
        {
            if (i > 0)
            {
                csv.Append(',');
            }

            WriteCell(csv, cells[i] ?? "");
        }

        csv.Append("\r\n");
    }

    private static void WriteCell(StringBuilder csv, string text)
    {
        var cell = text.Length > 0 && FormulaPrefixes.Contains(text[0], StringComparison.Ordinal) ? $"'{text}" : text;
        if (cell.AsSpan().ContainsAny(QuotedCharacters))
        {
            csv.Append('"').Append(cell.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
        }
        else
        {
            csv.Append(cell);
        }
    }
}
