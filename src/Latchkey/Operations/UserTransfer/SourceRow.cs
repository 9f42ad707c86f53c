using System.Text;
using Latchkey.Core;

namespace Latchkey.Operations.UserTransfer;

/// <summary>An unparsed row of a file.</summary>
/// <param name="Line">The line of its first character, from 1.</param>
/// <param name="Position">The position after the row, in bytes.</param>
public sealed record SourceRow(long Line, long Position)
{
    /// <summary>A line of JSON.</summary>
    public byte[] Json { get; init; } = [];

    /// <summary>The cells of a CSV row.</summary>
    public IReadOnlyList<string> Cells { get; init; } = [];

    /// <summary>Why it cannot be parsed.</summary>
    public string? Problem { get; init; }

    /// <summary>The row's text, for the file of rejected rows.</summary>
    public string Text() => Json.Length > 0 ? Encoding.UTF8.GetString(Json) : Csv.Line(Cells).TrimEnd();
}
