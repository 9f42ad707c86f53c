using System.Net;
using Latchkey.Core.Configuration;

namespace Latchkey.Tests.Hosting;

/// <summary>A host of its own for the portal: it answers there only, and nothing of an application does.</summary>
public sealed class PortalHostTests(ServerFixture servers)
{
    private const string Host = "localhost"; // the public URL is at 127.0.0.1

    [Fact]
    public async Task The_portal_answers_at_its_own_host_and_nowhere_else()
    {
        var (server, app) = await Start();
        var domain = $"{app.Id}.example.org";
        (await app.Installation.Run("app", "domain", "add", app.Id, domain)).ShouldSucceed();
        foreach (var path in new[] { "/portal", "/portal/sign-in", "/PORTAL", "//portal", "/portal/css/x", "/portal/setup?token=x" })
        {
            foreach (var host in new[] { server.Address.Host, "other.example.org", domain, $"x.{Host}", $"{Host}." })
            {
                var reply = await Get(server, host, path);
                reply.Status.ShouldBe(HttpStatusCode.NotFound, $"{host}{path}");
                reply.Text.ShouldNotContain("/portal");
                reply.Header("Set-Cookie").ShouldBeNull();
            }

            (await Get(server, Host, path)).Header("Content-Security-Policy").ShouldNotBeNull();
        }

        (await Get(server, Host, "/portal/sign-in")).ShouldBeOk();
        (await Get(server, $"{Host.ToUpperInvariant()}:443", "/portal/sign-in")).ShouldBeOk();
        (await Get(server, Host, "/")).Text.ShouldContain("Open the portal");
        (await Get(server, server.Address.Host, "/")).Text.ShouldNotContain("/portal");
        (await Get(server, Host, "/css/plain.css")).ShouldBeOk();
        (await Get(server, Host, "/health/live")).ShouldBeOk();
        (await Get(server, Host, "/docs/index.html")).ShouldBeOk();
    }

    [Fact]
    public async Task Nothing_of_an_application_answers_at_the_portals_host()
    {
        var (server, app) = await Start();
        var issuer = $"/apps/{app.Id}";
        string[] paths =
        [
            $"{issuer}/.well-known/openid-configuration",
            $"{issuer}/.well-known/jwks.json",
            $"{issuer}/login",
            $"{issuer}/account",
            $"{issuer}/device",
            $"{issuer}/oauth2/authorize?client_id=x",
            $"/APPS/{app.Id}/login",
            $"//apps/{app.Id}/login",
            $"/.well-known/oauth-authorization-server{issuer}",
            "/.well-known/webauthn",
            "/api/appuser/getApplication",
            "/API/appuser/getApplication",
            "/api/appuser/completeSignup?x=1",
            "/api/server/users",
            "/nothing",
        ];
        foreach (var path in paths)
        {
            var reply = await Get(server, Host, path, ("app-token", app.Token));
            reply.Status.ShouldBe(HttpStatusCode.NotFound, path);
            reply.Header("Set-Cookie").ShouldBeNull();
        }

        (await Get(server, server.Address.Host, $"{issuer}/login")).Status.ShouldNotBe(HttpStatusCode.NotFound);
        (await Get(server, server.Address.Host, "/api/appuser/getApplication", ("app-token", app.Token))).ShouldBeOk();
        var post = server.Request(HttpMethod.Post, $"{issuer}/oauth2/token", ("Host", Host));
        (await server.Send(post)).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task One_signs_in_there_and_mails_and_links_name_it()
    {
        var installation = await servers.NewInstallation();
        var port = FreePort.Find();
        await using var server = ServerProcess.Launch(
            installation,
            ["--public-url", $"http://127.0.0.1:{port}"],
            [("LATCHKEY_PORTAL_URL", $"http://{Host}:{port}")],
            new Uri($"http://{Host}:{port}")
        );
        await server.WaitUntilReady();
        (await server.LogLine("/portal/setup?token=")).ShouldContain($"http://{Host}:{port}/portal/setup?token=");
        using var ada = await PortalVisitor.Operator(server);
        (await ada.Get("/portal")).Status.ShouldBe(HttpStatusCode.OK);
        (await ada.Get("/portal/operator/system")).Html.ShouldContain($"http://{Host}:{port}");
        var browser = new PortalClient(server) { Origin = $"http://127.0.0.1:{port}" };
        (await browser.SignIn("ada@operators.example", "violet harbour lamp")).Status.ShouldBe(HttpStatusCode.BadRequest);
        using var visitor = PortalVisitor.Anonymous(server);
        await visitor.Submit("/portal/forgot", "forgot", ("email", "ada@operators.example"));
        await WaitUntil.IsTrue(
            "the mail is there",
            async () => await PortalAccount.LastMailTo(server, "ada@operators.example") is not null
        );
        var mail = (await PortalAccount.LastMailTo(server, "ada@operators.example"))!;
        mail.Body.Link.ShouldNotBeNull().ShouldStartWith($"http://{Host}:{port}/portal/");
        mail.Body.Html.ShouldNotContain("127.0.0.1:");
    }

    [Fact]
    public async Task The_portals_host_cannot_become_an_applications_domain()
    {
        var installation = await servers.NewInstallation();
        var server = await servers.StartOn(installation);
        var app = await server.CreateApp();
        (await app.Installation.Run("app", "domain", "add", app.Id, "portal.example.org")).ShouldSucceed();
        var later = await servers.StartOn(installation, environment: [("LATCHKEY_PORTAL_URL", "https://portal.example.org")]);
        (await Get(later, "portal.example.org", "/portal/sign-in")).ShouldBeOk();
        (await Get(later, "portal.example.org", "/.well-known/jwks.json")).Status.ShouldBe(HttpStatusCode.NotFound);
        var rules = new InstallationSettings { ConfiguredPortalUrl = new Uri("https://portal.example.org") };
        rules.HasPortalAt("portal.example.org").ShouldBeTrue();
        rules.HasPortalAt("portal.example.org.").ShouldBeFalse();
    }

    private async Task<(ServerProcess Server, App App)> Start()
    {
        var server = await servers.StartOn(await servers.NewInstallation(), environment: [("LATCHKEY_PORTAL_URL", $"http://{Host}:5499")]);
        return (server, await server.CreateApp());
    }

    private static Task<Reply> Get(ServerProcess server, string host, string path, params (string Name, string Value)[] headers) =>
        server.Get(path, [("Host", host), .. headers]);
}
