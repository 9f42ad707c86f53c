using System.Collections.Concurrent;
using Latchkey.Core.Metrics;
using Latchkey.Data;

namespace Latchkey.Messages.Outbox;

/// <summary>
/// Sends what the outbox holds: many messages at the same time, and few of one application, so that an application whose mail server
/// is slow or dead keeps nobody else waiting. A message is leased, and its lease is renewed for as long as the attempt is under way; when
/// its node dies, another one sends it after that.
/// </summary>
public sealed partial class OutboxWorker(
    Database database,
    MessageOutbox outbox,
    MessageStore store,
    MessageDispatcher attempts,
    TimeProvider clock,
    ILogger<OutboxWorker> log
) : BackgroundService
{
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
    /// A stop lets the attempts under way finish and sends what is due, for as long as nobody need wait for a dead mail server.
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
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await CountWaiting();
                await RenewLeases();
                if (await StartDue() == 0)
                {
                    await outbox.WaitForWork(PollInterval, stoppingToken); // also an attempt that is over wakes
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (database.Dialect.IsTransient(e))
            {
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

    /// <summary>Keeps messages whose attempt takes long from being sent once more meanwhile.</summary>
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

    /// <summary>Starts as many attempts as there is room for, the application that waits longest first; their number.</summary>
    private async Task<int> StartDue()
    {
        var now = clock.Now();
        var due = (await database.Read(db => store.ListDueKeys(db, now)))
            .Where(lane => limiter.AvailableFor(lane) > 0)
            .Take(limiter.Available)
            .ToList();
        if (due.Count == 0)
        {
            return 0;
        }

        // One of each application in a round: no backlog of one takes the room that another waits for.
        var leased = await database.Write(async db =>
        {
            var messages = new List<MessageRow>();
            foreach (var lane in due.Order(StringComparer.Ordinal))
            {
                messages.AddRange(await store.Lease(db, lane, now, now + (long)LeaseDuration.TotalMilliseconds, 1));
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
            LogDatabase(log, e); // sent, perhaps, and not marked: it is tried again when its lease is over
        }
        catch (OperationCanceledException) when (shutdown.IsCancellationRequested)
        {
            // it is tried again when its lease is over
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
