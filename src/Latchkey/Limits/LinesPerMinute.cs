using System.Collections.Concurrent;
using Latchkey.Data;

namespace Latchkey.Limits;

/// <summary>Counts what is said within a minute, so that a flood of refusals does not become a flood of log lines. Each node counts for itself.</summary>
public sealed class LinesPerMinute(TimeProvider clock)
{
    private const int MostRemembered = 10_000;
    private const long Minute = 60_000;

    private readonly ConcurrentDictionary<string, (long Began, int Lines)> said = new(StringComparer.Ordinal);

    /// <summary>The how manyth line this is of its kind in the minute that began with the first.</summary>
    public int Next(string what)
    {
        var now = clock.Now();
        if (said.Count > MostRemembered)
        {
            said.Clear();
        }

        return said.AddOrUpdate(what, _ => (now, 1), (_, last) => now - last.Began < Minute ? (last.Began, last.Lines + 1) : (now, 1)).Lines;
    }

    public bool IsFirst(string what) => Next(what) == 1;
}
