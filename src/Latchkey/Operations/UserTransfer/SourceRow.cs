using System.Text;
using Latchkey.Core;

namespace Latchkey.Operations.UserTransfer;

/// <summary>A user as it stands in a file: where, and its text, not looked into yet.</summary>
/// <param name="Line">Of its first character, from 1.</param>
/// <param name="Position">How far the file is read, in bytes.</param>
public sealed record SourceRow(long Line, long Position)
{
    /// <summary>A line of JSON.</summary>
    public byte[] Json { get; init; } = [];

    /// <summary>The cells of a CSV row.</summary>
    public IReadOnlyList<string> Cells { get; init; } = [];

    /// <summary>Why it cannot even be looked into.</summary>
    public string? Problem { get; init; }

    /// <summary>The row again, for the file of what was refused.</summary>
    public string Text() => Json.Length > 0 ? Encoding.UTF8.GetString(Json) : Csv.Line(Cells).TrimEnd();
}
