using System.Collections.Concurrent;
using Latchkey.Data;

namespace Latchkey.Applications;

/// <summary>
/// Caches loaded applications. A change by this process is visible immediately, a change by another one within a second (<see
/// cref="ApplicationChangeListener"/>).
/// </summary>
public sealed class ApplicationCache(Database database, ApplicationLoader loader)
{
    private readonly ConcurrentDictionary<string, Lazy<Task<Application?>>> loaded = new(StringComparer.Ordinal);

    /// <summary>The application; null when there is none with this id.</summary>
    public async Task<Application?> Find(string appId)
    {
        var entry = loaded.GetOrAdd(appId, id => new(() => database.Read(db => loader.Load(db, id))));
        try
        {
            if (await entry.Value is { } application)
            {
                return application;
            }
        }
        catch
        {
            loaded.TryRemove(new(appId, entry)); // the next request retries a failed load
            throw;
        }

        loaded.TryRemove(new(appId, entry)); // unknown ids must not fill the memory
        return null;
    }

    /// <param name="appId">The application, or <see cref="Dialect.AllApplications"/>.</param>
    public void Invalidate(string appId)
    {
        if (appId == Dialect.AllApplications)
        {
            InvalidateAll();
        }

        loaded.TryRemove(appId, out _);
    }

    public void InvalidateAll() => loaded.Clear();
}
