using System.Text.Json;
using Latchkey.Tests.Harness;

namespace Latchkey.BrowserTests;

/// <summary>
/// oidc-client-ts, as its documentation uses it: a page at an origin of its own signs a user in at the provider, by https through nginx.
/// </summary>
public sealed class OidcClientTests(BrowserFixture installation)
{
    private const string Ann = "ann@example.com";

    private const string Sample = """
        <!doctype html>
        <html lang="en">
        <title>App</title>
        <button id="in">Sign in</button> <button id="refresh">Refresh</button> <button id="out">Sign out</button>
        <p role="status"></p>
        <script src="/npm/oidc-client-ts/dist/browser/oidc-client-ts.min.js"></script>
        <script>
          const manager = new oidc.UserManager({
            authority: "ISSUER",
            client_id: "CLIENT_ID",
            redirect_uri: location.origin + "/",
            post_logout_redirect_uri: location.origin + "/",
            scope: "openid email offline_access",
            loadUserInfo: true,
          });
          const say = (text) => (document.querySelector("[role=status]").textContent = text);
          const run = (id, work) =>
            document.getElementById(id).addEventListener("click", () => work().catch((error) => say("failed: " + error.message)));
          run("in", () => manager.signinRedirect());
          run("out", () => manager.signoutRedirect());
          run("refresh", async () => {
            const before = (await manager.getUser()).access_token;
            const user = await manager.signinSilent();
            say(user.access_token !== before ? "refreshed " + user.profile.email : "the same token");
          });
          if (location.search.includes("code="))
            manager.signinCallback().then((user) => say("signed in " + user.profile.email), (error) => say("failed: " + error.message));
          else manager.getUser().then((user) => say(user ? "still signed in" : "signed out"));
        </script>
        </html>
        """;

    [Fact]
    public async Task a_single_page_app_signs_in_refreshes_and_signs_out()
    {
        var address = TlsProxy.FindAddress();
        await using var server = await LatchkeyServer.Start("--public-url", address.AbsoluteUri, "--proxies", "127.0.0.1/32");
        await using var proxy = await TlsProxy.Start(address, new Uri(server.Url));
        var app = JsonDocument.Parse(await server.Command("", "app", "create", "--name", "Shop", "--json", "signupFlow=none")).RootElement;
        var appId = app.GetProperty("appId").GetString()!;
        await server.Command(BrowserFixture.Password, "user", "add", appId, Ann, "--password-stdin");
        var (issuer, clientId) = (new Uri(address, $"apps/{appId}").AbsoluteUri, "");
        await using var pages = await SamplePages.Start(path => Read(path, issuer, clientId));
        var made = await server.Command(
            "",
            [
                "client",
                "create",
                appId,
                "--name",
                "Shop",
                "--type",
                "browser",
                "--redirect-uri",
                $"{pages.Origin}/",
                "--post-logout-uri",
                $"{pages.Origin}/",
                "--json",
            ]
        );
        clientId = JsonDocument.Parse(made).RootElement.GetProperty("clientId").GetString()!;

        await using var context = await installation.Browser.NewContextAsync(new() { BaseURL = pages.Origin, IgnoreHTTPSErrors = true });
        var page = await context.NewPageAsync();
        await page.GotoAsync("/");
        await Press(page, "Sign in");
        await page.GetByLabel("E-mail address").FillAsync(Ann);
        await page.GetByLabel("Password").FillAsync(BrowserFixture.Password);
        await Press(page, "Sign in");
        await Press(page, "Allow");
        await ShouldSay(page, $"signed in {Ann}");
        await Press(page, "Refresh");
        await ShouldSay(page, $"refreshed {Ann}");
        await Press(page, "Sign out");
        await ShouldSay(page, "signed out");
        await Press(page, "Sign in");
        await Assertions.Expect(page.GetByLabel("Password")).ToBeVisibleAsync();
    }

    private static Task Press(IPage page, string button) =>
        page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();

    private static Task ShouldSay(IPage page, string text) => Assertions.Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync(text);

    private static async Task<string?> Read(string path, string issuer, string clientId) =>
        path == "index.html"
            ? Sample.Replace("ISSUER", issuer, StringComparison.Ordinal).Replace("CLIENT_ID", clientId, StringComparison.Ordinal)
        : path.StartsWith("npm/", StringComparison.Ordinal)
            ? await File.ReadAllTextAsync(Path.Combine(LatchkeyServer.Root, ".build", "npm", "node_modules", path["npm/".Length..]))
        : null;
}
