using System.Globalization;
using Latchkey.Users.Sessions;

namespace Latchkey.Tests.Users.Sessions;

/// <summary>A user counts once for each day, week and month in which they are active.</summary>
public sealed class UserActivityTests
{
    [Theory]
    [InlineData("2026-11-30 08:00", "2026-11-30 23:59", "")] // Monday
    [InlineData("2026-11-29 23:59", "2026-11-30 00:00", "active active_week")] // Sunday and Monday
    [InlineData("2026-11-30 23:59", "2026-12-01 00:00", "active active_month")] // Monday and Tuesday
    [InlineData("2026-12-01 12:00", "2026-12-06 12:00", "active")] // Tuesday and Sunday of a week
    [InlineData("2026-12-27 12:00", "2027-01-03 12:00", "active active_week active_month")] // Sundays
    [InlineData("2026-12-28 12:00", "2027-01-03 12:00", "active active_month")] // a week of two years
    [InlineData(null, "2026-12-03 12:00", "active active_week active_month")]
    public void Days_weeks_and_months_begin_at_midnight_utc(string? before, string now, string counted) =>
        string.Join(' ', UserActivity.UsageKindsFor(before is null ? null : At(before), At(now))).ShouldBe(counted);

    private static long At(string time) =>
        DateTimeOffset.Parse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal).ToUnixTimeMilliseconds();
}
