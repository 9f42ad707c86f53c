using Latchkey.Core.Configuration;

namespace Latchkey.Data;

/// <summary>The database of the installation.</summary>
public static class DataServices
{
    /// <param name="services">Where to.</param>
    /// <param name="installation">Where the database is.</param>
    /// <param name="busyTimeout">How long a write waits while another process writes to SQLite; by default as commands do.</param>
    public static IServiceCollection AddData(this IServiceCollection services, InstallationSettings installation, TimeSpan? busyTimeout) =>
        services
            .AddSingleton(_ => Database.Open(installation.DatabaseConnection, installation.DatabaseListen, busyTimeout))
            .AddSingleton(s => s.GetRequiredService<Database>().Clock)
            .AddSingleton(s => s.GetRequiredService<Database>().Dialect);

    /// <summary>
    /// Something of <typeparamref name="T"/> that expires: <paramref name="remove"/> is called at each pass over all of them.
    /// </summary>
    public static IServiceCollection AddRetention<T>(this IServiceCollection services, Func<T, RetentionRun, Task> remove)
        where T : notnull => services.AddSingleton(s => new RetentionStep(run => remove(s.GetRequiredService<T>(), run)));
}
