using Latchkey.Core.Configuration;

namespace Latchkey.Data;

/// <summary>The installation's database.</summary>
public static class DataServices
{
    /// <param name="services">The service collection.</param>
    /// <param name="installation">The settings with the connection string.</param>
    /// <param name="busyTimeout">How long a write waits for another process's SQLite write lock; by default as for commands.</param>
    public static IServiceCollection AddData(this IServiceCollection services, InstallationSettings installation, TimeSpan? busyTimeout) =>
        services
            .AddSingleton(_ => Database.Open(installation.DatabaseConnection, installation.DatabaseListen, busyTimeout))
            .AddSingleton(s => s.GetRequiredService<Database>().Clock)
            .AddSingleton(s => s.GetRequiredService<Database>().Dialect);

    /// <summary>Registers a retention step: each retention run calls <paramref name="remove"/>.</summary>
    public static IServiceCollection AddRetention<T>(this IServiceCollection services, Func<T, RetentionRun, Task> remove)
        where T : notnull => services.AddSingleton(s => new RetentionStep(run => remove(s.GetRequiredService<T>(), run)));
}
