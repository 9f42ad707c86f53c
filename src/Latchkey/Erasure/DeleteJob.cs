using Latchkey.Applications;
using Latchkey.Jobs;

namespace Latchkey.Erasure;

/// <summary>Deletes what an application that is gone for everyone has left behind. It belongs to no application, and outlives this one.</summary>
public sealed class DeleteJob(EraseSteps steps) : IJobKind
{
    public const string Kind = "delete";
    private static readonly TimeSpan StepTime = TimeSpan.FromSeconds(1);

    public string Name => Kind;

    /// <summary>The App Id, and the name that nobody could look up any more.</summary>
    public static string Input(ApplicationRow row) => $"{row.Id} {row.Name}";

    public string Title(Job job) => $"Deleting {AppName(job)}";

    public (string Path, string Text) Next(Job job) => ("/portal", "Applications");

    public async Task<JobStep> Step(Job job, CancellationToken stop)
    {
        var appId = job.Input.Split(' ')[0];
        var total = job.Total > 0 ? job.Total : await steps.Count(appId);
        var (rows, isDone) = await steps.Continue(appId, Erasing.Delete, StepTime, stop);
        return isDone
            ? new JobStep(job.Done + rows, job.Done + rows, $"{AppName(job)} and everything in it is deleted.")
            : new JobStep(job.Done + rows, total);
    }

    private static string AppName(Job job) => job.Input[(job.Input.IndexOf(' ', StringComparison.Ordinal) + 1)..];
}
