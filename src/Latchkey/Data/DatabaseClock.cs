namespace Latchkey.Data;

/// <summary>
/// The database's time, so that nodes with different clocks agree on when a code expires. Between two readings of the database's clock,
/// this machine's monotonic clock advances it.
/// </summary>
public sealed class DatabaseClock : TimeProvider
{
    private volatile Anchor? anchor;

    /// <summary>This machine's time until the database's clock was read.</summary>
    public override DateTimeOffset GetUtcNow() => anchor is { } known ? At(known, GetTimestamp()) : System.GetUtcNow();

    /// <summary>Adopts a reading of the database's clock, if it proves that the current time is wrong.</summary>
    /// <param name="databaseTime">The database's time.</param>
    /// <param name="before">A timestamp taken before the query.</param>
    /// <param name="after">A timestamp taken after the response.</param>
    public void Observe(DateTimeOffset databaseTime, long before, long after)
    {
        var middle = before + ((after - before) / 2);
        if (anchor is not { } known || (At(known, middle) - databaseTime).Duration() > GetElapsedTime(before, after) / 2)
        {
            anchor = new Anchor(databaseTime, middle);
        }
    }

    private DateTimeOffset At(Anchor known, long timestamp) => known.Time + GetElapsedTime(known.Timestamp, timestamp);

    private sealed record Anchor(DateTimeOffset Time, long Timestamp);
}
