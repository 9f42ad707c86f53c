using Latchkey.Data;
using Latchkey.Jobs;

namespace Latchkey.Users.Sessions;

/// <summary>Writes the last uses of sessions every few seconds, and when the server stops.</summary>
public sealed partial class SessionUseWriter(
    SessionUses uses,
    Database database,
    WorkerHealth health,
    ServerStart start,
    TimeProvider clock,
    ILogger<SessionUseWriter> log
) : BackgroundService
{
    private const string Work = "Last uses of sessions";
    private static readonly TimeSpan WriteInterval = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await start.Wait(stoppingToken);
        using var timer = new PeriodicTimer(WriteInterval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await Write();
            }
        }
        finally
        {
            await Write();
        }
    }

    private async Task Write()
    {
        try
        {
            await uses.Write();
            health.Ran(Work);
        }
        catch (Exception e) when (database.Dialect.IsTransient(e))
        {
            health.Failed(Work);
            LogFailed(log, e);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Writing when sessions were last used failed and will be retried")]
    private static partial void LogFailed(ILogger log, Exception reason);
}
