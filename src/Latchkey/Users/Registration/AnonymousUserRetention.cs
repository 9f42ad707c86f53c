using Latchkey.Applications;
using Latchkey.Data;

namespace Latchkey.Users.Registration;

/// <summary>Removes anonymous users who were not active for as long as their application keeps them.</summary>
public sealed class AnonymousUserRetention(ApplicationRules applications, UserStore users)
{
    /// <summary>Whoever goes has no session any more: one that is in use stays, although it does not log in.</summary>
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
