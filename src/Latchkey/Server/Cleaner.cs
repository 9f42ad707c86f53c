using System.Data.Common;
using Latchkey.Data;
using Latchkey.Limits;
using Latchkey.Registration;
using Latchkey.Sessions;

namespace Latchkey.Server;

/// <summary>Removes what has expired. Nothing depends on it having run: expiry is decided where a thing is used.</summary>
public sealed partial class Cleaner(Database database, SessionStore sessions, SignupStore signups, LimitStore limits, TimeProvider clock, ILogger<Cleaner> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(10);

    /// <summary>How long an expired signup still answers 411 rather than 602.</summary>
    private static readonly TimeSpan SignupsStay = TimeSpan.FromDays(7);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                var now = clock.Now();
                await database.Write(db => sessions.RemoveExpired(db, now));
                await database.Write(db => signups.RemoveExpired(db, now - (long)SignupsStay.TotalMilliseconds));
                await database.Write(db => limits.RemoveExpired(db, now));
            }
            catch (DbException e)
            {
                LogFailed(log, e);
            }
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Removing expired rows failed; it is tried again")]
    private static partial void LogFailed(ILogger log, Exception reason);
}
