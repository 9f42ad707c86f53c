using System.Data.Common;
using Latchkey.Data;

namespace Latchkey.Activity.Usage;

/// <summary>
/// The number of users per application. Up to <see cref="MaxLiveCount"/> users are counted on request; for more, the number of the last
/// background count is returned. One node counts at a time.
/// </summary>
public sealed class UserCounts(Database database, UserCountStore store, TimeProvider clock)
{
    /// <summary>The highest number counted on request, for an application and for each of its lists; takes about a millisecond.</summary>
    public const int MaxLiveCount = 5000;

    /// <summary>Counting takes at most 1 % of the time.</summary>
    private const int IdleFactor = 100;
    private static readonly TimeSpan MinInterval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LeaseDuration = TimeSpan.FromMinutes(15);

    private long due;

    public async Task<UserTotal> Get(string appId) =>
        (await database.Read(db => Get(db, [appId]))).GetValueOrDefault(appId, new UserTotal(0));

    /// <summary>The number of users of each application.</summary>
    public async Task<IReadOnlyDictionary<string, UserTotal>> Get(DbConnection db, IReadOnlyCollection<string> appIds)
    {
        var live = await store.CountUpTo(db, appIds, MaxLiveCount + 1);
        var at = live.Values.Any(count => count > MaxLiveCount) ? await store.CountedAt(db) : null;
        var users = new Dictionary<string, UserTotal>(StringComparer.Ordinal);
        foreach (var (appId, count) in live)
        {
            users[appId] = UserTotal.Of(count, count > MaxLiveCount ? await store.FindStored(db, appId) : 0, at ?? 0);
        }

        return users;
    }

    /// <summary>Called every second. Queries the database only when the known due time has passed.</summary>
    public async Task CountWhenDue()
    {
        var start = clock.Now();
        if (start < due)
        {
            return;
        }

        due = await database.Read(store.DueAt);
        if (due <= start && await database.Write(db => store.TryLease(db, start, start + (long)LeaseDuration.TotalMilliseconds)))
        {
            await Count();
            var took = clock.Now() - start;
            await database.Write(db => store.Postpone(db, clock.Now() + Math.Max((long)MinInterval.TotalMilliseconds, took * IdleFactor)));
        }
    }

    /// <summary>Counts all users now.</summary>
    public async Task Count()
    {
        var at = clock.Now();
        var (stored, counted) = await database.Read(async db => (await store.AllStored(db), await store.CountAll(db)));
        var before = stored.ToDictionary(count => count.AppId, StringComparer.Ordinal);
        var emptied = stored
            .ExceptBy(counted.Select(count => count.AppId), count => count.AppId, StringComparer.Ordinal)
            .Where(count => count.Users > 0)
            .Select(count => count with { Users = 0, Anonymous = 0 });
        var changed = counted.Where(count => before.GetValueOrDefault(count.AppId) != count).Concat(emptied).ToList();
        await database.Write(db => store.Save(db, changed, at));
    }
}
