using System.Text.Json;
using Latchkey.Provider.Clients;

namespace Latchkey.Tests.Provider.RealClients;

/// <summary>Clients that others wrote, in JavaScript and Python, as their own documentation uses them.</summary>
public sealed class ScriptTests(ServerFixture servers)
{
    private const string Ann = "ann@example.com";
    private const string Resource = "https://api.example.com";
    private const string AuthJsCallback = "https://client.example.com/auth/callback/latchkey";

    [Theory]
    [InlineData("openid-client.mjs")]
    [InlineData("oauth4webapi.mjs")]
    [InlineData("authjs.mjs")]
    public async Task A_client_for_Node_signs_in(string script)
    {
        await using var provider = await HttpsProvider.Start(servers);
        var settings = await Settings(provider, claimsInIdToken: script == "authjs.mjs");
        var folder = Directory.CreateTempSubdirectory("latchkey-node-").FullName;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Provider", "RealClients"), "*.mjs"))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        Directory.CreateSymbolicLink(
            Path.Combine(folder, "node_modules"),
            Path.Combine(RepositoryPaths.Root, ".build", "npm", "node_modules")
        );
        var output = await ChildProcess.Run(
            "node",
            [Path.Combine(folder, script), settings],
            [("NODE_EXTRA_CA_CERTS", provider.AuthorityFile)]
        );
        output.ShouldContain("ok");
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task PyJWT_verifies_the_tokens()
    {
        await using var provider = await HttpsProvider.Start(servers);
        var ann = await provider.App.App.CreateUser(Ann);
        var web = await provider.App.AddClient();
        var tokens = (await web.Exchange(await provider.App.IssueCode(web, ann))).ShouldBeOk().Json;
        var settings = JsonSerializer.Serialize(
            new
            {
                issuer = provider.App.Issuer,
                authority = provider.AuthorityFile,
                sub = ann.Claims.GetProperty("uid").GetString(),
                web = new { id = web.Id },
                idToken = tokens.GetProperty("id_token").GetString(),
                accessToken = tokens.GetProperty("access_token").GetString(),
            }
        );
        var script = Path.Combine(AppContext.BaseDirectory, "Provider", "RealClients", "pyjwt.py");
        (await ChildProcess.Run("/usr/bin/python3", script, settings)).ShouldBe("ok");
    }

    /// <summary>The application's values, as a script gets them.</summary>
    private static async Task<string> Settings(HttpsProvider provider, bool claimsInIdToken = false)
    {
        var app = provider.App;
        await app.AddResource(Resource, "orders:read orders:write");
        var ann = await app.App.CreateUser(Ann);
        var web = await app.AddClient(
            ClientType.Web,
            client =>
                client with
                {
                    RedirectUris = [ProviderApp.RedirectUri, AuthJsCallback],
                    PostLogoutUris = ["https://client.example.com/bye"],
                    ClaimsInIdToken = claimsInIdToken,
                }
        );
        var native = await app.AddClient(ClientType.Native);
        var service = await app.AddClient(ClientType.Service, client => client with { Scopes = ["orders:read"], Resources = [Resource] });
        var device = await app.AddClient(ClientType.Device);
        return JsonSerializer.Serialize(
            new
            {
                issuer = app.Issuer,
                sub = ann.Claims.GetProperty("uid").GetString(),
                answers = new Dictionary<string, string>(StringComparer.Ordinal) { ["handle"] = Ann, ["password"] = App.Password },
                resource = Resource,
                web = new { id = web.Id, secret = web.Secret },
                native = new { id = native.Id },
                service = new { id = service.Id, secret = service.Secret },
                device = new { id = device.Id },
                steps = new[] { "web", "public", "service", "device" },
            }
        );
    }
}
