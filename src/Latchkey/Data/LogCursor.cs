using System.Buffers;
using System.Globalization;

namespace Latchkey.Data;

/// <summary>The position after which the next page of a list (newest first) begins.</summary>
/// <param name="At">Unix milliseconds of the last row shown.</param>
/// <param name="Id">Its id, because several rows can have the same time.</param>
public readonly record struct LogCursor(long At, string Id)
{
    private const int MaxIdLength = 64;
    private static readonly SearchValues<char> IdCharacters = SearchValues.Create("0123456789abcdef-");

    /// <summary>Before the first row.</summary>
    public static LogCursor Start { get; } = new(long.MaxValue, "");

    /// <summary>Parses a cursor; an invalid one starts at the first page.</summary>
    public static LogCursor Read(string text)
    {
        var split = text.IndexOf('-', StringComparison.Ordinal);
        return
            split > 0
            && text.Length - split - 1 is > 0 and <= MaxIdLength
            && text.AsSpan(split + 1).IndexOfAnyExcept(IdCharacters) < 0
            && long.TryParse(text.AsSpan(0, split), NumberStyles.None, CultureInfo.InvariantCulture, out var at)
            ? new(at, text[(split + 1)..])
            : Start;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{At}-{Id}");
}
