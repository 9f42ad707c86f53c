using System.Globalization;
using System.Text;

namespace Latchkey.Data;

/// <summary>A position in a sorted list, before or after which a page begins.</summary>
/// <param name="Section">The index of the <see cref="ListSection"/>.</param>
/// <param name="Number">The value of the section's first sort column; 0 when it has none.</param>
/// <param name="Text">The value of the column that makes the order total: an id or a handle.</param>
public sealed record PageCursor(int Section, long Number, string Text)
{
    private const int MaxEncodedLength = 4000;

    /// <summary>The encoded form for URLs; opaque, and validated when decoded.</summary>
    public string Encoded =>
        Convert.ToHexStringLower(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Section}|{Number}|{Text}")));

    /// <summary>Null for an invalid cursor: the list then starts at its beginning.</summary>
    public static PageCursor? Decode(string? cursor)
    {
        if (
            string.IsNullOrEmpty(cursor)
            || cursor.Length > MaxEncodedLength
            || cursor.Length % 2 != 0
            || !cursor.All(char.IsAsciiHexDigitLower)
        )
        {
            return null;
        }

        var parts = Encoding.UTF8.GetString(Convert.FromHexString(cursor)).Split('|', 3);
        return
            parts.Length == 3
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var section)
            && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && !parts[2].Contains('\0', StringComparison.Ordinal)
            ? new PageCursor(section, number, parts[2])
            : null;
    }
}
