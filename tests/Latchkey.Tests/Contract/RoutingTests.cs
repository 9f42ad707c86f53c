using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Latchkey.Tests.Contract;

/// <summary>Paths, methods and headers, before any function is reached.</summary>
public sealed class RoutingTests(ServerFixture servers)
{
    [Theory]
    [InlineData("/api/appuser/getApplication")]
    [InlineData("/API/AppUser/GETAPPLICATION")]
    [InlineData("/api/appuser/getApplication/")]
    [InlineData("//api/appuser/getApplication")]
    [InlineData("//api/appuser/getapplication/")]
    public async Task Paths_match_whatever_their_case_and_slashes(string path)
    {
        var app = await servers.Main.CreateRsaApp();
        (await servers.Main.Get(path, ("app-token", app.Token))).ShouldBeOk();
    }

    [Fact]
    public async Task An_unknown_function_is_not_found() =>
        (await servers.Main.Get("/api/appuser/noSuchFunction")).ShouldFailWith(602, HttpStatusCode.NotFound);

    [Theory]
    [InlineData("/api/appuser/%2567etApplication")]
    [InlineData("//api/appuser/%2567etApplication")]
    [InlineData("//api/appuser/getApplication%2500")]
    public async Task A_path_is_decoded_once(string path)
    {
        var app = await servers.Main.CreateRsaApp();
        (await servers.Main.Get(path, ("app-token", app.Token))).ShouldFailWith(602, HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("FR", HttpStatusCode.OK)]
    [InlineData("F%52", HttpStatusCode.OK)]
    [InlineData("F%2552", HttpStatusCode.NotFound)]
    [InlineData("F%252552", HttpStatusCode.NotFound)]
    [InlineData("F%D2", HttpStatusCode.NotFound)]
    public async Task A_value_in_the_path_of_a_page_is_decoded_once(string code, HttpStatusCode status)
    {
        var app = await servers.Main.CreateApp("locales=EN,FR");
        using var owner = await PortalVisitor.Member(app, "owner");
        (await owner.Get($"/portal/applications/{app.Id}/locales/{code}/remove")).Status.ShouldBe(status);
    }

    [Theory]
    [InlineData("/portal/forgot")]
    [InlineData("/portal/sign-in")]
    [InlineData("/portal/sign-up")]
    public async Task A_page_does_not_look_at_a_form_that_nobody_posted(string path)
    {
        using var request = servers.Main.Request(HttpMethod.Get, path);
        request.Content = new ByteArrayContent([]);
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data");
        (await servers.Main.Send(request)).Status.ShouldBeOneOf(HttpStatusCode.OK, HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("GET", "login")]
    [InlineData("POST", "getUser")]
    [InlineData("PUT", "signup")]
    [InlineData("DELETE", "getApplication")]
    public async Task A_wrong_method_is_not_allowed(string method, string function) =>
        (await servers.Main.Send(servers.Main.Request(HttpMethod.Parse(method), $"/api/appuser/{function}"))).ShouldFailWith(
            602,
            HttpStatusCode.MethodNotAllowed
        );

    [Fact]
    public async Task Browsers_may_call_from_any_origin()
    {
        var preflight = servers.Main.Request(
            HttpMethod.Options,
            "/api/appuser/login",
            ("Origin", "https://app.example"),
            ("Access-Control-Request-Method", "POST"),
            ("Access-Control-Request-Headers", "app-token,content-type")
        );
        var reply = await servers.Main.Send(preflight);
        reply.Status.ShouldBe(HttpStatusCode.NoContent);
        reply.Header("Access-Control-Allow-Origin").ShouldBe("*");
        reply.Header("Access-Control-Allow-Methods").ShouldNotBeNull().ShouldContain("POST");
        reply.Header("Access-Control-Allow-Headers").ShouldNotBeNull().ShouldContain("app-token");
    }

    [Theory]
    [InlineData("GET", "/api/appuser/getApplication", 400)]
    [InlineData("GET", "//api/appuser/noSuchFunction", 404)]
    [InlineData("PUT", "/api/appuser/login", 405)]
    [InlineData("HEAD", "/api/appuser/login", 405)]
    [InlineData("OPTIONS", "/api/appuser/login", 405)]
    [InlineData("POST", "/API/AppUser/login", 413)]
    [InlineData("GET", "/apps/{app}/.well-known/jwks.json", 200)]
    [InlineData("HEAD", "/apps/{app}/.well-known/openid-configuration", 200)]
    [InlineData("GET", "/apps/{app}/public-key.pem", 200)]
    [InlineData("GET", "/apps/00000000000000000000000000000000/public-key.pem", 404)]
    [InlineData("POST", "/apps/{app}/.well-known/jwks.json", 405)]
    [InlineData("GET", "/apps/{app}/.well-known/noSuchDocument", 404)]
    public async Task Browsers_may_read_every_answer_errors_too(string method, string path, int status)
    {
        var app = await servers.Main.CreateApp();
        using var request = servers.Main.Request(
            HttpMethod.Parse(method),
            path.Replace("{app}", app.Id, StringComparison.Ordinal),
            ("Origin", "https://app.example")
        );
        if (status == 413)
        {
            request.Headers.Add("app-token", app.Token);
            request.Content = new ByteArrayContent(new byte[200 * 1024]);
        }

        var reply = await servers.Main.Send(request);
        ((int)reply.Status).ShouldBe(status, reply.Text);
        reply.Header("Access-Control-Allow-Origin").ShouldBe("*");
    }

    [Theory]
    [InlineData("/api/appuser/login")]
    [InlineData("/api/appuser/noSuchFunction")]
    [InlineData("/apps/{app}/.well-known/jwks.json")]
    [InlineData("/apps/{app}/public-key.pem")]
    public async Task Every_path_of_theirs_answers_a_preflight(string path)
    {
        var app = await servers.Main.CreateApp();
        var reply = await servers.Main.Send(
            servers.Main.Request(
                HttpMethod.Options,
                path.Replace("{app}", app.Id, StringComparison.Ordinal),
                ("Origin", "https://app.example"),
                ("Access-Control-Request-Method", "HEAD")
            )
        );
        (reply.Status, reply.Header("Access-Control-Allow-Origin")).ShouldBe((HttpStatusCode.NoContent, "*"));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/portal/sign-in")]
    [InlineData("/portal/no/such/page")]
    [InlineData("/api/server/users")]
    [InlineData("/api/appusers/login")]
    [InlineData("/apps/00000000000000000000000000000000/oauth2/authorize")]
    [InlineData("/apps/00000000000000000000000000000000")]
    [InlineData("/docs")]
    [InlineData("/health/live")]
    public async Task Nothing_else_is_for_scripts_of_other_sites(string path)
    {
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Options })
        {
            var reply = await servers.Main.Send(
                servers.Main.Request(method, path, ("Origin", "https://app.example"), ("Access-Control-Request-Method", "GET"))
            );
            reply.Header("Access-Control-Allow-Origin").ShouldBeNull($"{method} {path}");
        }
    }

    [Fact]
    public async Task Head_is_answered_like_get_without_a_body_on_every_route()
    {
        var app = await servers.Main.CreateApp();
        foreach (var route in MappedRoutes.All.Where(route => route.Method == "GET"))
        {
            var path = route.Fill(name => name == "appId" ? app.Id : "x") + $"?appToken={app.Token}&handle=a@example.com&code=x";
            var (get, head) = (await Ask(HttpMethod.Get), await Ask(HttpMethod.Head));
            head.Text.ShouldBeEmpty(path);
            ((int)head.Status, head.Header("Content-Type"), head.Header("Location")).ShouldBe(
                ((int)get.Status, get.Header("Content-Type"), get.Header("Location")),
                path
            );

            Task<Reply> Ask(HttpMethod method) => servers.Main.Send(servers.Main.Request(method, path));
        }
    }

    [Theory]
    [InlineData("GET {0} HTTP/1.1", 200)]
    [InlineData("GET http://{1}{0} HTTP/1.1", 200)] // a target may be a whole address (RFC 9112 §3.2.2)
    [InlineData("GET {0}/ HTTP/1.1", 200)]
    [InlineData("GET {0}/x/.. HTTP/1.1", 404)] // no client sends dots; the segments would not line up
    public async Task A_route_with_a_value_is_found_by_its_path(string requestLine, int status)
    {
        var app = await servers.Main.CreateApp();
        var line = string.Format(requestLine, $"/apps/{app.Id}/public-key.pem", servers.Main.Address.Authority);
        (await Raw($"{line}\r\nHost: {servers.Main.Address.Authority}\r\nConnection: close\r\n\r\n")).ShouldStartWith(
            $"HTTP/1.1 {status} "
        );
    }

    [Theory]
    [InlineData("/api/appuser/getApplication")]
    [InlineData("/api/appuser/noSuchFunction")]
    [InlineData("/no/such/page")]
    [InlineData("/health/live")]
    public async Task Every_answer_carries_the_security_headers(string path)
    {
        var reply = await servers.Main.Get(path);
        reply.Header("X-Content-Type-Options").ShouldBe("nosniff");
        reply.Header("Referrer-Policy").ShouldNotBeNull();
        reply.Header("Content-Security-Policy").ShouldNotBeNull().ShouldContain("frame-ancestors 'none'");
        reply.Header("Server").ShouldBeNull();
    }

    [Fact]
    [Covers(500)]
    public async Task A_bug_is_500_and_tells_nothing_of_itself()
    {
        var ann = await (await servers.Main.CreateRsaApp("signupFlow=none", """metaData=[{"path":"a","fieldName":"a"}]""")).CreateUser(
            "ann@example.com"
        );
        await ann.App.Installation.Execute("UPDATE users SET metadata = 'damaged' WHERE app_id = @Id", new { ann.App.Id });
        var request = servers.Main.Request(
            HttpMethod.Get,
            "/api/appuser/getUser",
            ("access-token", ann.AccessToken),
            ("Origin", "https://app.example")
        );
        var reply = await servers.Main.Send(request);
        reply.ShouldFailWith(500, HttpStatusCode.InternalServerError);
        reply.Header("Access-Control-Allow-Origin").ShouldBe("*");
        reply.Json.GetProperty("message").GetString().ShouldBe("internal server error");
    }

    /// <summary>A request as bytes on a socket, for lines that a decent client would not send.</summary>
    private async Task<string> Raw(string request)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(servers.Main.Address.Host, servers.Main.Address.Port);
        await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request));
        using var reader = new StreamReader(socket.GetStream(), Encoding.UTF8);
        return await reader.ReadToEndAsync();
    }
}
