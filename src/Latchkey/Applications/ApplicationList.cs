using Latchkey.Activity.Usage;
using Latchkey.Core;
using Latchkey.Data;

namespace Latchkey.Applications;

/// <summary>Lists of applications. No page counts more than a few users.</summary>
public sealed class ApplicationList(Database database, ApplicationListStore store, UserCounts counts, TimeProvider clock)
{
    /// <summary>One page, and whether there is a next one.</summary>
    /// <param name="developerId">Lists this developer's applications with the role in each; null for all applications.</param>
    /// <param name="page">From 0.</param>
    public async Task<(IReadOnlyList<ApplicationSummary> Applications, bool HasMore)> Page(
        ApplicationQuery query,
        string? developerId,
        int page,
        int size
    )
    {
        if (!Field.IsStorable(query.Search))
        {
            return ([], false); // no stored text can contain it
        }

        var month = UsageDay.FirstOfMonth(UsageDay.Of(clock.Now()));
        return await database.Read(async db =>
        {
            var found = await store.Page(db, query, developerId, month, page * size, size + 1);
            var shown = found.Take(size).ToList();
            var users = await counts.Get(db, [.. shown.Select(app => app.Id)]);
            IReadOnlyList<ApplicationSummary> applications =
            [
                .. shown.Select(app =>
                    users.TryGetValue(app.Id, out var count) ? app with { Users = count.Count, UsersAsOf = count.AsOf } : app
                ),
            ];
            return (applications, found.Count > size);
        });
    }

    /// <summary>Applications by name, best match first.</summary>
    /// <param name="search">Part of a name, or the beginning of an id; empty for all.</param>
    /// <param name="developerId">As for <see cref="Page"/>.</param>
    public async Task<IReadOnlyList<ApplicationName>> Names(string search, string? developerId, int limit) =>
        Field.IsStorable(search) ? await database.Read(db => store.Names(db, search, developerId, limit)) : [];

    /// <summary>These applications first, in this order, and then others by name.</summary>
    /// <param name="first">Ids; those that are not there, or that the developer may not see, are left out.</param>
    /// <param name="developerId">As for <see cref="Page"/>.</param>
    public async Task<IReadOnlyList<ApplicationName>> Names(IReadOnlyList<string> first, string? developerId, int limit)
    {
        string[] ids = [.. first.Where(Field.IsStorable)];
        return await database.Read(async db =>
        {
            var known = (await store.Names(db, ids, developerId)).ToDictionary(app => app.Id, StringComparer.Ordinal);
            var names = ids.Where(known.ContainsKey).Select(id => known[id]);
            var others = (await store.Names(db, "", developerId, limit)).Where(app => !known.ContainsKey(app.Id));
            return (IReadOnlyList<ApplicationName>)[.. names.Concat(others).Take(limit)];
        });
    }

    /// <summary>The addresses of the applications' owners.</summary>
    public Task<ILookup<string, string>> Owners(params string[] appIds) => database.Read(db => store.Owners(db, appIds));

    /// <summary>All applications by name, read in pages, after counting all users.</summary>
    public async Task<IReadOnlyList<ApplicationSummary>> All()
    {
        const int Size = 500;
        await counts.Count();
        var all = new List<ApplicationSummary>();
        for (var (page, hasMore) = (0, true); hasMore; page++)
        {
            (var applications, hasMore) = await Page(new ApplicationQuery(), null, page, Size);
            all.AddRange(applications);
        }

        return all;
    }
}
