using Latchkey.Data;

namespace Latchkey.Jobs;

/// <summary>
/// Does the queue's jobs, a step at a time and each in its turn. Nodes share the work: a job is leased for a step, and one whose
/// node died is taken up by another when its lease has run out.
/// </summary>
public sealed partial class JobWorker(Database database, JobQueue queue, JobStore store, TimeProvider clock, ILogger<JobWorker> log) : BackgroundService
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly string[] kinds = [.. queue.Kinds];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (!await DoStep(stoppingToken))
                {
                    await Task.Delay(LookEvery, clock, stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (database.Dialect.IsTrouble(e))
            {
                LogDatabase(log, e);
                await Task.Delay(LookEvery, clock, stoppingToken);
            }
        }
    }

    /// <summary>False when there is nothing to do.</summary>
    private async Task<bool> DoStep(CancellationToken stop)
    {
        var now = clock.Now();
        if (await database.Read(db => store.AnyDue(db, kinds, now)) is false
            || await database.Write(db => store.Lease(db, kinds, now, now + (long)Lease.TotalMilliseconds)) is not { } job)
        {
            return false;
        }

        var (step, state) = await Step(job, stop);
        await database.Write(db => state == JobState.Open ? store.Advance(db, job, step, clock.Now()) : store.Finish(db, job, step, state, clock.Now()));
        return true;
    }

    /// <summary>A job that breaks must not stop the others.</summary>
    private async Task<(JobStep Step, string State)> Step(Job job, CancellationToken stop)
    {
        try
        {
            var step = await queue.Kind(job.Kind).Step(job, stop);
            return (step, step.Outcome is null ? JobState.Open : JobState.Done);
        }
        catch (Exception e) when (e is not OperationCanceledException && !database.Dialect.IsTrouble(e))
        {
            LogBroken(log, job.Id, job.Kind, e);
            return (new JobStep(job.Done, job.Total, "It stopped because of an error, which is in the server's log."), JobState.Failed);
        }
    }

    [LoggerMessage(1, LogLevel.Error, "Job {Id} ({Kind}) broke")]
    private static partial void LogBroken(ILogger log, string id, string kind, Exception reason);

    [LoggerMessage(2, LogLevel.Warning, "The job queue cannot reach the database")]
    private static partial void LogDatabase(ILogger log, Exception reason);
}
