using Latchkey.Jobs;

namespace Latchkey.Operations.Overview;

/// <summary>A server of the installation, as the operator sees it.</summary>
/// <param name="Node">What it says of itself.</param>
/// <param name="IsLost">It gave no sign of life for <see cref="NodeWorker.LostAfter"/>.</param>
/// <param name="IsOutdated">Another node has a newer version.</param>
public sealed record NodeState(Node Node, bool IsLost, bool IsOutdated)
{
    /// <summary>The background work that fails there.</summary>
    public IReadOnlyList<WorkerState> Failing { get; } = [.. Node.Workers.Where(worker => worker.IsFailing)];

    /// <summary>Whether there is nothing to look at.</summary>
    public bool IsWell => !IsLost && !IsOutdated && Failing.Count == 0;
}
