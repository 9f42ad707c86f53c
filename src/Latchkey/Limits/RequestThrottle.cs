using System.Collections.Concurrent;
using Latchkey.Core;
using Latchkey.Core.Configuration;

namespace Latchkey.Limits;

/// <summary>
/// Limits an application's calls per second, so that a busy one leaves capacity for others. Each node counts separately, because this
/// protects the node's load.
/// </summary>
public sealed class RequestThrottle(InstallationSettings installation, TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, Bucket> buckets = new(StringComparer.Ordinal);

    /// <summary>Null when the call is allowed; otherwise 700.</summary>
    public Error? TryAcquire(string appId, int callsPerSecond)
    {
        if (!installation.LimitsOn)
        {
            return null;
        }

        var bucket = buckets.GetOrAdd(appId, _ => new Bucket());
        return bucket.TryAcquire(Now, 1.0 / callsPerSecond)
            ? null
            : ErrorCodes.TooManyAttempts with
            {
                Cause = "calls of one application within a second",
                RetryAfter = TimeSpan.FromSeconds(1),
            };
    }

    /// <summary>Whether a call of the application was refused within the last second.</summary>
    public bool IsThrottled(string appId) => buckets.TryGetValue(appId, out var bucket) && Now - bucket.ThrottledAt < 1;

    private double Now => (double)clock.GetTimestamp() / clock.TimestampFrequency;

    /// <summary>A token bucket with one second's capacity. Times in seconds.</summary>
    private sealed class Bucket
    {
        private readonly Lock gate = new();
        private double spentUntil = double.MinValue;

        public double ThrottledAt { get; private set; } = double.MinValue;

        public bool TryAcquire(double now, double cost)
        {
            lock (gate)
            {
                var next = Math.Max(spentUntil, now - 1) + cost;
                if (next > now)
                {
                    ThrottledAt = now;
                    return false;
                }

                spentUntil = next;
                return true;
            }
        }
    }
}
