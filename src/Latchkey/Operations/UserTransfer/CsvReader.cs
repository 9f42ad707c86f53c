using System.Text;

namespace Latchkey.Operations.UserTransfer;

/// <summary>
/// Reads rows of CSV one by one. A row that is too large, or has text after a closing quote, is passed over as a problem.
/// </summary>
public sealed class CsvReader(TextReader text)
{
    private const int MaxRowLength = 1024 * 1024;
    private const int MaxCells = 512;
    private readonly char[] buffer = new char[64 * 1024];
    private readonly StringBuilder cell = new();
    private int position;
    private int filled;
    private int rowLength;
    private long line = 1;
    private string? problem;

    /// <summary>
    /// The next row and the line that it begins in; null at the end. A problem stands in place of the cells of a bad row.
    /// </summary>
    public (long Line, List<string> Cells, string? Problem)? ReadRow()
    {
        while (Peek() is '\r' or '\n')
        {
            ReadChar();
        }

        if (Peek() < 0)
        {
            return null;
        }

        var (began, cells) = (line, new List<string>());
        (problem, rowLength) = (null, 0);
        do
        {
            cells.Add(Csv.Read(Peek() == '"' ? ReadQuoted() : ReadUnquoted()));
            if (cells.Count > MaxCells)
            {
                problem ??= $"more than {MaxCells} cells";
                cells.Clear();
            }
        } while (Peek() == ',' && ReadChar() == ',');
        return (began, problem is null ? cells : [], problem);
    }

    private string ReadUnquoted()
    {
        cell.Clear();
        while (Peek() is >= 0 and not ',' and not '\r' and not '\n')
        {
            Append((char)ReadChar());
        }

        return cell.ToString();
    }

    private string ReadQuoted()
    {
        cell.Clear();
        ReadChar();
        while (true)
        {
            switch (ReadChar())
            {
                case < 0:
                    problem ??= "a quote that is never closed";
                    return "";
                case '"' when Peek() == '"':
                    Append((char)ReadChar());
                    break;
                case '"':
                    SkipAfterQuote();
                    return cell.ToString();
                case var c:
                    Append((char)c);
                    break;
            }
        }
    }

    private void SkipAfterQuote()
    {
        while (Peek() is >= 0 and not ',' and not '\r' and not '\n')
        {
            ReadChar();
            problem ??= "text after a closing quote";
        }
    }

    private void Append(char c)
    {
        if (c == '\uFFFD')
        {
            problem ??= "not UTF-8"; // what the decoder puts in place of bytes that are none
        }

        if (++rowLength <= MaxRowLength)
        {
            cell.Append(c);
        }
        else
        {
            cell.Clear();
            problem ??= "longer than 1 MiB";
        }
    }

    private int Peek() => position < filled || Fill() ? buffer[position] : -1;

    private int ReadChar()
    {
        var c = Peek();
        position += c < 0 ? 0 : 1;
        line += c == '\n' || (c == '\r' && Peek() != '\n') ? 1 : 0;
        return c;
    }

    private bool Fill()
    {
        (position, filled) = (0, text.Read(buffer, 0, buffer.Length));
        return filled > 0;
    }
}
