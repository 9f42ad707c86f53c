using System.Collections.Concurrent;
using System.Diagnostics;

namespace Latchkey.Tests.Harness;

/// <summary>How long things took, in milliseconds.</summary>
public sealed class Latencies
{
    private readonly ConcurrentBag<double> taken = [];

    public int Count => taken.Count;

    public double Median => At(0.5);

    public double P99 => At(0.99);

    public double Longest => At(1);

    public Task<T> Time<T>(Func<Task<T>> work) => TimeWhere(work, _ => true);

    /// <summary>Keeps the time of those whose result is so.</summary>
    public async Task<T> TimeWhere<T>(Func<Task<T>> work, Func<T, bool> isKept)
    {
        var began = Stopwatch.GetTimestamp();
        var result = await work();
        if (isKept(result))
        {
            taken.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        return result;
    }

    public override string ToString() => FormattableString.Invariant($"{Count} times, median {Median:F0} ms, p99 {P99:F0} ms");

    private double At(double share) => taken.Order().ElementAt((int)Math.Ceiling(share * taken.Count) - 1);
}
