using System.Data.Common;
using Latchkey.Activity.Audit;
using Latchkey.Applications;
using Latchkey.Data;

namespace Latchkey.Users.Registration;

/// <summary>Deletes anonymous users who were inactive for longer than their application's retention period.</summary>
public sealed class AnonymousUserRetention(ApplicationRules applications, UserStore users, AuditStore audit)
{
    /// <summary>Deletes inactive users. Users with a live session stay.</summary>
    public async Task RemoveInactive(RetentionRun run)
    {
        foreach (var application in await applications.All())
        {
            var settings = ApplicationRules.SettingsOf(application);
            if (settings.AnonymousRetentionDays > 0)
            {
                var since = run.Before(TimeSpan.FromDays(settings.AnonymousRetentionDays));
                await run.RemoveInBatches(db => RemoveBatch(db, application.Id, since, run.Now));
            }
        }
    }

    private async Task<int> RemoveBatch(DbConnection db, string appId, long since, long now)
    {
        var handles = await users.RemoveInactiveAnonymous(db, appId, since, now, RetentionRun.BatchSize);
        await audit.RemoveClients(db, appId, handles);
        return handles.Count;
    }
}
