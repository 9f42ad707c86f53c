using System.Runtime.InteropServices;

namespace Latchkey.Limits;

/// <summary>
/// A token bucket with one second's capacity, shared by parties with a dynamic threshold (Choudhury and Hahne, "Dynamic queue length
/// thresholds for shared-memory packet switches", 1998): what a party took within about a second may be at most twice what it leaves in the
/// bucket. A single party gets the full rate. When many parties take what they can, the bucket never runs empty for one that takes little.
/// Times and amounts are in seconds.
/// </summary>
internal sealed class CallBucket
{
    private const double ShareOfWhatIsLeft = 2;
    private const double Full = 0.999;
    private const int MinSweep = 1024;

    private readonly Lock gate = new();
    private readonly Dictionary<string, Use> uses = new(StringComparer.Ordinal);
    private double spentUntil = double.MinValue;
    private int nextSweep = MinSweep;

    /// <summary>When a call was last refused.</summary>
    public double ThrottledAt { get; private set; } = double.MinValue;

    /// <summary>Takes one call from the bucket; false if there is none left for this party.</summary>
    /// <param name="now">The time.</param>
    /// <param name="cost">The cost of a call: the time in which one call is refilled.</param>
    /// <param name="party">The caller's network or application.</param>
    public bool TryAcquire(double now, double cost, string party)
    {
        lock (gate)
        {
            var spent = Math.Max(spentUntil, now - 1);
            var left = now - spent;
            var used = uses.TryGetValue(party, out var use) ? use.At(now) : 0;
            if (left < cost || (left < Full && used > ShareOfWhatIsLeft * (left - cost)))
            {
                ThrottledAt = now;
                return false;
            }

            spentUntil = spent + cost;
            uses[party] = new Use(used + cost, now);
            Sweep(now);
            return true;
        }
    }

    /// <summary>Removes idle parties. Only allowed calls are recorded, so the rate limits the number of parties.</summary>
    private void Sweep(double now)
    {
        if (uses.Count < nextSweep)
        {
            return;
        }

        foreach (var (party, _) in uses.Where(pair => now - pair.Value.Time > Use.Forgotten).ToList())
        {
            uses.Remove(party);
        }

        nextSweep = Math.Max(MinSweep, 2 * uses.Count);
    }

    /// <summary>What a party took recently, with exponential decay over one second.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Use(double Amount, double Time)
    {
        public const double Forgotten = 5;

        public double At(double now) => Amount * Math.Exp(Time - now);
    }
}
