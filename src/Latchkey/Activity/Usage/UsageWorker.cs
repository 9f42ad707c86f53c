using Latchkey.Data;
using Latchkey.Jobs;

namespace Latchkey.Activity.Usage;

/// <summary>Aggregates usage events every second, on all nodes, and counts users when due.</summary>
public sealed partial class UsageWorker(
    Database database,
    UsageStore store,
    UserCounts users,
    WorkerHealth health,
    TimeProvider clock,
    ILogger<UsageWorker> log
) : BackgroundService
{
    private const string Events = "Adding up usage";
    private const string Users = "Counting users";
    private const int BatchSize = 5000;
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    /// <summary>An exception in one loop ends the other, and the server.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken) =>
        await await Task.WhenAny(Repeat(Events, AggregateEvents, stoppingToken), Repeat(Users, users.CountWhenDue, stoppingToken));

    private async Task Repeat(string name, Func<Task> work, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(PollInterval, clock);
        while (await timer.WaitForNextTickAsync(stop))
        {
            try
            {
                await work();
                health.Ran(name);
            }
            catch (Exception e) when (database.Dialect.IsTransient(e))
            {
                health.Failed(name);
                LogFailed(log, e);
            }
        }
    }

    private async Task AggregateEvents()
    {
        if (await database.Read(store.HasPendingEvents))
        {
            while (await database.Write(db => store.AggregateEvents(db, BatchSize)) == BatchSize)
            {
                // continue
            }
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Adding up usage failed and will be retried")]
    private static partial void LogFailed(ILogger log, Exception reason);
}
