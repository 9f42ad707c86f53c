using System.Buffers;
using System.Globalization;

namespace Latchkey.Data;

/// <summary>The place in a list, newest first, after which its next page begins.</summary>
/// <param name="At">Unix milliseconds of the last row that was shown.</param>
/// <param name="Id">Its id, since several rows can have one time.</param>
public readonly record struct PageCursor(long At, string Id)
{
    private const int LongestId = 64;
    private static readonly SearchValues<char> OfIds = SearchValues.Create("0123456789abcdef-");

    /// <summary>Before everything.</summary>
    public static PageCursor Start { get; } = new(long.MaxValue, "");

    /// <summary>A cursor that nobody gave out starts at the first page.</summary>
    public static PageCursor Read(string text)
    {
        var split = text.IndexOf('-', StringComparison.Ordinal);
        return split > 0 && text.Length - split - 1 is > 0 and <= LongestId
            && text.AsSpan(split + 1).IndexOfAnyExcept(OfIds) < 0
            && long.TryParse(text.AsSpan(0, split), NumberStyles.None, CultureInfo.InvariantCulture, out var at)
            ? new(at, text[(split + 1)..])
            : Start;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{At}-{Id}");
}
