using System.Data.Common;
using Latchkey.Data;

namespace Latchkey.Jobs;

/// <summary>Starts long work and looks after it. The server's <see cref="JobWorker"/> does it, on whichever node has time.</summary>
public sealed class JobQueue(Database database, JobStore store, IEnumerable<IJobHandler> kinds, TimeProvider clock)
{
    private readonly Dictionary<string, IJobHandler> handlers = kinds.ToDictionary(kind => kind.Name, StringComparer.Ordinal);

    /// <summary>The kinds that this version knows; what a newer one put in waits for a node that does.</summary>
    public IReadOnlyList<string> HandlerNames { get; } = [.. kinds.Select(kind => kind.Name)];

    /// <summary>Puts a job in the queue, as part of the caller's transaction; its id.</summary>
    public async Task<string> Enqueue(DbConnection db, string kind, string? appId, string input, string actor)
    {
        var (id, now) = (Ids.New(clock), clock.Now());
        await store.Insert(
            db,
            new Job
            {
                Id = id,
                AppId = appId,
                Kind = GetHandler(kind).Name,
                Actor = actor,
                Input = input,
                CreatedAt = now,
                LeasedUntil = now,
            }
        );
        return id;
    }

    /// <summary>As <see cref="Enqueue"/>, unless a job of this kind is under way for the application: then null.</summary>
    public async Task<string?> EnqueueUnlessRunning(DbConnection db, string kind, string appId, string input, string actor) =>
        await store.IsRunning(db, appId, kind) ? null : await Enqueue(db, kind, appId, input, actor);

    /// <summary>
    /// Ends and forgets an application's jobs, as part of the caller's transaction: exports hold copies of what is deleted, imports would
    /// go on adding.
    /// </summary>
    public Task RemoveByApplication(DbConnection db, string appId) => store.RemoveByApplication(db, appId);

    /// <summary>Null also for one that only a newer version knows.</summary>
    public async Task<Job?> Find(string id) =>
        await database.Read(db => store.Find(db, id)) is { } job && handlers.ContainsKey(job.Kind) ? job : null;

    public Task<Job?> Newest(string appId, string kind) => database.Read(db => store.Newest(db, appId, kind));

    public async Task<IReadOnlyList<Job>> ListOpen() =>
        [.. (await database.Read(store.ListOpen)).Where(job => handlers.ContainsKey(job.Kind))];

    public IJobHandler GetHandler(string name) => handlers[name];
}
