using System.Globalization;
using System.Text.Json;
using Latchkey.Core;
using Latchkey.Data;

namespace Latchkey.Jobs;

/// <summary>Tells the operator twice a minute that this node lives, and how its background work goes. A node that stops says so.</summary>
public sealed partial class NodeWorker(
    Database database,
    NodeStore store,
    WorkerHealth health,
    ServerStart start,
    TimeProvider clock,
    ILogger<NodeWorker> log
) : BackgroundService
{
    /// <summary>A node that gave no sign of life for so long is shown as lost.</summary>
    public static readonly TimeSpan LostAfter = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan FirstInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    /// <summary>How long a lost node is listed.</summary>
    private static readonly TimeSpan Retention = TimeSpan.FromHours(1);

    private readonly Node node = new()
    {
        Id = Ids.New(clock),
        Name = string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}, process {Environment.ProcessId}"),
        Version = BuildVersion.Text,
        StartedAt = clock.Now(),
    };

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await start.Wait(stoppingToken);
        try
        {
            await Try(SayAlive);
            await Task.Delay(FirstInterval, clock, stoppingToken); // nearly all work has run once by then
            using var timer = new PeriodicTimer(Interval, clock);
            do
            {
                await Try(SayAlive);
            } while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        finally
        {
            await Try(() => database.Write(db => store.Remove(db, node.Id)));
        }
    }

    private Task SayAlive() =>
        database.Write(async db =>
        {
            var now = clock.Now();
            var work = JsonSerializer.Serialize([.. health.List()], NodeJson.Default.WorkerStateArray);
            await store.Set(db, node with { SeenAt = now, Work = work });
            await store.RemoveOlder(db, now - (long)Retention.TotalMilliseconds);
        });

    private async Task Try(Func<Task> write)
    {
        try
        {
            await write();
        }
        catch (Exception e) when (database.Dialect.IsTransient(e))
        {
            LogFailed(log, e);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "This node could not say in the database that it lives. It will try again")]
    private static partial void LogFailed(ILogger log, Exception reason);
}
