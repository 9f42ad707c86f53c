using System.Collections.Concurrent;

[assembly: AssemblyFixture(typeof(Latchkey.Tests.Harness.Servers))]

namespace Latchkey.Tests.Harness;

/// <summary>The servers that test classes share: one as people run it, and one with its limits off.</summary>
public sealed class Servers : IAsyncLifetime
{
    private readonly ConcurrentBag<IAsyncDisposable> ours = [];
    private Lazy<Task<ServerProcess>>? unlimited;
    private PostgresCluster? cluster;

    /// <summary>With all limits on, as everyone runs it.</summary>
    public ServerProcess Main { get; private set; } = null!;

    /// <summary>Run with <c>--limits off</c>.</summary>
    public Task<ServerProcess> Unlimited() => unlimited!.Value;

    public async ValueTask InitializeAsync()
    {
        await ChildProcess.Run(Path.Combine(Repository.Root, "scripts", "build"));
        cluster = Engine.IsPostgres ? await PostgresCluster.Start() : null;
        unlimited = new(() => Start("--limits", "off"));
        Main = await Start();
    }

    /// <summary>A fresh installation, for a test that needs one to itself.</summary>
    public async Task<InstallationUnderTest> NewInstallation()
    {
        var installation = await InstallationUnderTest.Create(cluster);
        ours.Add(installation);
        return installation;
    }

    /// <summary>A server on a fresh installation.</summary>
    public async Task<ServerProcess> Start(params string[] options) => await StartOn(await NewInstallation(), options);

    public async Task<ServerProcess> StartOn(InstallationUnderTest installation, string[]? options = null, (string Name, string Value)[]? environment = null)
    {
        var server = await ServerProcess.Start(installation, options, environment);
        ours.Add(server);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in ours.OfType<ServerProcess>())
        {
            await server.DisposeAsync();
        }

        foreach (var installation in ours.OfType<InstallationUnderTest>())
        {
            await installation.DisposeAsync();
        }

        if (cluster is not null)
        {
            await cluster.DisposeAsync();
        }
    }
}
