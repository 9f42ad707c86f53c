using Latchkey.Applications;
using Latchkey.Jobs;

namespace Latchkey.Operations.Erasure;

/// <summary>Deletes the remaining data of a deleted application. The job belongs to no application, so it outlives this one.</summary>
public sealed class DeleteApplicationJob(DeletionSteps steps) : IJobHandler
{
    public const string Kind = "delete";

    public string Name => Kind;

    /// <summary>The App Id and the name, which cannot be looked up any more.</summary>
    public static string Input(ApplicationRow row) => $"{row.Id} {row.Name}";

    public string Title(Job job) => $"Deleting {AppName(job)}";

    public (string Path, string Text) ResultLink(Job job) => ("/portal", "Applications");

    public Task<JobStep> RunStep(Job job, CancellationToken stop) =>
        steps.Step(job, job.Input.Split(' ')[0], DeletionState.Delete, $"{AppName(job)} and everything in it is deleted.", stop);

    private static string AppName(Job job) => job.Input[(job.Input.IndexOf(' ', StringComparison.Ordinal) + 1)..];
}
