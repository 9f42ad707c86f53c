using Dapper;
using Latchkey.Applications.Domains;
using Latchkey.Applications.MessageProviders;
using Latchkey.Data;

namespace Latchkey.Applications;

/// <summary>Detects applications changed by other processes: NOTIFY on PostgreSQL, <c>data_version</c> on SQLite.</summary>
public sealed partial class ApplicationChangeListener(
    Database database,
    ApplicationCache applications,
    ApplicationDomains domains,
    InstallationProviderReloader providers,
    TimeProvider clock,
    ILogger<ApplicationChangeListener> log
) : BackgroundService
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(500);

    /// <summary>A failure is logged again only after this time without one.</summary>
    private static readonly TimeSpan LogQuietPeriod = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var trouble = "";
        while (!stoppingToken.IsCancellationRequested)
        {
            var began = clock.GetTimestamp();
            try
            {
                await (database is PostgresDatabase postgres ? Listen(postgres, stoppingToken) : Poll(stoppingToken));
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (database.Dialect.IsTransient(e))
            {
                if (e.Message != trouble || clock.GetElapsedTime(began) > LogQuietPeriod)
                {
                    LogLost(log, e.Message);
                }

                trouble = e.Message;
                InvalidateAll(); // changes may be missed while not listening, so everything is reloaded
                await Task.Delay(RetryAfter, clock, stoppingToken);
            }
        }
    }

    private Task Listen(PostgresDatabase postgres, CancellationToken stop) =>
        postgres.Listen(PostgresDialect.ChangeChannel, InvalidateAll, Invalidate, stop);

    private async Task Poll(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(PollInterval, clock);
        await database.Read(async db =>
        {
            var version = -1L;
            var seen = -1L;
            do
            {
                // data_version changes when another connection has committed; reading it needs no disk access.
                var now = await db.QuerySingleAsync<long>("PRAGMA data_version");
                if (now != version)
                {
                    version = now;
                    seen = await InvalidateChanged(db, seen);
                }
            } while (await timer.WaitForNextTickAsync(stop));
            return 0;
        });
    }

    private async Task<long> InvalidateChanged(System.Data.Common.DbConnection db, long seen)
    {
        var changes = (
            await db.QueryAsync<(string AppId, long Seq)>(
                "SELECT app_id, seq FROM application_changes WHERE seq > @seen ORDER BY seq",
                new { seen }
            )
        ).AsList();
        changes.ForEach(change => Invalidate(change.AppId));
        return changes.Count == 0 ? seen : changes[^1].Seq;
    }

    private void Invalidate(string changed)
    {
        if (changed == Dialect.Domains)
        {
            domains.Invalidate();
        }
        else if (changed == Dialect.MessageProviders)
        {
            providers.Invalidate();
        }
        else
        {
            applications.Invalidate(changed);
        }
    }

    private void InvalidateAll()
    {
        applications.InvalidateAll();
        domains.Invalidate();
        providers.Invalidate();
    }

    [LoggerMessage(1, LogLevel.Warning, "Database notifications are lost. Settings are read repeatedly until they are back. {Reason}")]
    private static partial void LogLost(ILogger log, string reason);
}
