using System.Net;

namespace Latchkey.Tests.Nodes;

/// <summary>What clients get from the nginx configuration that we ship when nodes are dead, or when nginx refuses a request itself.</summary>
public sealed class NginxErrorTests(ServerFixture servers)
{
    private const string Login = "/api/appuser/login";

    [Fact]
    public async Task Two_dead_nodes_of_three_are_noticed_by_nobody()
    {
        Assert.SkipUnless(Engine.IsPostgres, "several nodes are on PostgreSQL");
        await using var nodes = await NodesBehindNginx.Start(await servers.NewInstallation(), 3);
        var app = await nodes.Proxy.CreateApp("signupFlow=none");
        await app.CreateUser("ann@example.com");
        await nodes.All[0].Kill();
        await nodes.All[1].Kill();
        for (var i = 0; i < 20; i++)
        {
            (await app.TryLogin("ann@example.com")).ShouldBeOk();
            (await app.Get("getApplication")).ShouldBeOk();
            (await nodes.Proxy.Get("/portal/sign-in")).ShouldBeOk();
        }

        var together = await AppFlows.SendInParallel(20, _ => app.Get("getApplication"));
        together.ShouldAllBe(reply => reply.Status == HttpStatusCode.OK);
    }

    [Fact]
    public async Task When_all_nodes_are_dead_apps_get_the_contracts_error_and_people_a_page()
    {
        await using var nodes = await NodesBehindNginx.Start(await servers.NewInstallation(), 1);
        await nodes.All[0].Kill();
        var refused = await Send(nodes, Login, "{}");
        refused.ShouldFailWith(701, HttpStatusCode.ServiceUnavailable);
        refused.Header("Retry-After").ShouldBe("2");
        ShouldBeReadable(refused);
        (await Send(nodes, "/api/server/users", "{}")).Header("Access-Control-Allow-Origin").ShouldBeNull();
        foreach (var path in new[] { "/portal", "/docs", "/api/appuser/completeSignup?code=1" })
        {
            var page = await nodes.Proxy.Get(path, ("Accept", "text/html,*/*"));
            page.Status.ShouldBe(HttpStatusCode.ServiceUnavailable, path);
            page.Header("Content-Type").ShouldBe("text/html; charset=utf-8", path);
            page.Header("Retry-After").ShouldBe("2", path);
            page.Text.ShouldContain("does not respond", Case.Sensitive, path);
        }
    }

    [Fact]
    public async Task A_body_that_nginx_refuses_is_refused_as_by_a_node()
    {
        await using var nodes = await NodesBehindNginx.Start(await servers.NewInstallation(), 1);
        var app = await nodes.Proxy.CreateApp();
        var (large, largest) = (new string('a', 200 * 1024), new string('a', 2 * 1024 * 1024));
        var (byNode, byProxy) = (await Send(nodes, Login, large, app.Token), await Send(nodes, Login, largest, app.Token));
        (byProxy.Status, byProxy.Text).ShouldBe((byNode.Status, byNode.Text));
        byProxy.ShouldFailWith(602, HttpStatusCode.RequestEntityTooLarge);
        ShouldBeReadable(byProxy);
        var page = await Send(nodes, "/portal/sign-in", largest);
        (page.Status, page.Header("Content-Type")).ShouldBe((HttpStatusCode.RequestEntityTooLarge, "text/html; charset=utf-8"));
        page.Text.ShouldContain("Nothing was changed");
    }

    private static Task<Reply> Send(NodesBehindNginx nodes, string path, string body, string appToken = "")
    {
        var request = nodes.Proxy.Request(HttpMethod.Post, path, ("Origin", "https://app.example.com"), ("app-token", appToken));
        request.Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        return nodes.Proxy.Send(request);
    }

    /// <summary>By apps, in browsers too, and by no cache.</summary>
    private static void ShouldBeReadable(Reply reply)
    {
        reply.Header("Access-Control-Allow-Origin").ShouldBe("*");
        reply.Header("Access-Control-Expose-Headers").ShouldNotBeNull().ShouldContain("Retry-After");
        reply.Header("Cache-Control").ShouldBe("no-store");
    }
}
