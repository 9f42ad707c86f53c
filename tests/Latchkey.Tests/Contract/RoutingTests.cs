using System.Net;

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
        var reply = await ann.TryGetUser();
        reply.ShouldFailWith(500, HttpStatusCode.InternalServerError);
        reply.Json.GetProperty("message").GetString().ShouldBe("internal server error");
    }
}
