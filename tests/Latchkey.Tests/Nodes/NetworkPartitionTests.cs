namespace Latchkey.Tests.Nodes;

/// <summary>A node whose way to the database is cut, beside one that is well.</summary>
public sealed class NetworkPartitionTests(ServerFixture servers)
{
    [Fact]
    public async Task What_may_be_asked_again_is_answered_by_the_other()
    {
        Assert.SkipUnless(Engine.IsPostgres, "several nodes are on PostgreSQL");
        var direct = await servers.NewInstallation();
        (await direct.Run("migrate")).ShouldSucceed();
        await using var way = await PgBouncer.Start(servers.Cluster!);
        await using var through = TestInstallation.Attach(
            direct.DatabaseConnection.Replace($":{servers.Cluster!.Port}/", $":{way.Port}/"),
            direct.DataFolder
        );
        await using var nodes = await NodesBehindNginx.StartOn([direct, through]);
        var app = await nodes.Proxy.CreateApp("signupFlow=none");
        var ann = await app.CreateUser("ann@example.com");
        await way.Kill();
        await WaitUntil.IsTrue(
            "the node knows",
            async () => (await (ann with { App = app with { Server = nodes.All[1] } }).TryGetUser()).Code == 701
        );
        for (var i = 0; i < 20; i++)
        {
            (await ann.TryGetUser()).ShouldBeOk();
        }
    }
}
