using System.Text.Unicode;
using CsvHelper;
using Latchkey.Core;

namespace Latchkey.Operations.UserTransfer;

/// <summary>Reads the rows of a CSV file, header first, one row in memory.</summary>
public static class CsvRows
{
    public const string NotUtf8 = "not UTF-8";

    private const int MaxRowBytes = 1024 * 1024;
    private const int MaxCells = 512;

    /// <summary>
    /// An invalid row has a problem in place of cells. Reading stops at a row that is too long: its end is unknown, and the text inside its
    /// quotes must not be read as rows.
    /// </summary>
    public static IEnumerable<SourceRow> Read(string path, char separator = ',')
    {
        string? problem = null;
        var options = new CsvReaderOptions
        {
            Separator = separator,
            HasHeader = false,
            TrackLineNumbers = true,
            MaxRecordSize = MaxRowBytes,
            FieldCountMismatch = CsvFieldCountHandling.Allow,
            IncludeValuesInExceptions = false,
            OnMalformedRecord = malformed => problem = Problem(malformed.Reason),
        };
        using var reader = CsvReader.Create(SourceText.Open(path), options);
        while (true)
        {
            problem = null;
            var (isRead, tooLong) = TryRead(reader);
            if (tooLong is not null)
            {
                yield return tooLong;
                yield break;
            }

            if (!isRead)
            {
                yield break;
            }

            problem ??= FindProblem(reader);
            yield return new SourceRow(reader.LineNumber, reader.ByteOffset + reader.RawRecord.Length)
            {
                Cells = problem is null ? Cells(reader) : [],
                Problem = problem,
            };
        }
    }

    private static (bool IsRead, SourceRow? TooLong) TryRead(CsvReader reader)
    {
        try
        {
            return (reader.Read(), null);
        }
        catch (CsvFormatException e)
        {
            return (false, new SourceRow(e.LineNumber, e.ByteOffset) { Problem = $"longer than 1 MiB; {SourceRow.NothingAfter}" });
        }
    }

    private static string? Problem(CsvMalformedReason reason) =>
        reason switch
        {
            CsvMalformedReason.TextAfterClosingQuote => "text after a closing quote",
            CsvMalformedReason.UnterminatedQuote => $"a quote that is never closed; {SourceRow.NothingAfter}",
            _ => null, // a quote inside an unquoted cell is literal
        };

    private static string? FindProblem(CsvReader reader) =>
        reader.FieldCount > MaxCells ? $"more than {MaxCells} cells"
        : !Utf8.IsValid(reader.RawRecord) ? NotUtf8
        : null;

    private static string[] Cells(CsvReader reader)
    {
        var cells = new string[reader.FieldCount];
        for (var i = 0; i < cells.Length; i++)
        {
            cells[i] = Csv.RemoveGuard(reader.GetString(i));
        }

        return cells;
    }
}
