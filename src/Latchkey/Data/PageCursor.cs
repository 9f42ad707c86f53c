using System.Globalization;
using System.Text;

namespace Latchkey.Data;

/// <summary>A place in a sorted list, after or before which a page begins.</summary>
/// <param name="Section">Which part of the list (<see cref="ListSection"/>), from 0.</param>
/// <param name="Number">The value that sorts first there; 0 where a section has none.</param>
/// <param name="Text">The value that makes the order total: an id, a handle.</param>
public sealed record PageCursor(int Section, long Number, string Text)
{
    private const int MaxEncodedLength = 4000;

    /// <summary>As links carry it: opaque to people, and trusted from nobody.</summary>
    public string Encoded =>
        Convert.ToHexStringLower(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Section}|{Number}|{Text}")));

    /// <summary>Null for a cursor that nobody gave out: the list then starts at its beginning.</summary>
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
