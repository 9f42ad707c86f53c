using Latchkey.Data;

namespace Latchkey.Jobs;

/// <summary>Long work in the background, by one node at a time.</summary>
public static class JobsServices
{
    public static IServiceCollection AddJobs(this IServiceCollection services) =>
        services
            .AddSingleton<JobStore>()
            .AddSingleton<JobQueue>()
            .AddRetention<JobStore>((store, run) => run.Remove(db => store.RemoveFinished(db, run.ExpiredCodesBefore)));
}
