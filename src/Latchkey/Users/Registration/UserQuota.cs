using System.Collections.Concurrent;
using System.Data.Common;
using System.Globalization;
using Latchkey.Applications;
using Latchkey.Data;

namespace Latchkey.Users.Registration;

/// <summary>
/// Enforces <c>maxUsers</c> exactly, also with concurrent signups on several nodes. Users are counted once, under a lock, and each
/// registration then takes one place from the remaining number. A large application is counted again only when no places are left, and
/// counting takes at most 1 % of the time while it is full. Applications without <c>maxUsers</c> have no overhead.
/// </summary>
public sealed class UserQuota(UserQuotaStore store, UserStore users, TimeProvider clock)
{
    private const int RecountDelayFactor = 100;
    private static readonly TimeSpan FastCountLimit = TimeSpan.FromMilliseconds(10);

    private readonly ConcurrentDictionary<string, (string Basis, long Until)> fullUntil = new(StringComparer.Ordinal);

    /// <summary>Takes a place in the transaction that inserts the user; false when the application is full.</summary>
    public async Task<bool> TryAcquire(DbConnection db, Application application)
    {
        var (appId, basis) = (application.Id, Basis(application));
        if (application.Settings.MaxUsers == 0 || await store.TryAcquire(db, appId, basis))
        {
            return true;
        }

        await store.Lock(db, appId);
        if (await store.TryAcquire(db, appId, basis))
        {
            return true; // another transaction counted while this one waited for the lock
        }

        var free = await CountFree(db, application);
        if (free > 0)
        {
            await store.Set(db, appId, basis, free - 1);
        }

        return free > 0;
    }

    /// <summary>Whether no place is left; takes none.</summary>
    public async Task<bool> IsFull(DbConnection db, Application application) =>
        application.Settings.MaxUsers > 0
        && !await store.HasFree(db, application.Id, Basis(application))
        && await CountFree(db, application) <= 0;

    private async Task<long> CountFree(DbConnection db, Application application)
    {
        var (appId, basis, now) = (application.Id, Basis(application), clock.Now());
        if (fullUntil.TryGetValue(appId, out var known) && known.Basis == basis && known.Until > now)
        {
            return 0;
        }

        var began = clock.GetTimestamp();
        var free = application.Settings.MaxUsers - await users.Count(db, appId);
        var took = clock.GetElapsedTime(began);
        if (free <= 0 && took > FastCountLimit)
        {
            fullUntil[appId] = (basis, now + ((long)took.TotalMilliseconds * RecountDelayFactor));
        }
        else
        {
            fullUntil.TryRemove(appId, out _);
        }

        return free;
    }

    /// <summary>A new count is needed after every change of settings: without a limit, no places were taken.</summary>
    private static string Basis(Application application) =>
        string.Create(CultureInfo.InvariantCulture, $"{application.Row.Revision}|{application.Settings.MaxUsers}");
}
