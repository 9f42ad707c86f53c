using System.Collections.Concurrent;
using System.Diagnostics;

namespace Latchkey.Tests.Harness;

/// <summary>How long things took, in milliseconds.</summary>
public sealed class Latencies
{
    private readonly ConcurrentBag<double> taken = [];

    public int Count => taken.Count;

    public double Median => At(0.5);

    public Task<T> Time<T>(Func<Task<T>> work) => Sort(work, _ => this);

    /// <summary>Times what runs beside others; its result says which of several kinds it was.</summary>
    public static async Task<T> Sort<T>(Func<Task<T>> work, Func<T, Latencies> kind)
    {
        var began = Stopwatch.GetTimestamp();
        var result = await work();
        kind(result).taken.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        return result;
    }

    public override string ToString() => FormattableString.Invariant($"{Count} times, median {Median:F0} ms, p99 {At(0.99):F0} ms");

    private double At(double share) => taken.Order().ElementAt((int)Math.Ceiling(share * taken.Count) - 1);
}
