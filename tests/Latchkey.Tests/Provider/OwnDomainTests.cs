using System.Net;

namespace Latchkey.Tests.Provider;

/// <summary>An application's provider on a domain of the application's own.</summary>
public sealed class OwnDomainTests(ServerFixture servers)
{
    [Fact]
    public async Task Row_9207_06_each_application_has_its_own_keys_at_its_own_domain()
    {
        var server = await servers.Unlimited();
        var (first, second) = (await WithDomain(server), await WithDomain(server));
        var (keysOfFirst, keysOfSecond) = (await Keys(first.App, first.Host), await Keys(second.App, second.Host));
        keysOfFirst.ShouldBe((await server.Get($"/apps/{first.App.Id}/.well-known/jwks.json")).Text);
        keysOfSecond.ShouldBe((await server.Get($"/apps/{second.App.Id}/.well-known/jwks.json")).Text);
        keysOfFirst.ShouldNotBe(keysOfSecond);
        (await Keys(first.App, first.Host.ToUpperInvariant())).ShouldBe(keysOfFirst);
        (await Get(first.App, $"{first.Host}:443", "/.well-known/jwks.json")).Text.ShouldBe(keysOfFirst);
        (await Get(first.App, $"sub.{first.Host}", "/.well-known/jwks.json")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await Get(first.App, $"{first.Host}.", "/.well-known/jwks.json")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Another_application_and_the_portal_are_not_there()
    {
        var server = await servers.Unlimited();
        var ((app, host), (other, _)) = (await WithDomain(server), await WithDomain(server));
        (await Get(app, host, $"/apps/{other.Id}/.well-known/jwks.json")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await Get(app, host, $"/apps/{app.Id}/.well-known/jwks.json")).ShouldBeOk();
        foreach (var path in new[] { "/portal", "/portal/sign-in", "/PORTAL", "//portal", "/docs", "/", "/openapi/v1.json" })
        {
            var reply = await Get(app, host, path);
            reply.Status.ShouldBe(HttpStatusCode.NotFound, path);
            reply.Text.ShouldNotContain("/portal");
            reply.Header("Set-Cookie").ShouldBeNull();
        }

        (await Get(app, host, "/api/appuser/getApplication", ("app-token", app.Token))).ShouldBeOk();
        (await Get(app, host, "/css/plain.css")).ShouldBeOk();
        (await Get(app, host, "/health/live")).ShouldBeOk();
    }

    [Fact]
    public async Task A_token_request_reaches_the_application_of_the_host()
    {
        var (app, host) = await WithDomain(await servers.Unlimited());
        var request = app.Server.Request(HttpMethod.Post, "/oauth2/token", ("Host", host));
        request.Content = new FormUrlEncodedContent([KeyValuePair.Create("grant_type", "x")]);
        var reply = await app.Server.Send(request, app.ClientAddress);
        reply.Status.ShouldNotBe(HttpStatusCode.NotFound);
        var elsewhere = app.Server.Request(HttpMethod.Post, "/oauth2/token", ("Host", $"x.{host}"));
        (await app.Server.Send(elsewhere, app.ClientAddress)).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_domain_that_is_taken_away_is_an_ordinary_host_again_within_a_second()
    {
        var (app, host) = await WithDomain(await servers.Unlimited());
        (await Get(app, host, "/portal")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await app.Installation.Run("app", "domain", "remove", app.Id, host)).ShouldSucceed();
        await WaitUntil.IsTrue(
            "the server follows",
            async () => (await Get(app, host, "/.well-known/jwks.json")).Status == HttpStatusCode.NotFound
        );
        (await Get(app, host, "/portal")).Status.ShouldNotBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_domain_of_a_deleted_application_is_an_ordinary_host()
    {
        var (app, host) = await WithDomain(await servers.Unlimited());
        await app.Delete();
        await WaitUntil.IsTrue("the server follows", async () => (await Get(app, host, "/")).Status == HttpStatusCode.OK);
    }

    private static async Task<(App App, string Host)> WithDomain(ServerProcess server)
    {
        var app = await server.CreateApp();
        var host = $"{app.Id}.example.org";
        (await app.Installation.Run("app", "domain", "add", app.Id, host)).ShouldSucceed();
        await WaitUntil.IsTrue(
            "the server follows",
            async () => (await Get(app, host, "/.well-known/jwks.json")).Status == HttpStatusCode.OK
        );
        return (app, host);
    }

    private static async Task<string> Keys(App app, string host) => (await Get(app, host, "/.well-known/jwks.json")).ShouldBeOk().Text;

    private static Task<Reply> Get(App app, string host, string path, params (string Name, string Value)[] headers) =>
        app.Server.Send(app.Server.Request(HttpMethod.Get, path, [("Host", host), .. headers]), app.ClientAddress);
}
