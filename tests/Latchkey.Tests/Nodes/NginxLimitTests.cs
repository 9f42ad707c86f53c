using System.Net;

namespace Latchkey.Tests.Nodes;

/// <summary>What the nginx configuration that we ship lets one client take (security.md row 58).</summary>
public sealed class NginxLimitTests(ServerFixture servers)
{
    [Fact]
    public async Task One_clients_flood_is_held_back_before_the_nodes_and_another_client_is_served()
    {
        Assert.SkipUnless(Engine.IsPostgres, "nodes need PostgreSQL");
        await using var nodes = await NodesBehindNginx.Start(await servers.NewInstallation(), 1, isLimited: true, requestsPerSecond: 5);
        var replies = new List<Reply>();
        for (var i = 0; i < 30; i++)
        {
            replies.Add(await nodes.Proxy.Send(nodes.Proxy.Request(HttpMethod.Get, "/api/appuser/getApplication"), "127.70.0.1"));
        }

        var refused = replies.Where(reply => reply.Status != HttpStatusCode.BadRequest).ToList();
        refused.Count.ShouldBeGreaterThan(10);
        refused.ForEach(reply => reply.ShouldBeRateLimited());
        var pages = await AppFlows.SendInParallel(
            30,
            _ => nodes.Proxy.Send(nodes.Proxy.Request(HttpMethod.Get, "/img/mark.svg"), "127.70.0.1")
        );
        pages
            .Where(page => page.Status == HttpStatusCode.TooManyRequests)
            .ShouldContain(page => page.Header("Content-Type") == "text/html; charset=utf-8" && page.Header("Retry-After") == "1");
        (await nodes.Proxy.Send(nodes.Proxy.Request(HttpMethod.Get, "/health/live"), "127.70.0.2")).ShouldBeOk();
    }
}
