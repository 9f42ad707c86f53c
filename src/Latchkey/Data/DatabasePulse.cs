namespace Latchkey.Data;

/// <summary>
/// Asks PostgreSQL a few times a second whether it lives, which host is the primary, and what time it is. SQLite is a file of this
/// machine and needs none of it.
/// </summary>
public sealed partial class DatabasePulse(Database database, ILogger<DatabasePulse> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(300);

    /// <summary>After one question without an answer: it is either slow or about to be lost.</summary>
    private static readonly TimeSpan AgainAfter = TimeSpan.FromMilliseconds(50);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (database is not PostgresDatabase postgres)
        {
            return;
        }

        while (true)
        {
            var isSure = await Beat(postgres) || postgres.IsLost;
            await Task.Delay(isSure ? Every : AgainAfter, TimeProvider.System, stoppingToken);
        }
    }

    private async Task<bool> Beat(PostgresDatabase postgres)
    {
        var wasLost = postgres.IsLost;
        if (await postgres.Beat() is { } reason)
        {
            if (postgres.IsLost && !wasLost)
            {
                LogLost(log, reason);
            }

            return false;
        }

        if (wasLost)
        {
            LogBack(log);
        }

        return true;
    }

    [LoggerMessage(1, LogLevel.Error, "The database does not answer: requests get 503 until it does. {Reason}")]
    private static partial void LogLost(ILogger log, string reason);

    [LoggerMessage(2, LogLevel.Warning, "The database answers again")]
    private static partial void LogBack(ILogger log);
}
