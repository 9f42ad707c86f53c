using Latchkey.Data;

namespace Latchkey.Activity.Usage;

/// <summary>Adds up what was counted, every second and on whichever nodes there are, and counts users when it is time.</summary>
public sealed partial class UsageWorker(Database database, UsageStore store, UserCounts users, TimeProvider clock, ILogger<UsageWorker> log) : BackgroundService
{
    private const int AtOnce = 5000;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    /// <summary>One that breaks ends the other, and the server with them.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken) =>
        await await Task.WhenAny(Repeat(AddUp, stoppingToken), Repeat(users.CountWhenDue, stoppingToken));

    private async Task Repeat(Func<Task> work, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Every, clock);
        while (await timer.WaitForNextTickAsync(stop))
        {
            try
            {
                await work();
            }
            catch (Exception e) when (database.Dialect.IsTrouble(e))
            {
                LogFailed(log, e);
            }
        }
    }

    private async Task AddUp()
    {
        if (await database.Read(store.AnyWaiting))
        {
            while (await database.Write(db => store.AddUp(db, AtOnce)) == AtOnce)
            {
                // the rest
            }
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Adding up usage failed; it is tried again")]
    private static partial void LogFailed(ILogger log, Exception reason);
}
