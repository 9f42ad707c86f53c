using System.Collections.Concurrent;
using System.Data.Common;
using System.Globalization;
using Latchkey.Applications;
using Latchkey.Data;

namespace Latchkey.Users.Registration;

/// <summary>
/// Keeps applications within <c>maxUsers</c>, exactly, however many sign up at the same time and on however many nodes. Users are
/// counted once, under a lock, and then places are taken from that number: a full count of a large application happens only when the
/// places have run out, and takes at most a hundredth of the time while it stays full. Applications without <c>maxUsers</c> pay nothing.
/// </summary>
public sealed class UserQuota(UserQuotaStore store, UserStore users, TimeProvider clock)
{
    private const int RecountDelayFactor = 100;
    private static readonly TimeSpan FastCountLimit = TimeSpan.FromMilliseconds(10);

    private readonly ConcurrentDictionary<string, (string Basis, long Until)> fullUntil = new(StringComparer.Ordinal);

    /// <summary>Takes a place, in the transaction that adds the user; false when the application is full.</summary>
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
            return true; // somebody has counted while we waited for the lock
        }

        var free = await CountFree(db, application);
        if (free > 0)
        {
            await store.Set(db, appId, basis, free - 1);
        }

        return free > 0;
    }

    /// <summary>Whether there is no place now; takes none.</summary>
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

    /// <summary>Every change of settings counts anew: while there was no bound, nobody took places.</summary>
    private static string Basis(Application application) =>
        string.Create(CultureInfo.InvariantCulture, $"{application.Row.Revision}|{application.Settings.MaxUsers}");
}
