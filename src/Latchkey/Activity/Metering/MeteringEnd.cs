using Latchkey.Data;
using Latchkey.Jobs;

namespace Latchkey.Activity.Metering;

/// <summary>A server that starts without billing records that nothing is metered any more: this time is not charged later.</summary>
public sealed partial class MeteringEnd(Database database, MeteringStore metering, ServerStart start, ILogger<MeteringEnd> log)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await start.Wait(stoppingToken);
        try
        {
            await database.Write(metering.RecordUnmetered);
        }
        catch (Exception e) when (database.Dialect.IsTransient(e))
        {
            LogFailed(log, e);
        }
    }

    [LoggerMessage(
        1,
        LogLevel.Error,
        "It could not be recorded that billing is off. Restart the server before billing is turned on again."
    )]
    private static partial void LogFailed(ILogger log, Exception reason);
}
