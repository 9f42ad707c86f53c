using Latchkey.Activity.Audit;
using Latchkey.Billing.Statements;
using Latchkey.Data;
using Latchkey.Jobs;

namespace Latchkey.Billing;

/// <summary>Runs <see cref="BillingRun"/> every five minutes, on one node at a time.</summary>
public sealed partial class BillingWorker(
    Database database,
    BillingCalendar calendar,
    BillingRun run,
    WorkerHealth health,
    ServerStart start,
    TimeProvider clock,
    ILogger<BillingWorker> log
) : BackgroundService
{
    private const string Work = "Billing";
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);
    private static readonly Actor Actor = new("billing", "");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await start.Wait(stoppingToken);
        using var timer = new PeriodicTimer(Interval, clock);
        do
        {
            try
            {
                var now = clock.Now();
                if (await database.Write(db => calendar.TryLease(db, now, now + (long)Interval.TotalMilliseconds)))
                {
                    var failures = await run.Run(Actor, stoppingToken);
                    health.Ran(Work);
                    foreach (var failure in failures)
                    {
                        health.Failed(Work);
                        LogFailure(log, failure.Work, failure.Reason);
                    }
                }
            }
            catch (Exception e) when (database.Dialect.IsTransient(e))
            {
                health.Failed(Work);
                LogFailed(log, e);
            }
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(2, LogLevel.Error, "Billing could not {Work} and will try again")]
    private static partial void LogFailure(ILogger log, string work, Exception reason);

    [LoggerMessage(1, LogLevel.Warning, "Billing failed and will be retried")]
    private static partial void LogFailed(ILogger log, Exception reason);
}
