using System.Globalization;
using Latchkey.Data;

namespace Latchkey.Operations.Erasure;

/// <summary>How much an application holds, for people to know before they delete it or shut it.</summary>
public sealed class ApplicationContents(Database database, ContentsStore store)
{
    public Task<Contents> Of(string appId) => database.Read(db => store.UpToMost(db, appId));

    public Task<long> Users(string appId) => database.Read(db => store.UsersUpToMost(db, appId));

    /// <summary>So many of something, as in "no users", "1 user" and "more than 10,000 users".</summary>
    public static string Text(long number, string one) => number switch
    {
        0 => $"no {one}s",
        1 => $"1 {one}",
        > ContentsStore.Most => $"more than {ContentsStore.Most.ToString("N0", CultureInfo.InvariantCulture)} {one}s",
        _ => $"{number.ToString("N0", CultureInfo.InvariantCulture)} {one}s",
    };
}
