using Latchkey.Data;
using Latchkey.Jobs;

namespace Latchkey.Applications.Domains;

/// <summary>
/// Asks DNS once a day whether the proofs of applications' domains are still there. A domain whose proof is gone is shown as such to its
/// developers and the operator, and is not taken away.
/// </summary>
public sealed partial class DomainProofWorker(
    Database database,
    DomainRequestStore store,
    DomainRequests requests,
    WorkerHealth health,
    ServerStart start,
    ILogger<DomainProofWorker> log
) : BackgroundService
{
    private const string Work = "Checking the proofs of domains";
    private const int BatchSize = 100;
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);
    private static readonly TimeSpan Age = TimeSpan.FromDays(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await start.Wait(stoppingToken);
        using var timer = new PeriodicTimer(Interval, database.Clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await CheckAll(stoppingToken);
                health.Ran(Work);
            }
            catch (Exception e) when (database.Dialect.IsTransient(e))
            {
                health.Failed(Work);
                LogFailed(log, e);
            }
        }
    }

    /// <summary>Checks those that are due. Of several nodes, the one that notes it first asks.</summary>
    public async Task CheckAll(CancellationToken stop)
    {
        var since = database.Clock.Now() - (long)Age.TotalMilliseconds;
        foreach (var due in await database.Read(db => store.ListUnchecked(db, since, BatchSize)))
        {
            stop.ThrowIfCancellationRequested();
            if (await database.Write(db => store.BeginCheck(db, due.AppId, due.Host, database.Clock.Now(), since)))
            {
                await requests.CheckNow(due);
            }
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Checking the proofs of domains failed and will be retried")]
    private static partial void LogFailed(ILogger log, Exception reason);
}
