using System.Data.Common;
using Latchkey.Accounts;
using Latchkey.Activity.Audit;
using Latchkey.Activity.Usage;
using Latchkey.Applications;
using Latchkey.Applications.Credentials;
using Latchkey.Core.Configuration;
using Latchkey.Data;
using Latchkey.Jobs;
using Latchkey.Limits;
using Latchkey.Messages.Outbox;
using Latchkey.Users;
using Latchkey.Users.Registration;
using Latchkey.Users.Sessions;

namespace Latchkey.Hosting;

/// <summary>
/// Removes what has expired. Nothing depends on it having run: expiry is decided where a thing is used. A large table is cleaned a
/// little at a time, and what cannot be removed now keeps nothing else from going.
/// </summary>
public sealed partial class RetentionWorker(
    Database database,
    SessionStore sessions,
    SignupStore signups,
    InvitationStore invitations,
    UserCodeStore codes,
    LimitStore limits,
    AuditStore audit,
    MessageStore messages,
    UserStore users,
    ApplicationRules applications,
    PortalSessionStore portalSessions,
    DeveloperLinkStore developerLinks,
    DeveloperInvitationStore developerInvitations,
    JobStore jobs,
    UsageStore usage,
    AuditExportStore exports,
    CredentialStore credentials,
    SigningKeyRules signingKeys,
    InstallationSettings installation,
    TimeProvider clock,
    ILogger<RetentionWorker> log
) : BackgroundService
{
    private static readonly TimeSpan CleanupInterval = TimeSpan.FromMinutes(10);

    /// <summary>How long an expired code is still told from a wrong one (411 rather than 602).</summary>
    private static readonly TimeSpan ExpiredCodeRetention = TimeSpan.FromDays(7);

    /// <summary>Two years, and the month that is not over.</summary>
    private const int UsageRetentionDays = 366 + 365 + 31;
    private const int BatchSize = 2000;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(CleanupInterval, clock);
        do
        {
            await Clean(clock.Now(), stoppingToken);
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task Clean(long now, CancellationToken stop)
    {
        foreach (var step in Steps(now, stop))
        {
            try
            {
                await step();
            }
            catch (Exception e) when (database.Dialect.IsTransient(e))
            {
                LogFailed(log, e);
            }
        }
    }

    private IEnumerable<Func<Task>> Steps(long now, CancellationToken stop)
    {
        var codesExpiredBefore = now - (long)ExpiredCodeRetention.TotalMilliseconds;
        var logsBefore = now - (long)TimeSpan.FromDays(installation.LogDays).TotalMilliseconds;
        return
        [
            () => RemoveInBatches(db => sessions.RemoveExpired(db, now, BatchSize), stop),
            () => RemoveInBatches(db => signups.RemoveExpired(db, codesExpiredBefore, BatchSize), stop),
            () => RemoveInBatches(db => invitations.RemoveExpired(db, codesExpiredBefore, BatchSize), stop),
            () => RemoveInBatches(db => codes.RemoveExpired(db, codesExpiredBefore, BatchSize), stop),
            () => RemoveInBatches(db => limits.RemoveExpired(db, now, BatchSize), stop),
            () => database.Write(db => portalSessions.RemoveExpired(db, now)),
            () => database.Write(db => developerLinks.RemoveExpired(db, now)),
            () => database.Write(db => developerInvitations.RemoveExpired(db, now)),
            () => database.Write(db => credentials.RemoveEnded(db, now)),
            signingKeys.RemoveEnded,
            () => database.Write(db => jobs.RemoveFinished(db, codesExpiredBefore)),
            () => RemoveInBatches(db => audit.RemoveOlder(db, logsBefore, BatchSize), stop),
            () => database.Write(db => exports.RemoveOlder(db, now - (long)AuditExport.Retention.TotalMilliseconds)),
            () => database.Write(db => usage.RemoveOlder(db, UsageDay.Of(now) - UsageRetentionDays)),
            () => RemoveInBatches(db => messages.RemoveOlder(db, logsBefore, BatchSize), stop),
            () => RemoveInactiveAnonymous(now, stop),
        ];
    }

    /// <summary>A little at a time, so that nobody waits long for the writer.</summary>
    private async Task RemoveInBatches(Func<DbConnection, Task<int>> removeSome, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested && await database.Write(removeSome) == BatchSize)
        {
            // the rest
        }
    }

    /// <summary>Whoever goes has no session any more: one that is in use stays, although it does not log in.</summary>
    private async Task RemoveInactiveAnonymous(long now, CancellationToken stop)
    {
        foreach (var application in await applications.All())
        {
            var settings = ApplicationRules.SettingsOf(application);
            if (settings.AnonymousRetentionDays > 0)
            {
                var inactivity = TimeSpan.FromHours(Math.Max(24 * settings.AnonymousRetentionDays, settings.AccessTokenExpiration));
                var since = now - (long)inactivity.TotalMilliseconds;
                await RemoveInBatches(db => users.RemoveInactiveAnonymous(db, application.Id, since, BatchSize), stop);
                await RemoveInBatches(db => users.RemoveNeverActiveAnonymous(db, application.Id, since, BatchSize), stop);
            }
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Removing expired rows failed; it is tried again")]
    private static partial void LogFailed(ILogger log, Exception reason);
}
