using Latchkey.Data;
using Latchkey.Jobs;
using Latchkey.Messages.Outbox;

namespace Latchkey.Provider.Logout;

/// <summary>
/// Sends the logout notices that are due: of sessions that ended in any way, and those that are tried again. Notices are leased, so nodes
/// share the work, and when a node dies, another one sends them.
/// </summary>
public sealed partial class LogoutWorker(
    Database database,
    LogoutNoticeStore store,
    BackChannelLogout logout,
    WorkerHealth health,
    ServerStart start,
    TimeProvider clock,
    ILogger<LogoutWorker> log
) : BackgroundService
{
    private const string Work = "Sign-out notices to clients";
    private const int MaxConcurrency = 64;
    private const int MaxConcurrencyPerApplication = 8;
    private const int MaxSlow = 1024;
    private static readonly TimeSpan SlowAfter = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    private readonly KeyedConcurrencyLimiter limiter = new(MaxConcurrency, MaxConcurrencyPerApplication, MaxSlow, SlowAfter, clock);
    private readonly CancellationTokenSource shutdown = new();

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await shutdown.CancelAsync(); // what is not done is sent again when its lease is over
        await limiter.WhenIdle().WaitAsync(cancellationToken);
    }

    public override void Dispose()
    {
        shutdown.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await start.Wait(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var started = await StartDue();
                health.Ran(Work);
                if (started == 0)
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

    /// <summary>Starts one notice of each application that has some, so that one backlog does not hold the others up.</summary>
    private async Task<int> StartDue()
    {
        var now = clock.Now();
        var due = (await database.Read(db => store.ListDue(db, now)))
            .Where(appId => limiter.AvailableFor(appId) > 0)
            .Take(limiter.Available)
            .ToList();
        if (due.Count == 0)
        {
            return 0;
        }

        var until = now + (long)BackChannelLogout.LeaseDuration.TotalMilliseconds;
        var leased = await database.Write(async db =>
        {
            var notices = new List<LogoutNotice>();
            foreach (var appId in due.Order(StringComparer.Ordinal))
            {
                notices.AddRange(await store.Lease(db, appId, now, until, limit: 1));
            }

            return notices;
        });
        leased.ForEach(notice => limiter.Start(notice.AppId, () => Send(notice)));
        return leased.Count;
    }

    private async Task Send(LogoutNotice notice)
    {
        try
        {
            await logout.Send(notice, shutdown.Token);
        }
        catch (Exception e) when (database.Dialect.IsTransient(e))
        {
            LogDatabase(log, e);
        }
        catch (OperationCanceledException) when (shutdown.IsCancellationRequested)
        {
            // it is sent again when its lease is over
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Back-channel logout cannot reach the database")]
    private static partial void LogDatabase(ILogger log, Exception reason);
}
