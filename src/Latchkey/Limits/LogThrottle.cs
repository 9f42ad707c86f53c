using System.Collections.Concurrent;
using Latchkey.Data;

namespace Latchkey.Limits;

/// <summary>Counts log lines per minute, so that many refusals do not flood the log. Each node counts separately.</summary>
public sealed class LogThrottle(TimeProvider clock)
{
    private const int MaxKeys = 10_000;
    private const long Minute = 60_000;

    private readonly ConcurrentDictionary<string, (long Began, int Lines)> counts = new(StringComparer.Ordinal);

    /// <summary>Counts a line of this kind. Returns its number within the minute that began with the first one.</summary>
    public int Increment(string key)
    {
        var now = clock.Now();
        if (counts.Count > MaxKeys)
        {
            counts.Clear();
        }

        return counts
            .AddOrUpdate(key, _ => (now, 1), (_, last) => now - last.Began < Minute ? (last.Began, last.Lines + 1) : (now, 1))
            .Lines;
    }

    public bool IsFirst(string key) => Increment(key) == 1;
}
