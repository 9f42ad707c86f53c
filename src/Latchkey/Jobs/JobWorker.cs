using Latchkey.Data;

namespace Latchkey.Jobs;

/// <summary>
/// Runs the queued jobs step by step, in turns. Nodes share the work: each step is leased, and when a node dies, another one takes the
/// job over after the lease has expired.
/// </summary>
public sealed partial class JobWorker(
    Database database,
    JobQueue queue,
    JobStore store,
    WorkerHealth health,
    ServerStart start,
    TimeProvider clock,
    ILogger<JobWorker> log
) : BackgroundService
{
    private const string Work = "Resets, deletions, exports";
    private static readonly TimeSpan LeaseDuration = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    private readonly string[] kinds = [.. queue.HandlerNames];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await start.Wait(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var hasRun = await RunNextStep(stoppingToken);
                health.Ran(Work);
                if (!hasRun)
                {
                    await Task.Delay(PollInterval, clock, stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (database.Dialect.IsTransient(e))
            {
                health.Failed(Work);
                LogDatabase(log, e);
                await Task.Delay(PollInterval, clock, stoppingToken);
            }
        }
    }

    /// <summary>False when there is no job.</summary>
    private async Task<bool> RunNextStep(CancellationToken stop)
    {
        var now = clock.Now();
        if (
            await database.Read(db => store.AnyDue(db, kinds, now)) is false
            || await database.Write(db => store.Lease(db, kinds, now, now + (long)LeaseDuration.TotalMilliseconds)) is not { } job
        )
        {
            return false;
        }

        var (step, state) = await RunStep(job, stop);
        await database.Write(db =>
            state == JobState.Open ? store.Advance(db, job, step, clock.Now()) : store.Finish(db, job, step, state, clock.Now())
        );
        return true;
    }

    /// <summary>Runs a step. An exception fails this job only.</summary>
    private async Task<(JobStep Step, string State)> RunStep(Job job, CancellationToken stop)
    {
        try
        {
            var step = await queue.GetHandler(job.Kind).RunStep(job, stop);
            return (step, step.Outcome is null ? JobState.Open : JobState.Done);
        }
        catch (Exception e) when (e is not OperationCanceledException && !database.Dialect.IsTransient(e))
        {
            LogBroken(log, job.Id, job.Kind, e);
            return (new JobStep(job.Done, job.Total, "It stopped because of an error. See the server's log."), JobState.Failed);
        }
    }

    [LoggerMessage(1, LogLevel.Error, "Job {Id} ({Kind}) broke")]
    private static partial void LogBroken(ILogger log, string id, string kind, Exception reason);

    [LoggerMessage(2, LogLevel.Warning, "The job queue cannot reach the database")]
    private static partial void LogDatabase(ILogger log, Exception reason);
}
