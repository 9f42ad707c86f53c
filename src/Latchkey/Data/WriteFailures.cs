namespace Latchkey.Data;

/// <summary>
/// Remembers for a while that a change found no space or no permission. Other changes may still find some, so a success says nothing.
/// </summary>
public sealed class WriteFailures
{
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(10);

    private volatile Failure? last;

    /// <summary>What failed lately; null if nothing did.</summary>
    public string? Current => last is { } failure && TimeProvider.System.GetElapsedTime(failure.At) < Memory ? failure.Problem : null;

    public void Record(string problem) => last = new Failure(problem, TimeProvider.System.GetTimestamp());

    private sealed record Failure(string Problem, long At);
}
