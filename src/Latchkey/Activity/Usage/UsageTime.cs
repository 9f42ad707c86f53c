namespace Latchkey.Activity.Usage;

/// <summary>Numbers the hours, days, weeks and months, so that each follows the one before it.</summary>
public static class UsageTime
{
    /// <summary>1970-01-01 was a Thursday.</summary>
    private const int DaysBeforeFirstMonday = -3;

    /// <summary>The number of the hour, day, week or month that a time is in.</summary>
    public static int NumberOf(UsageStep step, DateTimeOffset at) =>
        step switch
        {
            UsageStep.Hour => HourOf(at.ToUnixTimeMilliseconds()),
            UsageStep.Week => (UsageDay.Of(at.ToUnixTimeMilliseconds()) - DaysBeforeFirstMonday) / 7,
            UsageStep.Month => at.UtcDateTime.Year * 12 + at.UtcDateTime.Month - 1,
            _ => UsageDay.Of(at.ToUnixTimeMilliseconds()),
        };

    /// <summary>When it begins.</summary>
    public static DateTimeOffset Start(UsageStep step, int number) =>
        step switch
        {
            UsageStep.Hour => DateTimeOffset.UnixEpoch.AddHours(number),
            UsageStep.Week => DateTimeOffset.UnixEpoch.AddDays(number * 7 + DaysBeforeFirstMonday),
            UsageStep.Month => new DateTimeOffset(number / 12, number % 12 + 1, 1, 0, 0, 0, TimeSpan.Zero),
            _ => DateTimeOffset.UnixEpoch.AddDays(number),
        };

    /// <summary>UTC hours since 1970-01-01.</summary>
    /// <param name="at">Unix milliseconds.</param>
    public static int HourOf(long at) => (int)(at / 3_600_000);
}
