using Latchkey.Applications;
using Latchkey.Jobs;

namespace Latchkey.Operations.Erasure;

/// <summary>Deletes all users of an application in the background.</summary>
public sealed class ResetApplicationJob(DeletionSteps steps) : IJobHandler
{
    public const string Kind = "reset";

    public string Name => Kind;

    public string Title(Job job) => $"Resetting {job.Input}";

    public (string Path, string Text) ResultLink(Job job) => ($"/portal/applications/{job.AppId}/settings/general", "Back to its settings");

    public Task<JobStep> RunStep(Job job, CancellationToken stop) =>
        steps.Step(
            job,
            job.RequiredAppId,
            DeletionState.Reset,
            $"{job.Input} now has no users. Settings, keys and members have not changed, and people can sign up again.",
            stop
        );
}
