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

    public void Add(double milliseconds) => taken.Add(milliseconds);

    public async Task<T> Time<T>(Func<Task<T>> work)
    {
        var began = Stopwatch.GetTimestamp();
        var result = await work();
        Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        return result;
    }

    public override string ToString() => FormattableString.Invariant($"{Count} times, median {Median:F0} ms, p99 {P99:F0} ms");

    private double At(double share) => taken.Order().ElementAt((int)Math.Ceiling(share * taken.Count) - 1);
}
