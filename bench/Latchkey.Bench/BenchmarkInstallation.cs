using Latchkey.Accounts;
using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Core.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Latchkey.Bench;

/// <summary>A new installation's folder and database, gone when done.</summary>
public sealed class BenchmarkInstallation : IAsyncDisposable
{
    private readonly PostgresCluster? cluster;

    private BenchmarkInstallation(PostgresCluster? cluster, InstallationSettings installation) =>
        (this.cluster, Installation) = (cluster, installation);

    public InstallationSettings Installation { get; }

    public static async Task<BenchmarkInstallation> Make(string engine)
    {
        var folder = Directory.CreateTempSubdirectory("latchkey-bench-").FullName;
        var cluster = engine == "postgres" ? await PostgresCluster.Start() : null;
        return new(
            cluster,
            new InstallationSettings
            {
                DataFolder = folder,
                Database = cluster is null ? Path.Combine(folder, "latchkey.db") : await cluster.CreateDatabase(),
            }
        );
    }

    /// <summary>Makes an operator of the portal; the value of the session's cookie.</summary>
    public static async Task<string> SignInOperator(IServiceProvider services)
    {
        var (account, _) = await services
            .GetRequiredService<DeveloperAccounts>()
            .Create("Bench", "bench@example.com", "violet harbour lamp", Role.Operator);
        return await services.GetRequiredService<PortalSessions>().Create(account!, new Device(ClientAddress.From(null), ""));
    }

    public async ValueTask DisposeAsync()
    {
        if (cluster is not null)
        {
            await cluster.DisposeAsync();
        }

        Directory.Delete(Installation.DataFolder, recursive: true);
    }
}
