using System.Collections.Concurrent;

[assembly: AssemblyFixture(typeof(Latchkey.Tests.Harness.Servers))]
[assembly: Latchkey.Tests.Harness.EndsItsServers]

namespace Latchkey.Tests.Harness;

/// <summary>
/// A server that a test started ends with the test: dozens of idle ones would slow the others down. A test that failed shows the
/// errors that servers logged meanwhile.
/// </summary>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class EndsItsServersAttribute : Xunit.v3.BeforeAfterTestAttribute
{
    private const int Shown = 10;

    public override void After(System.Reflection.MethodInfo methodUnderTest, Xunit.v3.IXunitTest test)
    {
        var servers = Servers.TakeThoseOf(test.UniqueID);
        foreach (var server in servers)
        {
            server.End();
        }

        if (TestContext.Current.TestState?.Result == TestResult.Failed)
        {
            foreach (var line in servers.Concat(Servers.Shared).SelectMany(server => server.Errors.TakeLast(Shown)))
            {
                TestContext.Current.TestOutputHelper?.WriteLine(line);
            }
        }
    }
}

/// <summary>The servers that test classes share: one as people run it, and one with its limits off.</summary>
public sealed class Servers : IAsyncLifetime
{
    private static readonly ConcurrentDictionary<string, ConcurrentBag<ServerProcess>> OfTests = new(StringComparer.Ordinal);
    private static readonly ConcurrentBag<ServerProcess> OfAll = [];
    private readonly ConcurrentBag<IAsyncDisposable> ours = [];
    private Lazy<Task<ServerProcess>>? unlimited;
    private PostgresCluster? cluster;

    /// <summary>The PostgreSQL that the installations are on; null on SQLite. Tests that stop it start one of their own.</summary>
    public PostgresCluster? Cluster => cluster;

    /// <summary>With all limits on, as everyone runs it.</summary>
    public ServerProcess Main { get; private set; } = null!;

    /// <summary>Run with <c>--limits off</c>.</summary>
    public Task<ServerProcess> Unlimited() => unlimited!.Value;

    public async ValueTask InitializeAsync()
    {
        await ChildProcess.Run(Path.Combine(Repository.Root, "scripts", "build"));
        cluster = Engine.IsPostgres ? await PostgresCluster.Start() : null;
        unlimited = new(async () => await ForAll("--limits", "off"));
        Main = await ForAll();
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
        var server = await Keep(installation, options, environment);
        if (TestContext.Current.Test is { } test)
        {
            OfTests.GetOrAdd(test.UniqueID, _ => []).Add(server);
        }

        return server;
    }

    /// <summary>The servers that a test has started.</summary>
    public static IReadOnlyCollection<ServerProcess> TakeThoseOf(string testId) => OfTests.TryRemove(testId, out var servers) ? servers : [];

    /// <summary>The servers that serve all tests.</summary>
    public static IEnumerable<ServerProcess> Shared => OfAll;

    private async Task<ServerProcess> ForAll(params string[] options)
    {
        var server = await Keep(await NewInstallation(), options, null);
        OfAll.Add(server);
        return server;
    }

    private async Task<ServerProcess> Keep(InstallationUnderTest installation, string[]? options, (string Name, string Value)[]? environment)
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
