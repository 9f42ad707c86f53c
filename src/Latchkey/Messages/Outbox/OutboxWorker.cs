using Latchkey.Core.Metrics;
using Latchkey.Data;

namespace Latchkey.Messages.Outbox;

/// <summary>
/// Sends what the outbox holds: many messages at the same time, and few of one application, so that an application whose mail server
/// is slow or dead keeps nobody else waiting. A message is leased for longer than an attempt may take; when its node dies, another
/// one sends it after that.
/// </summary>
public sealed partial class OutboxWorker(Database database, MessageOutbox outbox, MessageStore store, MessageAttempts attempts, TimeProvider clock, ILogger<OutboxWorker> log) : BackgroundService
{
    private const int AtOnce = 256;
    private const int AtOnceOfOne = 4;
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan CountEvery = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan LastAttempts = TimeSpan.FromSeconds(10);

    private readonly Lanes lanes = new(AtOnce, AtOnceOfOne);
    private readonly CancellationTokenSource ending = new();
    private long counted;

    /// <summary>A stop lets the attempts under way finish and sends what is due, for as long as nobody need wait for a dead mail server.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        ending.CancelAfter(LastAttempts);
        await base.StopAsync(cancellationToken);
        do
        {
            await lanes.Empty().WaitAsync(cancellationToken);
        }
        while (!ending.IsCancellationRequested && await StartDue() > 0);
    }

    public override void Dispose()
    {
        ending.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await CountWaiting();
                if (await StartDue() == 0)
                {
                    await outbox.WaitForSomething(LookEvery, stoppingToken); // also an attempt that is over wakes
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

    private async Task CountWaiting()
    {
        if (clock.GetElapsedTime(counted) >= CountEvery)
        {
            counted = clock.GetTimestamp();
            LatchkeyMeter.MessagesWaiting(await database.Read(store.CountWaiting));
        }
    }

    /// <summary>Starts as many attempts as there is room for, the application that waits longest first; their number.</summary>
    private async Task<int> StartDue()
    {
        var now = clock.Now();
        var due = (await database.Read(db => store.LanesDue(db, now))).Where(lane => lanes.RoomOf(lane) > 0).Take(lanes.Room).ToList();
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
                messages.AddRange(await store.Lease(db, lane, now, now + (long)Lease.TotalMilliseconds, 1));
            }

            return messages;
        });
        foreach (var message in leased)
        {
            lanes.Start(MessageStore.LaneOf(message), () => Attempt(message));
        }

        return leased.Count;
    }

    private async Task Attempt(MessageRow message)
    {
        try
        {
            await attempts.Make(message, ending.Token);
        }
        catch (Exception e) when (database.Dialect.IsTrouble(e))
        {
            LogDatabase(log, e); // sent, perhaps, and not marked: it is tried again when its lease is over
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // it is tried again when its lease is over
        }
        finally
        {
            outbox.Wake();
        }
    }

    [LoggerMessage(3, LogLevel.Warning, "The outbox cannot reach the database")]
    private static partial void LogDatabase(ILogger log, Exception reason);
}
