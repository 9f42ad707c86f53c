using System.Collections.Concurrent;
using Latchkey.Data;
using Latchkey.Tokens;

namespace Latchkey.Applications;

/// <summary>
/// Applications in memory, ready to serve. A change by this process is seen at once, a change by another within a second
/// (<see cref="ApplicationFollower"/>).
/// </summary>
public sealed class ApplicationDirectory(Database database, ApplicationStore store, SigningKeys keys)
{
    private readonly ConcurrentDictionary<string, Lazy<Task<Application?>>> loaded = new(StringComparer.Ordinal);

    /// <summary>The application, or null when there is none with this id.</summary>
    public async Task<Application?> Find(string appId)
    {
        var entry = loaded.GetOrAdd(appId, id => new(() => Load(id)));
        try
        {
            if (await entry.Value is { } application)
            {
                return application;
            }
        }
        catch
        {
            loaded.TryRemove(new(appId, entry)); // a broken load is tried again by the next request
            throw;
        }

        loaded.TryRemove(new(appId, entry)); // unknown ids take no memory
        return null;
    }

    public void Forget(string appId) => loaded.TryRemove(appId, out _);

    public void ForgetAll() => loaded.Clear();

    private Task<Application?> Load(string appId) =>
        database.Read(async db =>
        {
            if (await store.Find(db, appId) is not { } row)
            {
                return null;
            }

            var rows = await store.SigningKeys(db, appId);
            var active = rows.First(key => key.State == "active");
            var open = rows.ToDictionary(key => key.Id, keys.Open, StringComparer.Ordinal);
            return new Application(
                row,
                SettingsDocument.Read(row.Settings),
                open[active.Id],
                active.PublicKey,
                [.. rows.Select(key => open[key.Id])],
                await store.AppTokens(db, appId),
                await store.AppSecrets(db, appId),
                await store.Templates(db, appId));
        });
}
