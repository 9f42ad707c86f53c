using System.Data.Common;
using Latchkey.Cryptography;
using Latchkey.Data;

namespace Latchkey.Accounts;

/// <summary>Signed-in browsers: an hour idle and a day in all.</summary>
public sealed class PortalSessions(Database database, PortalSessionStore store, TimeProvider clock)
{
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromHours(1);
    private static readonly TimeSpan AbsoluteTimeout = TimeSpan.FromHours(24);
    private static readonly TimeSpan TouchInterval = TimeSpan.FromMinutes(1);

    private long IdleSince => clock.Now() - (long)IdleTimeout.TotalMilliseconds;

    /// <summary>A session for someone who has just proved who they are; its token goes into a cookie and nowhere else.</summary>
    public Task<string> Create(Developer developer, Device device) => database.Write(db => Create(db, developer.Id, device));

    /// <summary>As part of the caller's transaction.</summary>
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
                ExpiresAt = now + (long)AbsoluteTimeout.TotalMilliseconds,
            }
        );
        return token;
    }

    /// <summary>A live session and whose it is; being seen keeps it from idling out.</summary>
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

    /// <summary>The one seen last first.</summary>
    public Task<IReadOnlyList<PortalSession>> List(Developer developer) =>
        database.Read(db => store.ListByDeveloper(db, developer.Id, clock.Now(), IdleSince));

    public Task SignOut(string token) => database.Write(db => store.End(db, Secrets.Hash(token)));

    /// <summary>Ends one of the developer's sessions; another's stays.</summary>
    public Task End(Developer developer, string id) => database.Write(db => store.EndById(db, developer.Id, id));

    public Task EndOthers(Developer developer, PortalSession kept) => database.Write(db => store.EndAll(db, developer.Id, kept.Id));
}
