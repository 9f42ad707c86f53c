using System.Collections.Concurrent;

[assembly: AssemblyFixture(typeof(Latchkey.Tests.Harness.ServerFixture))]
[assembly: Latchkey.Tests.Harness.DisposeServersAfterTest]

namespace Latchkey.Tests.Harness;

/// <summary>
/// A server that a test started ends with the test, and so does its installation: dozens of idle servers would slow the others down,
/// and hundreds of idle connections would be all that PostgreSQL takes. A test that failed shows the errors that servers logged meanwhile.
/// </summary>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class DisposeServersAfterTestAttribute : Xunit.v3.BeforeAfterTestAttribute
{
    private const int Shown = 10;

    public override void After(System.Reflection.MethodInfo methodUnderTest, Xunit.v3.IXunitTest test)
    {
        var servers = Task.Run(() => ServerFixture.DisposeServersOf(test.UniqueID)).GetAwaiter().GetResult();
        if (TestContext.Current.TestState?.Result == TestResult.Failed)
        {
            foreach (var line in servers.Concat(ServerFixture.Shared).SelectMany(server => server.Errors.TakeLast(Shown)))
            {
                TestContext.Current.TestOutputHelper?.WriteLine(line);
            }
        }
    }
}

/// <summary>The servers that test classes share: one as people run it, and one with its limits off.</summary>
public sealed class ServerFixture : IAsyncLifetime
{
    private static readonly ConcurrentDictionary<string, ConcurrentBag<IAsyncDisposable>> ByTest = new(StringComparer.Ordinal);
    private static readonly ConcurrentBag<ServerProcess> SharedServers = [];
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
        if (!RepositoryPaths.IsProgramGiven)
        {
            await ChildProcess.Run(Path.Combine(RepositoryPaths.Root, "scripts", "build"));
        }

        if (Engine.IsPostgres)
        {
            cluster = await PostgresCluster.Start();
            await cluster.MakeTemplate();
        }

        unlimited = new(async () => await StartShared("--limits", "off"));
        Main = await StartShared();
    }

    /// <summary>A fresh installation, for a test that needs one to itself.</summary>
    /// <param name="isEmpty">Its database has no schema yet; else it may have one.</param>
    public async Task<TestInstallation> NewInstallation(bool isEmpty = false) => RegisterForTest(await KeepInstallation(isEmpty));

    /// <summary>A server on a fresh installation.</summary>
    public async Task<ServerProcess> Start(params string[] options) => await StartOn(await NewInstallation(), options);

    public async Task<ServerProcess> StartOn(
        TestInstallation installation,
        string[]? options = null,
        (string Name, string Value)[]? environment = null
    ) => RegisterForTest(await Keep(installation, options, environment));

    /// <summary>Ends the servers that a test has started, then the installations that were made for it; gives the servers.</summary>
    public static async Task<IReadOnlyList<ServerProcess>> DisposeServersOf(string testId)
    {
        var all = ByTest.TryRemove(testId, out var found) ? found : [];
        foreach (var one in all.OrderBy(one => one is TestInstallation))
        {
            await one.DisposeAsync();
        }

        return [.. all.OfType<ServerProcess>()];
    }

    /// <summary>The servers that serve all tests.</summary>
    public static IEnumerable<ServerProcess> Shared => SharedServers;

    private async Task<ServerProcess> StartShared(params string[] options)
    {
        var server = await Keep(await KeepInstallation(), options, null);
        SharedServers.Add(server);
        return server;
    }

    /// <summary>Ends with the test that runs; what a fixture starts stays to the end.</summary>
    private static T RegisterForTest<T>(T one)
        where T : IAsyncDisposable
    {
        if (TestContext.Current.Test is { } test)
        {
            ByTest.GetOrAdd(test.UniqueID, _ => []).Add(one);
        }

        return one;
    }

    private async Task<TestInstallation> KeepInstallation(bool isEmpty = false)
    {
        var installation = await TestInstallation.Create(cluster, isEmpty);
        ours.Add(installation);
        return installation;
    }

    private async Task<ServerProcess> Keep(TestInstallation installation, string[]? options, (string Name, string Value)[]? environment)
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

        foreach (var installation in ours.OfType<TestInstallation>())
        {
            await installation.DisposeAsync();
        }

        if (cluster is not null)
        {
            await cluster.DisposeAsync();
        }
    }
}
