namespace Latchkey.Jobs;

/// <summary>
/// A kind of long work. It is done in steps of about a second, so that other work has its turn and a kill loses one step.
/// </summary>
public interface IJobHandler
{
    string Name { get; }

    /// <summary>What people read above its progress.</summary>
    string Title(Job job);

    /// <summary>Where people go from its page; <c>Text</c> says where that is.</summary>
    (string Path, string Text) ResultLink(Job job);

    /// <summary>Does the next piece. It may be called again for a piece that was done: a node can die before it says so.</summary>
    Task<JobStep> RunStep(Job job, CancellationToken stop);
}
