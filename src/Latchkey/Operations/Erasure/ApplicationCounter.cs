using System.Globalization;
using Latchkey.Data;

namespace Latchkey.Operations.Erasure;

/// <summary>How much an application holds, for people to know before they delete it or shut it.</summary>
public sealed class ApplicationCounter(Database database, ApplicationCountStore store)
{
    public Task<ApplicationCounts> Count(string appId) => database.Read(db => store.CountUpToMax(db, appId));

    public Task<long> CountUsers(string appId) => database.Read(db => store.CountUsersUpToMax(db, appId));

    /// <summary>So many of something, as in "no users", "1 user" and "more than 10,000 users".</summary>
    public static string FormatCount(long number, string one) =>
        number switch
        {
            0 => $"no {one}s",
            1 => $"1 {one}",
            > ApplicationCountStore.MaxCount =>
                $"more than {ApplicationCountStore.MaxCount.ToString("N0", CultureInfo.InvariantCulture)} {one}s",
            _ => $"{number.ToString("N0", CultureInfo.InvariantCulture)} {one}s",
        };
}
