using Latchkey.Data;

namespace Latchkey.Limits;

/// <summary>Rate limits.</summary>
public static class LimitsServices
{
    public static IServiceCollection AddLimits(this IServiceCollection services) =>
        services
            .AddSingleton<LimitStore>()
            .AddSingleton<RateLimits>()
            .AddSingleton<CodeAttempts>()
            .AddSingleton<PasswordAttempts>()
            .AddSingleton<RequestThrottle>()
            .AddSingleton<LogThrottle>()
            .AddRetention<LimitStore>((store, run) => run.RemoveInBatches(db => store.RemoveExpired(db, run.Now, RetentionRun.BatchSize)));
}
