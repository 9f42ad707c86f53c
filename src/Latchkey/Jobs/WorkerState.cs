namespace Latchkey.Jobs;

/// <summary>How the work of a background worker went last.</summary>
/// <param name="Work">What it does, in words.</param>
/// <param name="RanAt">When it last ended well, in unix milliseconds; null for never.</param>
/// <param name="FailedAt">When it last failed; null for never. The server's log says why.</param>
public sealed record WorkerState(string Work, long? RanAt, long? FailedAt)
{
    /// <summary>Whether it failed, and did not end well since.</summary>
    public bool IsFailing => FailedAt is { } failed && failed >= (RanAt ?? 0);
}
