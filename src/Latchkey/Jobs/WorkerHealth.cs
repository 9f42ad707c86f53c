using System.Collections.Concurrent;
using Latchkey.Data;

namespace Latchkey.Jobs;

/// <summary>When each background worker of this node ran and failed last. <see cref="NodeWorker"/> tells the other nodes.</summary>
public sealed class WorkerHealth(TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, WorkerState> states = new(StringComparer.Ordinal);

    /// <param name="work">What the worker does, as operators read it.</param>
    public void Ran(string work)
    {
        var now = clock.Now();
        states.AddOrUpdate(work, _ => new WorkerState(work, now, null), (_, state) => state with { RanAt = now });
    }

    /// <summary>As <see cref="Ran"/>, for work that failed and will be tried again.</summary>
    public void Failed(string work)
    {
        var now = clock.Now();
        states.AddOrUpdate(work, _ => new WorkerState(work, null, now), (_, state) => state with { FailedAt = now });
    }

    public IReadOnlyList<WorkerState> List() => [.. states.Values.OrderBy(state => state.Work, StringComparer.Ordinal)];
}
