using System.Data.Common;
using Latchkey.Applications;
using Latchkey.Audit;
using Latchkey.Configuration;
using Latchkey.Credentials;
using Latchkey.Data;
using Latchkey.Developers;
using Latchkey.Invitations;
using Latchkey.Jobs;
using Latchkey.Limits;
using Latchkey.Messages;
using Latchkey.Registration;
using Latchkey.Sessions;
using Latchkey.Usage;
using Latchkey.Users;

namespace Latchkey.Server;

/// <summary>Removes what has expired. Nothing depends on it having run: expiry is decided where a thing is used.</summary>
public sealed partial class Cleaner(Database database, SessionStore sessions, SignupStore signups, InvitationStore invitations, UserCodeStore codes, LimitStore limits, AuditStore audit, MessageStore messages, UserStore users, ApplicationRules applications, PortalSessionStore portalSessions, DeveloperLinkStore developerLinks, DeveloperInvitationStore developerInvitations, JobStore jobs, UsageStore usage, AuditExportStore exports, CredentialStore credentials, SigningKeyRules signingKeys, Installation installation, TimeProvider clock, ILogger<Cleaner> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(10);

    /// <summary>How long an expired code is still told from a wrong one (411 rather than 602).</summary>
    private static readonly TimeSpan AnsweredFor = TimeSpan.FromDays(7);

    /// <summary>Two years, and the month that is not over.</summary>
    private const int DaysOfUsage = 366 + 365 + 31;
    private const int LinesAtOnce = 2000;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock);
        do
        {
            try
            {
                await RemoveExpired(clock.Now());
                await RemoveUnseenAnonymous(clock.Now());
            }
            catch (DbException e)
            {
                LogFailed(log, e);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task RemoveExpired(long now)
    {
        var stay = now - (long)AnsweredFor.TotalMilliseconds;
        var logged = now - (long)TimeSpan.FromDays(installation.LogDays).TotalMilliseconds;
        await database.Write(db => sessions.RemoveExpired(db, now));
        await database.Write(db => signups.RemoveExpired(db, stay));
        await database.Write(db => invitations.RemoveExpired(db, stay));
        await database.Write(db => codes.RemoveExpired(db, stay));
        await database.Write(db => limits.RemoveExpired(db, now));
        await database.Write(db => portalSessions.RemoveExpired(db, now));
        await database.Write(db => developerLinks.RemoveExpired(db, now));
        await database.Write(db => developerInvitations.RemoveExpired(db, now));
        await database.Write(db => credentials.RemoveEnded(db, now));
        await signingKeys.RemoveEnded();
        await database.Write(db => jobs.RemoveFinished(db, stay));
        await RemoveAll(db => audit.RemoveOlder(db, logged, LinesAtOnce));
        await database.Write(db => exports.RemoveOlder(db, now - (long)AuditExport.KeptFor.TotalMilliseconds));
        await database.Write(db => usage.RemoveOlder(db, UsageDay.Of(now) - DaysOfUsage));
        await RemoveAll(db => messages.RemoveOlder(db, logged, LinesAtOnce));
    }

    /// <summary>A little at a time, so that nobody waits long for the writer.</summary>
    private async Task RemoveAll(Func<DbConnection, Task<int>> removeSome)
    {
        while (await database.Write(removeSome) == LinesAtOnce)
        {
            // the rest
        }
    }

    private async Task RemoveUnseenAnonymous(long now)
    {
        foreach (var application in await applications.All())
        {
            if (ApplicationRules.SettingsOf(application).AnonymousRetentionDays is > 0 and var days)
            {
                await database.Write(db => users.RemoveUnseenAnonymous(db, application.Id, now - (long)TimeSpan.FromDays(days).TotalMilliseconds));
            }
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Removing expired rows failed; it is tried again")]
    private static partial void LogFailed(ILogger log, Exception reason);
}
