using System.Globalization;

namespace Latchkey.Core;

/// <summary>A range of UTC days for a filter; open-ended where a day is missing.</summary>
public sealed record DayRange(DateOnly? First, DateOnly? Last)
{
    private const string Format = "yyyy-MM-dd";

    public static DayRange All { get; } = new(null, null);

    /// <summary>The start of the range, in unix milliseconds.</summary>
    public long? From => First is { } day ? StartOfDay(day) : null;

    /// <summary>The end of the range (exclusive), in unix milliseconds.</summary>
    public long? Until =>
        Last is { } day
            ? day == DateOnly.MaxValue
                ? null
                : StartOfDay(day.AddDays(1))
            : null;

    public string FirstText => Text(First);

    public string LastText => Text(Last);

    /// <summary>Parses days in the form year-month-day, empty for none; 602 when one is invalid or they are in the wrong order.</summary>
    public static Result<DayRange> Parse(string first, string last)
    {
        if (!TryParse(first, out var from) || !TryParse(last, out var to))
        {
            return ErrorCodes.InvalidData with { Message = "Enter a date such as 2026-03-31." };
        }

        return from > to ? ErrorCodes.InvalidData with { Message = "The first day is after the last day." } : new DayRange(from, to);
    }

    private static bool TryParse(string text, out DateOnly? day)
    {
        var isDay = DateOnly.TryParseExact(text, Format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var read);
        day = isDay ? read : null;
        return isDay || text.Length == 0;
    }

    private static long StartOfDay(DateOnly day) => new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero).ToUnixTimeMilliseconds();

    private static string Text(DateOnly? day) => day?.ToString(Format, CultureInfo.InvariantCulture) ?? "";
}
