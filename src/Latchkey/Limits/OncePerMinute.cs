using System.Collections.Concurrent;
using Latchkey.Data;

namespace Latchkey.Limits;

/// <summary>Lets a thing be said once a minute, so that a flood of refusals does not become a flood of log entries.</summary>
public sealed class OncePerMinute(TimeProvider clock)
{
    private const int MostRemembered = 10_000;
    private const long Minute = 60_000;

    private readonly ConcurrentDictionary<string, long> said = new(StringComparer.Ordinal);

    public bool IsFirst(string what)
    {
        var now = clock.Now();
        if (said.Count > MostRemembered)
        {
            said.Clear();
        }

        if (said.TryGetValue(what, out var last) && now - last < Minute)
        {
            return false;
        }

        said[what] = now;
        return true;
    }
}
