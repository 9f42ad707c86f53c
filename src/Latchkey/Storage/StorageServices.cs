using Latchkey.Data;

namespace Latchkey.Storage;

/// <summary>Files of users in the applications' buckets.</summary>
public static class StorageServices
{
    /// <summary>How long an upload may take before it counts as abandoned.</summary>
    private static readonly TimeSpan AbandonedAfter = TimeSpan.FromDays(1);

    public static IServiceCollection AddStorage(this IServiceCollection services) =>
        services
            .AddSingleton<StorageSettingsStore>()
            .AddSingleton<StorageInputReader>()
            .AddSingleton<StorageSettingsRules>()
            .AddSingleton<StorageHttp>()
            .AddSingleton<Buckets>()
            .AddSingleton<BucketTest>()
            .AddSingleton<AssetStore>()
            .AddSingleton<AssetLinks>()
            .AddSingleton<AssetRules>()
            .AddSingleton<StorageUsageStore>()
            .AddSingleton<StorageMeter>()
            .AddSingleton<StorageOverview>()
            .AddSingleton<RemovalStore>()
            .AddSingleton<ObjectRemover>()
            .AddSingleton<StorageErasure>()
            .AddSingleton<StorageCheck>()
            .AddRetention<AssetStore>(
                (store, run) => run.RemoveInBatches(db => store.RemoveAbandoned(db, run.Before(AbandonedAfter), RetentionRun.BatchSize))
            )
            .AddRetention<StorageSettingsStore>((store, run) => run.Remove(store.RemoveUnused));
}
