using Latchkey.Core.Configuration;
using Latchkey.Data;
using Latchkey.Jobs;

namespace Latchkey.Hosting;

/// <summary>
/// Runs each room's <see cref="RetentionStep"/> every ten minutes. Large tables are cleaned in batches, and a failing step does not
/// affect the others.
/// </summary>
public sealed partial class RetentionWorker(
    Database database,
    IEnumerable<RetentionStep> steps,
    InstallationSettings installation,
    WorkerHealth health,
    ServerStart start,
    ILogger<RetentionWorker> log
) : BackgroundService
{
    private const string Work = "Removing what has expired";
    private static readonly TimeSpan CleanupInterval = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await start.Wait(stoppingToken);
        using var timer = new PeriodicTimer(CleanupInterval, database.Clock);
        do
        {
            await Clean(new RetentionRun(database, installation, stoppingToken));
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task Clean(RetentionRun run)
    {
        var failed = false;
        foreach (var step in steps)
        {
            try
            {
                await step.Run(run);
            }
            catch (Exception e) when (database.Dialect.IsTransient(e))
            {
                failed = true;
                LogFailed(log, e);
            }
        }

        if (failed)
        {
            health.Failed(Work);
        }
        else
        {
            health.Ran(Work);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Removing expired rows failed and will be retried")]
    private static partial void LogFailed(ILogger log, Exception reason);
}
