using System.Globalization;
using Latchkey.Core;

namespace Latchkey.Users.Search;

/// <summary>
/// Reads times of a search. Ages: <c>&lt;30d</c> is in the last 30 days, <c>&gt;90d</c> is longer ago. Dates, in UTC: <c>&gt;2026-01</c> is
/// from then on, <c>&lt;2026-01</c> is before then, <c>2026-01</c> is within it, and <c>2026-01-31T14</c> within the hour.
/// </summary>
public static class SearchTime
{
    private const int MaxAge = 9999;

    private static readonly string[] DateFormats = ["yyyy", "yyyy-MM", "yyyy-MM-dd", "yyyy-MM-ddTHH"];

    /// <summary>What may stand there, for messages.</summary>
    public const string Forms = "<30d, >90d (h, d, w, m or y), 2026, 2026-01, >2026-01 or <2026-01-31";

    /// <summary>The range; null for anything else.</summary>
    public static TimeRange? Parse(string text, DateTimeOffset now)
    {
        var sign = text.Length > 0 && text[0] is '<' or '>' ? text[0] : ' ';
        var rest = sign == ' ' ? text : text[1..];
        if (Date(rest) is var (begin, end))
        {
            return sign switch
            {
                '>' => new TimeRange(begin, null),
                '<' => new TimeRange(null, begin),
                _ => new TimeRange(begin, end),
            };
        }

        return (Before(rest, now), sign) switch
        {
            ({ } moment, '<') => new TimeRange(moment, null),
            ({ } moment, '>') => new TimeRange(null, moment),
            _ => null,
        };
    }

    private static (long Begin, long End)? Date(string text)
    {
        var format = Array.FindIndex(DateFormats, one => one.Length == text.Length);
        if (
            format < 0
            || !DateTimeOffset.TryParseExact(
                text,
                DateFormats[format],
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
                out var begin
            )
            || begin.Year == DateTimeOffset.MaxValue.Year
        )
        {
            return null;
        }

        var end =
            format == 0 ? begin.AddYears(1)
            : format == 1 ? begin.AddMonths(1)
            : format == 2 ? begin.AddDays(1)
            : begin.AddHours(1);
        return (begin.ToUnixTimeMilliseconds(), end.ToUnixTimeMilliseconds());
    }

    private static long? Before(string text, DateTimeOffset now) =>
        text.Length > 1
        && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number is > 0 and <= MaxAge
            ? char.ToLowerInvariant(text[^1]) switch
            {
                'h' => now.AddHours(-number).ToUnixTimeMilliseconds(),
                'd' => now.AddDays(-number).ToUnixTimeMilliseconds(),
                'w' => now.AddDays(-7 * number).ToUnixTimeMilliseconds(),
                'm' when number <= MaxAge / 12 => now.AddMonths(-number).ToUnixTimeMilliseconds(),
                'y' when number <= 100 => now.AddYears(-number).ToUnixTimeMilliseconds(),
                _ => null,
            }
            : null;
}
