namespace Latchkey.Activity.Usage;

/// <summary>Days of usage: UTC days since 1970-01-01.</summary>
public static class UsageDay
{
    private const long Milliseconds = 86_400_000;
    private static readonly int Epoch = new DateOnly(1970, 1, 1).DayNumber;

    /// <param name="at">Unix milliseconds.</param>
    public static int Of(long at) => (int)(at / Milliseconds);

    /// <summary>The Monday of a day's week.</summary>
    public static int FirstOfWeek(int day) => day - ((int)Date(day).DayOfWeek + 6) % 7;

    public static int FirstOfMonth(int day)
    {
        var date = Date(day);
        return Of(new DateOnly(date.Year, date.Month, 1));
    }

    public static int Of(DateOnly date) => date.DayNumber - Epoch;

    public static DateOnly Date(int day) => DateOnly.FromDayNumber(Epoch + day);

    /// <summary>The start of the day, in unix milliseconds.</summary>
    public static long Start(DateOnly date) => Of(date) * Milliseconds;
}
