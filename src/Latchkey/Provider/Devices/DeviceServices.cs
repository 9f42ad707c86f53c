using Latchkey.Data;

namespace Latchkey.Provider.Devices;

/// <summary>Devices without a browser.</summary>
public static class DeviceServices
{
    public static IServiceCollection AddDevices(this IServiceCollection services) =>
        services
            .AddSingleton<DeviceRequestStore>()
            .AddSingleton<DeviceRules>()
            .AddSingleton<DeviceDecisions>()
            .AddSingleton<DeviceGrant>()
            .AddRetention<DeviceRequestStore>(
                (store, run) => run.RemoveInBatches(db => store.RemoveExpired(db, run.Before(DeviceRules.Kept), RetentionRun.BatchSize))
            );
}
