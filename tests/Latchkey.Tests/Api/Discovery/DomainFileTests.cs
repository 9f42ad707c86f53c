using System.Net;

namespace Latchkey.Tests.Api.Discovery;

/// <summary>The files of a domain that the operator gave to an application.</summary>
public sealed class DomainFileTests(ServerFixture servers)
{
    private const string Fingerprint = "14:6D:E9:83:C5:73:06:50:D8:EE:B9:95:2F:34:FC:64:16:A0:83:42:E6:1D:BE:A8:8A:04:96:B2:3F:CF:44:E5";

    private static readonly string[] Settings =
    [
        "passkeysEnabled=1",
        "passkeyRpId=auth.example.org",
        "passkeyOrigins=https://auth.example.org,https://example.net",
        "appleApps=A1B2C3D4E5.com.example.app",
        $"androidApps=com.example.app={Fingerprint}",
    ];

    [Fact]
    public async Task A_domain_answers_the_files_of_its_application()
    {
        var app = await (await servers.Unlimited()).CreateApp(Settings);
        var host = $"{app.Id}.example.org";
        (await app.Installation.Run("app", "domain", "add", app.Id, host)).ShouldSucceed();

        await WaitUntil.IsTrue("the server follows", async () => (await Get(app, "webauthn", host)).Status == HttpStatusCode.OK);
        (await Get(app, "webauthn", host)).Json.GetProperty("origins")[1].GetString().ShouldBe("https://example.net");
        var apple = (await Get(app, "apple-app-site-association", host)).Json;
        apple.GetProperty("webcredentials").GetProperty("apps")[0].GetString().ShouldBe("A1B2C3D4E5.com.example.app");
        var android = (await Get(app, "assetlinks.json", host)).Json[0].GetProperty("target");
        android.GetProperty("package_name").GetString().ShouldBe("com.example.app");
        android.GetProperty("sha256_cert_fingerprints")[0].GetString().ShouldBe(Fingerprint);

        (await Get(app, "webauthn", "127.0.0.1")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await Get(app, "webauthn", "other.example.org")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await app.Installation.Run("app", "domain", "list", app.Id)).ShouldSucceed().Output.Trim().ShouldBe(host);
        (await app.Installation.Run("app", "domain", "remove", app.Id, host)).ShouldSucceed();
        await WaitUntil.IsTrue("the server follows", async () => (await Get(app, "webauthn", host)).Status == HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_domain_belongs_to_one_application()
    {
        var server = await servers.Unlimited();
        var (app, other) = (await server.CreateApp(Settings), await server.CreateApp(Settings));
        var host = $"{app.Id}.example.org";
        (await app.Installation.Run("app", "domain", "add", app.Id, host)).ShouldSucceed();
        (await app.Installation.Run("app", "domain", "add", other.Id, host.ToUpperInvariant())).ShouldFail("has this domain already");
        (await app.Installation.Run("app", "domain", "remove", other.Id, host)).ShouldFail("does not have this domain");
        (await app.Installation.Run("app", "domain", "add", app.Id, "https://example.org")).ShouldFail("host name");
        (await app.Installation.Run("app", "domain", "add", "0123456789abcdef0123456789abcdef", "x.example.org")).ShouldFail(
            "app no longer exists"
        );
    }

    private static async Task<Reply> Get(App app, string file, string host) =>
        await app.Server.Send(app.Server.Request(HttpMethod.Get, $"/.well-known/{file}", ("Host", host)), app.ClientAddress);
}
