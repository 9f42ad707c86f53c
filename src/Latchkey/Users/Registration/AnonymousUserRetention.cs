using Latchkey.Applications;
using Latchkey.Data;

namespace Latchkey.Users.Registration;

/// <summary>Deletes anonymous users who were inactive for longer than their application's retention period.</summary>
public sealed class AnonymousUserRetention(ApplicationRules applications, UserStore users)
{
    /// <summary>Deletes inactive users. The period exceeds a session's lifetime, so users with a live session stay.</summary>
    public async Task RemoveInactive(RetentionRun run)
    {
        foreach (var application in await applications.All())
        {
            var settings = ApplicationRules.SettingsOf(application);
            if (settings.AnonymousRetentionDays > 0)
            {
                var since = run.Before(TimeSpan.FromHours(Math.Max(24 * settings.AnonymousRetentionDays, settings.AccessTokenExpiration)));
                await run.RemoveInBatches(db => users.RemoveInactiveAnonymous(db, application.Id, since, RetentionRun.BatchSize));
                await run.RemoveInBatches(db => users.RemoveNeverActiveAnonymous(db, application.Id, since, RetentionRun.BatchSize));
            }
        }
    }
}
