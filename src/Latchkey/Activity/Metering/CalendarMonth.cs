using System.Globalization;

namespace Latchkey.Activity.Metering;

/// <summary>A month in UTC, stored as a number: 202611 is November 2026.</summary>
public readonly record struct CalendarMonth(int Number) : IComparable<CalendarMonth>
{
    public int Year => Number / 100;

    public int Month => Number % 100;

    /// <summary>The first moment, in unix milliseconds.</summary>
    public long Start => new DateTimeOffset(Year, Month, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    /// <summary>The first moment of the next month.</summary>
    public long End => Next.Start;

    /// <summary>The length in milliseconds.</summary>
    public long Length => End - Start;

    public CalendarMonth Next => AddMonths(1);

    public CalendarMonth Previous => AddMonths(-1);

    /// <param name="at">Unix milliseconds.</param>
    public static CalendarMonth Of(long at)
    {
        var time = DateTimeOffset.FromUnixTimeMilliseconds(at);
        return new(time.Year * 100 + time.Month);
    }

    /// <summary>Reads 2026-11; null for other text.</summary>
    public static CalendarMonth? Parse(string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) && date.Year >= 1970
            ? new(date.Year * 100 + date.Month)
            : null;

    public static bool operator <(CalendarMonth left, CalendarMonth right) => left.Number < right.Number;

    public static bool operator >(CalendarMonth left, CalendarMonth right) => left.Number > right.Number;

    public static bool operator <=(CalendarMonth left, CalendarMonth right) => left.Number <= right.Number;

    public static bool operator >=(CalendarMonth left, CalendarMonth right) => left.Number >= right.Number;

    public CalendarMonth AddMonths(int months)
    {
        var date = new DateOnly(Year, Month, 1).AddMonths(months);
        return new(date.Year * 100 + date.Month);
    }

    public int CompareTo(CalendarMonth other) => Number.CompareTo(other.Number);

    /// <summary>As 2026-11.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Year:0000}-{Month:00}");
}
