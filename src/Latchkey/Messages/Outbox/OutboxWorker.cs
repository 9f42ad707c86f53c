using System.Collections.Concurrent;
using Latchkey.Core.Metrics;
using Latchkey.Data;
using Latchkey.Jobs;

namespace Latchkey.Messages.Outbox;

/// <summary>
/// Sends the queued messages: many concurrently, but few per application, so that an application with a slow or dead mail server does
/// not delay the others. Each message is leased, and the lease is renewed while the attempt runs. If a node dies, another one sends its
/// messages when the leases have expired.
/// </summary>
public sealed partial class OutboxWorker(
    Database database,
    MessageOutbox outbox,
    MessageStore store,
    MessageDispatcher attempts,
    WorkerHealth health,
    ServerStart start,
    TimeProvider clock,
    ILogger<OutboxWorker> log
) : BackgroundService
{
    private const string Work = "Mails and SMS";
    private const int MaxConcurrency = 256;
    private const int MaxConcurrencyPerApplication = 4;
    private const int MaxSlow = 4096;
    private static readonly TimeSpan LeaseDuration = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan RenewInterval = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan SlowAfter = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan CountInterval = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(10);

    private readonly KeyedConcurrencyLimiter limiter = new(MaxConcurrency, MaxConcurrencyPerApplication, MaxSlow, SlowAfter, clock);
    private readonly ConcurrentDictionary<string, long> underWay = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource shutdown = new();
    private long counted;
    private long renewed;

    /// <summary>
    /// On shutdown, running attempts finish and due messages are sent, unless that would mean waiting for a dead mail server.
    /// </summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        shutdown.CancelAfter(ShutdownTimeout);
        await base.StopAsync(cancellationToken);
        do
        {
            await limiter.WhenIdle().WaitAsync(cancellationToken);
        } while (!shutdown.IsCancellationRequested && await StartDue() > 0);
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
                await CountWaiting();
                await RenewLeases();
                var started = await StartDue();
                health.Ran(Work);
                if (started == 0)
                {
                    await outbox.WaitForWork(PollInterval, stoppingToken); // a finished attempt wakes it too
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

    private async Task CountWaiting()
    {
        if (clock.GetElapsedTime(counted) >= CountInterval)
        {
            counted = clock.GetTimestamp();
            LatchkeyMeter.SetMessagesWaiting(await database.Read(store.CountWaiting));
        }
    }

    /// <summary>Renews the leases of long attempts, so that no other node sends their messages.</summary>
    private async Task RenewLeases()
    {
        if (clock.GetElapsedTime(renewed) < RenewInterval)
        {
            return;
        }

        renewed = clock.GetTimestamp();
        var ids = underWay.Where(attempt => clock.GetElapsedTime(attempt.Value) >= RenewInterval).Select(attempt => attempt.Key).ToArray();
        if (ids.Length > 0)
        {
            await database.Write(db => store.RenewLeases(db, ids, clock.Now() + (long)LeaseDuration.TotalMilliseconds));
        }
    }

    /// <summary>Starts as many attempts as allowed, longest waiting application first. Returns how many.</summary>
    private async Task<int> StartDue()
    {
        var now = clock.Now();
        var due = (await database.Read(db => store.ListDueKeys(db, now)))
            .Where(key => limiter.AvailableFor(key) > 0)
            .Take(limiter.Available)
            .ToList();
        if (due.Count == 0)
        {
            return 0;
        }

        // One message per application in each round, so that one backlog does not take all the slots.
        var leased = await database.Write(async db =>
        {
            var messages = new List<MessageRow>();
            foreach (var key in due.Order(StringComparer.Ordinal))
            {
                messages.AddRange(await store.Lease(db, key, now, now + (long)LeaseDuration.TotalMilliseconds, 1));
            }

            return messages;
        });
        foreach (var message in leased)
        {
            underWay[message.Id] = clock.GetTimestamp();
            limiter.Start(MessageStore.ConcurrencyKey(message), () => Attempt(message));
        }

        return leased.Count;
    }

    private async Task Attempt(MessageRow message)
    {
        try
        {
            await attempts.Dispatch(message, shutdown.Token);
        }
        catch (Exception e) when (database.Dialect.IsTransient(e))
        {
            LogDatabase(log, e); // possibly sent but not marked: it is retried when its lease expires
        }
        catch (OperationCanceledException) when (shutdown.IsCancellationRequested)
        {
            // it is retried when its lease expires
        }
        finally
        {
            underWay.TryRemove(message.Id, out _);
            outbox.Wake();
        }
    }

    [LoggerMessage(3, LogLevel.Warning, "The outbox cannot reach the database")]
    private static partial void LogDatabase(ILogger log, Exception reason);
}
