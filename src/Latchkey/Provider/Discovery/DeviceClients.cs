using System.Collections.Concurrent;
using Latchkey.Data;
using Latchkey.Provider.Clients;

namespace Latchkey.Provider.Discovery;

/// <summary>Whether an application has a client with the device grant. Kept for a minute, because discovery is asked for often.</summary>
public sealed class DeviceClients(Database database, ClientStore store, TimeProvider clock)
{
    private const int MaxApplications = 10_000;
    private const long Kept = 60_000;
    private readonly ConcurrentDictionary<string, (bool Exist, long Until)> known = new(StringComparer.Ordinal);

    public async Task<bool> Exist(string appId)
    {
        var now = clock.Now();
        if (known.TryGetValue(appId, out var found) && found.Until > now)
        {
            return found.Exist;
        }

        if (known.Count >= MaxApplications)
        {
            known.Clear();
        }

        var exist = await database.Read(db => store.HaveGrant(db, appId, GrantType.DeviceCode));
        known[appId] = (exist, now + Kept);
        return exist;
    }
}
