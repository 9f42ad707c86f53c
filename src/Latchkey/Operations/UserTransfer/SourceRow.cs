using System.Text;
using Latchkey.Core;

namespace Latchkey.Operations.UserTransfer;

/// <summary>An unparsed row of a file.</summary>
/// <param name="Line">The line of its first character, from 1.</param>
/// <param name="Position">The position after the row, in bytes.</param>
public sealed record SourceRow(long Line, long Position)
{
    /// <summary>The end of the problem of a row after which reading stops.</summary>
    public const string NothingAfter = "neither this row nor what follows it is read";

    /// <summary>A line of JSON.</summary>
    public byte[] Json { get; init; } = [];

    /// <summary>The cells of a CSV row.</summary>
    public IReadOnlyList<string> Cells { get; init; } = [];

    /// <summary>Why it cannot be parsed.</summary>
    public string? Problem { get; init; }

    /// <summary>Whether it has a problem because of which the rest of the file is not read.</summary>
    public bool StopsReading => Problem?.EndsWith(NothingAfter, StringComparison.Ordinal) == true;

    /// <summary>About how many bytes it takes.</summary>
    public int Size => Json.Length + Cells.Sum(cell => cell.Length);

    /// <summary>The row's text, for the file of rejected rows.</summary>
    public string Text() => Json.Length > 0 ? Encoding.UTF8.GetString(Json) : Csv.Line(Cells).TrimEnd();
}
