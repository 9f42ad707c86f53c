namespace Latchkey.Data;

/// <summary>
/// The time as the database has it, so that nodes whose own clocks differ agree on when a code ends. Between two looks at the
/// database's clock it goes on by this machine's steady one, which nobody sets.
/// </summary>
public sealed class DatabaseClock : TimeProvider
{
    private volatile Anchor? anchor;

    /// <summary>This machine's own time until the database was asked.</summary>
    public override DateTimeOffset GetUtcNow() => anchor is { } known ? At(known, GetTimestamp()) : System.GetUtcNow();

    /// <summary>
    /// Takes up what the database's clock showed at some moment between two timestamps, if that proves the time here wrong.
    /// </summary>
    /// <param name="databaseTime">The database's clock.</param>
    /// <param name="before">A timestamp from before it was asked.</param>
    /// <param name="after">A timestamp from after it answered.</param>
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
