using Latchkey.Data;
using Latchkey.Jobs;
using Latchkey.Operations.Overview;

namespace Latchkey.Tests.Portal.Operator;

/// <summary>The nodes of the installation and their background work, on the overview.</summary>
public sealed class NodeTests(ServerFixture servers)
{
    private const string Path = "/portal/operator";

    [Fact]
    public async Task One_node_that_is_well_is_one_line()
    {
        var server = await servers.Start("--limits", "off");
        await Alive(server, 1);
        using var ada = await PortalVisitor.Operator(server);
        var shown = await ada.Get(Path);
        shown.Document.QuerySelectorAll("#nodes table").ShouldBeEmpty();
        shown.Text("#nodes").ShouldContain("All background work runs.");
        shown.Text("#nodes").ShouldContain(Environment.MachineName);
        (await ada.Get($"{Path}/system")).Text("main").ShouldContain(Environment.MachineName);
    }

    [Fact]
    public async Task A_node_that_stops_goes_and_one_that_was_killed_is_not_seen()
    {
        var installation = await servers.NewInstallation();
        var (first, second) = (await servers.StartOn(installation), await servers.StartOn(installation));
        await Alive(first, 2);
        await second.Stop();
        await Alive(first, 1);
        await Add(first, "killed", "0.0.1", seenAgo: NodeWorker.LostAfter + TimeSpan.FromSeconds(5));
        using var ada = await PortalVisitor.Operator(first);
        var rows = (await ada.Get(Path)).Document.QuerySelectorAll("#nodes tbody tr");
        rows.Length.ShouldBe(2);
        rows.Single(row => row.TextContent.Contains("killed", StringComparison.Ordinal))
            .QuerySelectorAll(".badge.warn")
            .Select(badge => badge.TextContent)
            .ShouldBe(["not seen", "older version"]);
        rows.Single(row => !row.TextContent.Contains("killed", StringComparison.Ordinal))
            .QuerySelectorAll(".badge")
            .Select(badge => badge.TextContent)
            .ShouldBe(["running"]);
    }

    [Fact]
    public async Task Work_that_fails_is_named_until_it_runs_again()
    {
        var server = await servers.Start("--limits", "off");
        await Alive(server, 1);
        var health = new WorkerHealth(TimeProvider.System);
        health.Ran("Billing");
        health.Failed("Billing");
        health.Failed("Mails and SMS");
        health.Ran("Mails and SMS");
        await Add(server, "other", "999.0.0", TimeSpan.Zero, health);
        var nodes = await (await server.Installation.Get<NodeList>()).Read();
        nodes.Single(node => node.Node.Name == "other").Failing.Select(worker => worker.Work).ShouldContain("Billing");
        nodes.Single(node => node.Node.Name != "other").IsOutdated.ShouldBeTrue();
        using var ada = await PortalVisitor.Operator(server);
        (await ada.Get(Path)).Text("#nodes .badge.bad").ShouldContain("failing");
        (await ada.Get($"{Path}/system")).Text("main").ShouldContain("Billing");
    }

    [Fact]
    public async Task A_node_tells_of_its_work()
    {
        var server = await servers.Start("--limits", "off");
        var nodes = await server.Installation.Get<NodeList>();
        string[] expected =
        [
            "Adding up usage",
            "Mails and SMS",
            "Removing files from buckets",
            "Removing what has expired",
            "Resets, deletions, exports",
            "Sign-out notices to clients",
            "Work after answers",
        ];
        await WaitUntil.IsTrue(
            "all work has run",
            async () =>
                await nodes.Read() is [{ IsWell: true, Node: { } node }]
                && expected.All(work => node.Workers.Any(worker => worker.Work == work && worker.RanAt >= node.StartedAt))
        );
    }

    [Fact]
    public async Task Nodes_that_are_gone_for_an_hour_are_forgotten()
    {
        var server = await servers.Start("--limits", "off");
        await Alive(server, 1);
        await Add(server, "long gone", "0.0.1", TimeSpan.FromHours(2));
        var (database, store) = (await server.Installation.Get<Database>(), await server.Installation.Get<NodeStore>());
        await database.Write(db => store.RemoveOlder(db, database.Clock.Now() - (long)TimeSpan.FromHours(1).TotalMilliseconds));
        (await database.Read(store.List)).Select(node => node.Name).ShouldNotContain("long gone");
    }

    private static Task Alive(ServerProcess server, int nodes) =>
        WaitUntil.IsTrue(
            $"{nodes} nodes say that they live",
            async () => await server.Installation.Query<int>("SELECT COUNT(*) FROM nodes") == nodes
        );

    private static async Task Add(ServerProcess server, string name, string version, TimeSpan seenAgo, WorkerHealth? health = null)
    {
        var (database, store) = (await server.Installation.Get<Database>(), await server.Installation.Get<NodeStore>());
        var seen = database.Clock.Now() - (long)seenAgo.TotalMilliseconds;
        var work = System.Text.Json.JsonSerializer.Serialize([.. health?.List() ?? []], NodeJson.Default.WorkerStateArray);
        await database.Write(db =>
            store.Set(
                db,
                new Node
                {
                    Id = Ids.New(TimeProvider.System),
                    Name = name,
                    Version = version,
                    StartedAt = seen,
                    SeenAt = seen,
                    Work = work,
                }
            )
        );
    }
}
