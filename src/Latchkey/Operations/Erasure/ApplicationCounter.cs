using System.Globalization;
using Latchkey.Data;

namespace Latchkey.Operations.Erasure;

/// <summary>Counts an application's data, to show before it is deleted or suspended.</summary>
public sealed class ApplicationCounter(Database database, ApplicationCountStore store)
{
    public Task<ApplicationCounts> Count(string appId) => database.Read(db => store.CountUpToMax(db, appId));

    public Task<long> CountUsers(string appId) => database.Read(db => store.CountUsersUpToMax(db, appId));

    /// <summary>Formats a count: "no users", "1 user", "more than 10,000 users".</summary>
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
