namespace Latchkey.Data;

/// <summary>
/// Asks PostgreSQL several times per second whether it responds, which host is the primary, and what time it is. SQLite needs no
/// heartbeat.
/// </summary>
public sealed partial class DatabaseHeartbeat(Database database, ILogger<DatabaseHeartbeat> log) : BackgroundService
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(300);

    /// <summary>The delay after a missing response: the database is slow or about to be lost.</summary>
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(50);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (database is not PostgresDatabase postgres)
        {
            return;
        }

        while (true)
        {
            var isSure = await ProbeAsync(postgres) || postgres.IsLost;
            await Task.Delay(isSure ? PollInterval : RetryDelay, TimeProvider.System, stoppingToken);
        }
    }

    private async Task<bool> ProbeAsync(PostgresDatabase postgres)
    {
        var wasLost = postgres.IsLost;
        if (await postgres.ProbeAsync() is { } reason)
        {
            if (postgres.IsLost && !wasLost)
            {
                LogLost(log, reason);
            }

            return false;
        }

        if (wasLost)
        {
            LogRestored(log);
        }

        return true;
    }

    [LoggerMessage(1, LogLevel.Error, "The database does not respond. Requests get 503 until it does. {Reason}")]
    private static partial void LogLost(ILogger log, string reason);

    [LoggerMessage(2, LogLevel.Warning, "The database responds again")]
    private static partial void LogRestored(ILogger log);
}
