namespace Latchkey.Jobs;

/// <summary>
/// A kind of background job. It runs in steps of about a second, so that jobs alternate and a crash loses one step at most.
/// </summary>
public interface IJobHandler
{
    string Name { get; }

    /// <summary>The heading above the job's progress.</summary>
    string Title(Job job);

    /// <summary>The link on the job's page and its text.</summary>
    (string Path, string Text) ResultLink(Job job);

    /// <summary>Runs the next step. Must be idempotent: a step is repeated when a node dies before recording it.</summary>
    Task<JobStep> RunStep(Job job, CancellationToken stop);
}
