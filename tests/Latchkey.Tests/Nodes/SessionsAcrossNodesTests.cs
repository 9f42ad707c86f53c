using Latchkey.Tests.Api.Sessions;

namespace Latchkey.Tests.Nodes;

/// <summary>Three servers on one database: any request of a session may go to any of them.</summary>
public sealed class SessionsAcrossNodesTests(ServerFixture servers)
{
    private const string Ann = "ann@example.com";
    private static readonly int Rounds = TestScale.Size(10, 100);

    [Fact]
    public async Task One_token_has_one_successor_whichever_nodes_it_is_sent_to()
    {
        var nodes = await StartNodes();
        var ann = await nodes[0].Login(Ann);
        for (var round = 0; round < Rounds; round++)
        {
            var replies = await AppFlows.SendInParallel(21, i => At(nodes[i % 3], ann).TryRefresh());
            var next = replies.Select(reply => nodes[0].ParseTokens(reply)).DistinctBy(user => user.RefreshToken).ToList();
            next.Count.ShouldBe(1);
            next[0].RefreshToken.ShouldNotBe(ann.RefreshToken);
            foreach (var node in nodes)
            {
                (await At(node, ann).Refresh()).RefreshToken.ShouldBe(next[0].RefreshToken); // its answer might have been lost
            }

            ann = next[0];
        }

        TestScale.RecordFigure(27, $"{Rounds} rounds of 21 parallel refreshes at 3 nodes: one successor each");
    }

    [Fact]
    public async Task A_session_that_ended_at_one_node_is_dead_on_every_node_at_once()
    {
        var nodes = await StartNodes();
        var ends = new (string Name, Func<LoggedInUser, Task> End)[]
        {
            ("logout", async ann => (await ann.Post("logout", new { })).ShouldBeTrue()),
            ("logout everywhere", async _ => (await (await nodes[0].Login(Ann)).Post("logout", new { everywhere = true })).ShouldBeTrue()),
            (
                "endSession",
                async ann =>
                    (
                        await (await nodes[0].Login(Ann)).Post("endSession", new { id = ann.Claims.GetProperty("sid").GetString() })
                    ).ShouldBeTrue()
            ),
            (
                "signOut by a server",
                async _ => (await nodes[0].SendAsServer(HttpMethod.Post, $"users/{Ann}/signOut", new { })).ShouldBeTrue()
            ),
            ("theft", StealFrom),
        };
        foreach (var (name, end) in ends)
        {
            var ann = await nodes[0].Login(Ann);
            foreach (var node in nodes)
            {
                (await At(node, ann).TryGetUser()).ShouldBeOk();
            }

            await end(ann);
            foreach (var node in nodes)
            {
                (await At(node, ann).TryRefresh()).Code.ShouldBe(712, name);
                (await At(node, ann).TryGetUser()).Code.ShouldBe(405, name);
            }
        }
    }

    private static async Task StealFrom(LoggedInUser copied)
    {
        await (await copied.Refresh()).Refresh();
        await copied.App.LetTimePass(TimeSpan.FromSeconds(61));
        (await copied.TryRefresh()).ShouldFailWith(712);
    }

    /// <summary>The application with its user, as each of three nodes serves it.</summary>
    private async Task<IReadOnlyList<App>> StartNodes()
    {
        var installation = await servers.NewInstallation();
        var nodes = new List<ServerProcess>();
        for (var i = 0; i < 3; i++)
        {
            nodes.Add(await servers.StartOn(installation, ["--limits", "off"]));
        }

        var app = await nodes[0].CreateApp("signupFlow=none", "sessionMode=refresh");
        await app.CreateUser(Ann);
        await WaitUntil.IsTrue(
            "all nodes know the application",
            async () =>
                (await Task.WhenAll(nodes.Select(node => (app with { Server = node }).Get("getApplication")))).All(reply =>
                    reply.Code is null
                )
        );
        return [.. nodes.Select(node => app with { Server = node })];
    }

    private static LoggedInUser At(App node, LoggedInUser user) => user with { App = node };
}
