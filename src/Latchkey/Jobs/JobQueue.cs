using System.Data.Common;
using Latchkey.Data;

namespace Latchkey.Jobs;

/// <summary>Queues background jobs and finds them. <see cref="JobWorker"/> runs them on any node.</summary>
public sealed class JobQueue(Database database, JobStore store, IEnumerable<IJobHandler> kinds, TimeProvider clock)
{
    private readonly Dictionary<string, IJobHandler> handlers = kinds.ToDictionary(kind => kind.Name, StringComparer.Ordinal);

    /// <summary>The kinds that this version supports. A job of a newer version waits for a node that supports it.</summary>
    public IReadOnlyList<string> HandlerNames { get; } = [.. kinds.Select(kind => kind.Name)];

    /// <summary>Queues a job in the caller's transaction. Returns its id.</summary>
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

    /// <summary>As <see cref="Enqueue"/>; null when the application has an unfinished job of this kind.</summary>
    public async Task<string?> EnqueueUnlessRunning(DbConnection db, string kind, string appId, string input, string actor) =>
        await store.IsRunning(db, appId, kind) ? null : await Enqueue(db, kind, appId, input, actor);

    /// <summary>Stops an open job, if it can be stopped. What it did stays done; it does nothing after this returns.</summary>
    public Task Cancel(string id) =>
        database.Write(async db =>
        {
            if (await store.FindOpenForUpdate(db, id) is { } job && GetHandler(job.Kind).CancelledOutcome(job) is { } outcome)
            {
                await store.Cancel(db, id, outcome, clock.Now());
            }
        });

    /// <summary>
    /// Deletes an application's jobs in the caller's transaction: exports contain copies of deleted data, and imports would continue to add
    /// users.
    /// </summary>
    public Task RemoveByApplication(DbConnection db, string appId) => store.RemoveByApplication(db, appId);

    /// <summary>Null also for a job of a kind that only a newer version supports.</summary>
    public async Task<Job?> Find(string id) =>
        await database.Read(db => store.Find(db, id)) is { } job && handlers.ContainsKey(job.Kind) ? job : null;

    public Task<Job?> Newest(string appId, string kind) => database.Read(db => store.Newest(db, appId, kind));

    public async Task<IReadOnlyList<Job>> ListOpen() =>
        [.. (await database.Read(store.ListOpen)).Where(job => handlers.ContainsKey(job.Kind))];

    public IJobHandler GetHandler(string name) => handlers[name];
}
