using System.Globalization;

namespace Latchkey.Core;

/// <summary>A range of UTC days for a filter, or of minutes; open-ended where one is missing.</summary>
/// <param name="FirstText">The first day or minute, as it was typed.</param>
/// <param name="LastText">The last one.</param>
/// <param name="From">The start of the range, in unix milliseconds.</param>
/// <param name="Until">The end of the range (exclusive), in unix milliseconds.</param>
public sealed record DayRange(string FirstText, string LastText, long? From, long? Until)
{
    private static readonly (string Format, TimeSpan Length)[] Formats =
    [
        ("yyyy-MM-dd", TimeSpan.FromDays(1)),
        ("yyyy-MM-dd'T'HH:mm", TimeSpan.FromMinutes(1)),
    ];

    public static DayRange All { get; } = new("", "", null, null);

    /// <summary>
    /// Parses days as in 2026-03-31, or minutes as in 2026-03-31T14:00, empty for none; 602 when one is invalid or they are in the wrong
    /// order.
    /// </summary>
    public static Result<DayRange> Parse(string first, string last)
    {
        if (!TryParse(first, out var from) || !TryParse(last, out var to))
        {
            return ErrorCodes.InvalidData with { Message = "Enter a date such as 2026-03-31." };
        }

        return from.Start > to.Start
            ? ErrorCodes.InvalidData with
            {
                Message = "The first day is after the last day.",
            }
            : new DayRange(first, last, from.Start?.ToUnixTimeMilliseconds(), to.End?.ToUnixTimeMilliseconds());
    }

    private static bool TryParse(string text, out (DateTimeOffset? Start, DateTimeOffset? End) range)
    {
        foreach (var (format, length) in Formats)
        {
            if (DateTimeOffset.TryParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var start))
            {
                range = (start, start < DateTimeOffset.MaxValue - length ? start + length : null);
                return true;
            }
        }

        range = default;
        return text.Length == 0;
    }
}
