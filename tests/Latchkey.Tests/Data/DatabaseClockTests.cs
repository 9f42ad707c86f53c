using Latchkey.Data;

namespace Latchkey.Tests.Data;

/// <summary>The clock that follows the database's.</summary>
public sealed class DatabaseClockTests
{
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(90);

    [Fact]
    public void It_is_this_machines_until_the_databases_is_known_and_then_the_databases()
    {
        var clock = new DatabaseClock();
        Ahead(clock).ShouldBeInRange(-1, 1);
        var now = clock.GetTimestamp();
        clock.Observe(TimeProvider.System.GetUtcNow() + Skew, now, now);
        Ahead(clock).ShouldBeInRange(85, 95);
    }

    [Fact]
    public void A_slow_answer_that_proves_nothing_changes_nothing()
    {
        var clock = new DatabaseClock();
        var (now, second) = (clock.GetTimestamp(), clock.TimestampFrequency);
        clock.Observe(TimeProvider.System.GetUtcNow() + Skew, now, now);
        clock.Observe(TimeProvider.System.GetUtcNow(), now - (200 * second), now + (200 * second));
        Ahead(clock).ShouldBeInRange(85, 95);
        clock.Observe(TimeProvider.System.GetUtcNow(), now, now + second);
        Ahead(clock).ShouldBeInRange(-5, 5);
    }

    private static double Ahead(DatabaseClock clock) => (clock.GetUtcNow() - TimeProvider.System.GetUtcNow()).TotalSeconds;
}
