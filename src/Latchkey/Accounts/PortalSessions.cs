using System.Data.Common;
using Latchkey.Cryptography;
using Latchkey.Data;

namespace Latchkey.Accounts;

/// <summary>Portal sessions: they end after one idle hour, and after 24 hours in any case.</summary>
public sealed class PortalSessions(Database database, PortalSessionStore store, TimeProvider clock)
{
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromHours(1);
    private static readonly TimeSpan AbsoluteTimeout = TimeSpan.FromHours(24);
    private static readonly TimeSpan TouchInterval = TimeSpan.FromMinutes(1);

    /// <summary>The maximum number of sessions of one developer. A newer one ends the oldest.</summary>
    private const int MaxSessions = 100;

    private long IdleSince => clock.Now() - (long)IdleTimeout.TotalMilliseconds;

    /// <summary>Creates a session for an authenticated developer. Returns its token, which must only be stored in the cookie.</summary>
    public Task<string> Create(Developer developer, Device device) => database.Write(db => Create(db, developer.Id, device));

    /// <summary>As above, in the caller's transaction.</summary>
    public async Task<string> Create(DbConnection db, string developerId, Device device)
    {
        var (token, now) = (Secrets.Token(), clock.Now());
        await store.Insert(
            db,
            new PortalSession
            {
                TokenHash = Secrets.Hash(token),
                Id = Ids.New(clock),
                DeveloperId = developerId,
                Client = device.Client.Address,
                Browser = device.Browser,
                CreatedAt = now,
                SeenAt = now,
                ProvedAt = now,
                ExpiresAt = now + (long)AbsoluteTimeout.TotalMilliseconds,
            }
        );
        await store.EndSurplus(db, developerId, MaxSessions);
        return token;
    }

    /// <summary>The active session and its developer. Using it restarts the idle time.</summary>
    public async Task<(PortalSession Session, Developer Developer)?> Find(string token)
    {
        var (hash, now) = (Secrets.Hash(token), clock.Now());
        var found = await database.Read(db => store.Find(db, hash, now, IdleSince));
        if (found is { } live && now - live.Session.SeenAt > TouchInterval.TotalMilliseconds)
        {
            await database.Write(db => store.Touch(db, hash, now));
        }

        return found;
    }

    /// <summary>Most recently used first.</summary>
    public Task<IReadOnlyList<PortalSession>> List(Developer developer) =>
        database.Read(db => store.ListByDeveloper(db, developer.Id, clock.Now(), IdleSince));

    public Task SignOut(string token) => database.Write(db => store.End(db, Secrets.Hash(token)));

    /// <summary>Ends one of the developer's own sessions.</summary>
    public Task End(Developer developer, string id) => database.Write(db => store.EndById(db, developer.Id, id));

    public Task EndOthers(Developer developer, PortalSession kept) => database.Write(db => store.EndAll(db, developer.Id, kept.Id));
}
