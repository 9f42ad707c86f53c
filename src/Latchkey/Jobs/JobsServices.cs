using Latchkey.Data;

namespace Latchkey.Jobs;

/// <summary>Background jobs, each run by one node at a time.</summary>
public static class JobsServices
{
    public static IServiceCollection AddJobs(this IServiceCollection services) =>
        services
            .AddSingleton<ServerStart>()
            .AddSingleton<WorkerHealth>()
            .AddSingleton<NodeStore>()
            .AddSingleton<JobStore>()
            .AddSingleton<JobQueue>()
            .AddSingleton<DeferredWork>()
            .AddRetention<JobStore>((store, run) => run.Remove(db => store.RemoveFinished(db, run.ExpiredCodesBefore)));
}
