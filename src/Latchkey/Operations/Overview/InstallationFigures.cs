namespace Latchkey.Operations.Overview;

/// <summary>The installation on one page.</summary>
public sealed record InstallationFigures
{
    /// <summary>Applications by status.</summary>
    public required IReadOnlyDictionary<string, long> Applications { get; init; }

    /// <summary>The users of all applications, as they were counted last.</summary>
    public required long Users { get; init; }

    /// <summary>When, in unix milliseconds; null for never.</summary>
    public required long? UsersAsOf { get; init; }

    public required long Developers { get; init; }

    public required IReadOnlyList<QueueState> Queues { get; init; }

    /// <summary>All applications with any activity in the days, the one with most logins first.</summary>
    public required IReadOnlyList<BusyApplication> Activity { get; init; }

    public required IReadOnlyList<FailureReason> Reasons { get; init; }
}
