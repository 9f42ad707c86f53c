using System.Collections.Frozen;
using Latchkey.Data;

namespace Latchkey.Applications.Domains;

/// <summary>
/// Which application a host belongs to, from memory, because every request asks. A change by this process is visible immediately, one by
/// another within a second (<see cref="ApplicationChangeListener"/>).
/// </summary>
public sealed class ApplicationDomains(Database database, DomainStore store)
{
    private Lazy<Task<FrozenDictionary<string, string>>>? loaded;

    /// <summary>The id of the application that has the host; null for none.</summary>
    /// <param name="host">Without a port, as a request has it.</param>
    public async ValueTask<string?> Find(string host)
    {
        var all = Volatile.Read(ref loaded);
        if (all is null)
        {
            all = new(Load);
            all = Interlocked.CompareExchange(ref loaded, all, null) ?? all;
        }

        try
        {
            return (await all.Value).GetValueOrDefault(host);
        }
        catch
        {
            Interlocked.CompareExchange(ref loaded, null, all); // the next request retries a failed load
            throw;
        }
    }

    public void Invalidate() => Volatile.Write(ref loaded, null);

    private async Task<FrozenDictionary<string, string>> Load() =>
        (await database.Read(store.All)).ToFrozenDictionary(one => one.Host, one => one.AppId, StringComparer.OrdinalIgnoreCase);
}
