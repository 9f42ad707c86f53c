using Latchkey.Activity.Audit;
using Latchkey.Activity.Metering;
using Latchkey.Activity.Usage;
using Latchkey.Data;
using Latchkey.Jobs;

namespace Latchkey.Activity;

/// <summary>Each application's audit log, and usage by day and hour.</summary>
public static class ActivityServices
{
    public static IServiceCollection AddActivity(this IServiceCollection services) =>
        services
            .AddSingleton<MeteringStore>()
            .AddSingleton<MeterReadings>()
            .AddSingleton<UsageStore>()
            .AddSingleton<UserCountStore>()
            .AddSingleton<UserCounts>()
            .AddSingleton<UsageReport>()
            .AddSingleton<AuditStore>()
            .AddSingleton<InstallationLogStore>()
            .AddSingleton<InstallationLogReader>()
            .AddSingleton<InstallationLog>()
            .AddSingleton<AuditLogStore>()
            .AddSingleton<AuditLog>()
            .AddSingleton<AuditExportStore>()
            .AddSingleton<AuditExports>()
            .AddSingleton<IJobHandler, AuditExport>()
            .AddRetention<AuditStore>(
                (store, run) => run.RemoveInBatches(db => store.RemoveOlder(db, run.LogsBefore, RetentionRun.BatchSize))
            )
            .AddRetention<InstallationLogStore>(
                (store, run) => run.RemoveInBatches(db => store.RemoveOlder(db, run.LogsBefore, RetentionRun.BatchSize))
            )
            .AddRetention<AuditExportStore>((store, run) => run.Remove(db => store.RemoveOlder(db, run.Before(AuditExport.Retention))))
            .AddRetention<UsageStore>(
                (store, run) => run.Remove(db => store.RemoveDaysBefore(db, UsageDay.Of(run.Now) - UsageStore.RetentionDays))
            )
            .AddRetention<UsageStore>(
                (store, run) =>
                    run.RemoveInBatches(db =>
                        store.RemoveHoursBefore(db, UsageTime.HourOf(run.Before(UsageStore.HoursRetention)), RetentionRun.BatchSize)
                    )
            );
}
