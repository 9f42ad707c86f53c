using System.Data.Common;
using Latchkey.Data;

namespace Latchkey.Jobs;

/// <summary>Starts long work and looks after it. The server's <see cref="JobWorker"/> does it, on whichever node has time.</summary>
public sealed class JobQueue(Database database, JobStore store, IEnumerable<IJobKind> kinds, TimeProvider clock)
{
    private readonly Dictionary<string, IJobKind> kinds = kinds.ToDictionary(kind => kind.Name, StringComparer.Ordinal);

    /// <summary>Puts a job in the queue, as part of the caller's transaction; its id.</summary>
    public async Task<string> Start(DbConnection db, string kind, string? appId, string input, string actor)
    {
        var (id, now) = (Ids.New(clock), clock.Now());
        await store.Insert(db, new Job { Id = id, AppId = appId, Kind = Kind(kind).Name, Actor = actor, Input = input, CreatedAt = now, LeasedUntil = now });
        return id;
    }

    /// <summary>Ends and forgets an application's jobs, as part of the caller's transaction: exports hold copies of what is deleted, imports would go on adding.</summary>
    public Task RemoveOf(DbConnection db, string appId) => store.RemoveOf(db, appId);

    public Task<Job?> Find(string id) => database.Read(db => store.Find(db, id));

    public Task<Job?> Newest(string appId, string kind) => database.Read(db => store.Newest(db, appId, kind));

    public Task<IReadOnlyList<Job>> Open() => database.Read(store.Open);

    /// <exception cref="InvalidOperationException">A newer Latchkey put it in.</exception>
    public IJobKind Kind(string name) => kinds.TryGetValue(name, out var kind) ? kind : throw new InvalidOperationException($"there is no job of kind {name}");
}
