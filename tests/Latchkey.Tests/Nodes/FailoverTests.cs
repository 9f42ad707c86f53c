using System.Diagnostics;
using Latchkey.Tests.Faults;

namespace Latchkey.Tests.Nodes;

/// <summary>Row 56: the primary is gone, and its standby is promoted.</summary>
[Collection(SerialCollection.Name)]
public sealed class FailoverTests
{
    [Theory]
    [InlineData("is killed")]
    [InlineData("hangs")]
    public async Task Nodes_go_on_with_the_new_primary_and_no_answer_is_lost(string what)
    {
        Assert.SkipUnless(Engine.IsPostgres, "standbys are PostgreSQL's");
        Assert.SkipUnless(what == "is killed" || TestScale.IsLong, "for the long run");
        await using var primary = await PostgresCluster.Start();
        var database = await primary.CreateDatabase();
        await using var standby = await primary.AddSynchronousStandby();
        var both =
            database.Replace($":{primary.Port}/", $":{primary.Port},127.0.0.1:{standby.Port}/") + "?Target Session Attributes=primary";
        await using var installation = TestInstallation.Attach(both);
        await using var nodes = await NodesBehindNginx.Start(installation, 2);
        var app = await nodes.Proxy.CreateApp("signupFlow=none");
        var ann = await app.CreateUser("ann@example.com");
        await using var traffic = SignupTraffic.Start(app);
        await traffic.WaitForSignups();

        var failed = Stopwatch.GetTimestamp();
        await Stop(primary, what);
        await WaitUntil.IsTrue(
            "requests are refused",
            () => Task.FromResult(traffic.All.Any(one => one.Began > failed && one.Status == 503))
        );
        traffic.All.ShouldNotContain(one => one.Began > failed && one.IsOk);
        var promoted = Stopwatch.GetTimestamp();
        await standby.Promote();
        await traffic.WaitForSignups();
        await traffic.Stop();

        var back = Stopwatch.GetElapsedTime(promoted, traffic.All.Where(one => one.IsOk && one.Ended > promoted).Min(one => one.Ended));
        TestScale.RecordFigure(
            56,
            FormattableString.Invariant(
                $"the primary {what}, its synchronous standby is promoted: {traffic.AcknowledgedHandles.Count} answers, none lost, service back after {back.TotalSeconds:F1} s"
            )
        );
        back.ShouldBeLessThan(TimeSpan.FromSeconds(30));
        await traffic.VerifyAcknowledgedSignups(app);
        (await ann.TryGetUser()).ShouldBeOk();
        await FollowsSettings(app, nodes);
    }

    [Fact]
    public async Task A_commit_that_waits_for_a_standby_in_vain_is_not_answered_as_done()
    {
        Assert.SkipUnless(Engine.IsPostgres, "standbys are PostgreSQL's");
        await using var primary = await PostgresCluster.Start();
        await using var installation = TestInstallation.Attach($"{await primary.CreateDatabase()}?Command Timeout=1");
        await using var node = await ServerProcess.Start(installation);
        var app = await node.CreateApp("signupFlow=none");
        await primary.RequireStandby("nobody");
        (await app.PostWithoutRetry("signup", new { handle = "ann@example.com", password = App.Password })).Status.ShouldBe(
            System.Net.HttpStatusCode.ServiceUnavailable
        ); // PostgreSQL calls a commit done whose wait is cancelled
        await primary.RequireStandby("");
        await app.CreateUser("bob@example.com");
    }

    /// <summary>The change feed is heard at the new primary.</summary>
    private static async Task FollowsSettings(App app, NodesBehindNginx nodes)
    {
        (await app.Installation.Run("app", "set", app.Id, "name=Renamed")).ShouldSucceed();
        foreach (var node in nodes.All)
        {
            await WaitUntil.IsTrue(
                "the node follows",
                async () => (await (app with { Server = node }).Get("getApplication")).Json.GetProperty("name").GetString() == "Renamed"
            );
        }
    }

    private static Task Stop(PostgresCluster primary, string what)
    {
        if (what == "is killed")
        {
            return primary.Kill();
        }

        primary.Pause();
        return Task.CompletedTask;
    }
}
