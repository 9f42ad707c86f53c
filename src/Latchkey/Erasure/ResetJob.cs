using Latchkey.Applications;
using Latchkey.Jobs;

namespace Latchkey.Erasure;

/// <summary>Deletes all users of an application behind its page.</summary>
public sealed class ResetJob(EraseSteps steps) : IJobKind
{
    public const string Kind = "reset";
    private static readonly TimeSpan StepTime = TimeSpan.FromSeconds(1);

    public string Name => Kind;

    public string Title(Job job) => $"Resetting {job.Input}";

    public (string Path, string Text) Next(Job job) => ($"/portal/applications/{job.AppId}/settings", "Back to its settings");

    public async Task<JobStep> Step(Job job, CancellationToken stop)
    {
        var total = job.Total > 0 ? job.Total : await steps.Count(job.AppId!);
        var (rows, isDone) = await steps.Continue(job.AppId!, Erasing.Reset, StepTime, stop);
        return isDone
            ? new JobStep(job.Done + rows, job.Done + rows, $"{job.Input} has no users now. Its settings, keys and members are as they were, and people can sign up again.")
            : new JobStep(job.Done + rows, total);
    }
}
