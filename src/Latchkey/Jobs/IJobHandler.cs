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

    /// <summary>The result as a sentence when somebody stops the job now; null for a job that cannot be stopped.</summary>
    string? CancelledOutcome(Job job) => null;

    /// <summary>What the job could not do, up to as many as a page shows.</summary>
    Task<IReadOnlyList<JobFailure>> Failures(Job job) => Task.FromResult<IReadOnlyList<JobFailure>>([]);

    /// <summary>Runs the next step. Must be idempotent: a step is repeated when a node dies before recording it.</summary>
    Task<JobStep> RunStep(Job job, CancellationToken stop);
}
