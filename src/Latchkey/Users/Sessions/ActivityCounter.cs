using System.Data.Common;
using Latchkey.Activity.Usage;
using Latchkey.Data;

namespace Latchkey.Users.Sessions;

/// <summary>Counts the activity of users who do not sign in anew: their sessions are refreshed, or give a client its tokens.</summary>
public sealed class ActivityCounter(Database database, UserStore users, UsageStore usage)
{
    /// <summary>Whether the user is active for the first time on this day, so that it has to be counted.</summary>
    public static bool IsFirstOfDay(User user, long now) => UserActivity.UsageKindsFor(UserActivity.LastSeen(user), now).Any();

    /// <summary>
    /// Counts the user's first activity of a day, once however many sessions are used at the moment. Runs in the caller's transaction.
    /// </summary>
    public async Task Count(DbConnection db, string appId, string userId, long now)
    {
        if (await users.FindForUpdate(db, database.Dialect, appId, userId) is not { } user)
        {
            return;
        }

        string[] kinds = [.. UserActivity.UsageKindsFor(UserActivity.LastSeen(user), now)];
        if (kinds.Length > 0)
        {
            await users.RecordActivity(db, appId, user.Id, now);
            await usage.CountActivity(db, appId, user.Id, now, kinds);
        }
    }
}
