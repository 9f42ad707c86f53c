using System.Text.Json;
using Latchkey.Tests.Harness;

namespace Latchkey.BrowserTests;

/// <summary>
/// The quick starts of the portal: each is read from its page, written to files as it stands there, run with the libraries that it names, and
/// signs a user in and out in Chromium, by https through nginx.
/// </summary>
public sealed class QuickStartTests(BrowserFixture installation)
{
    private const string Ann = "ann@example.com";

    [Theory]
    [InlineData("react")]
    [InlineData("vue")]
    [InlineData("express")]
    [InlineData("aspnet")]
    [InlineData("python")]
    [InlineData("go")]
    public Task a_quick_start_signs_a_user_in_and_out(string kind) => SignInAndOut(kind);

    [Fact]
    public Task next_signs_a_user_in_and_out()
    {
        Assert.SkipUnless(TestScale.IsLong, "installs Next.js, 300 MB: ./test --long");
        return SignInAndOut("next");
    }

    private async Task SignInAndOut(string kind)
    {
        var address = TlsProxy.FindAddress();
        await using var server = await LatchkeyServer.Start("--public-url", address.AbsoluteUri, "--proxies", "127.0.0.1/32");
        await using var proxy = await TlsProxy.Start(address, new Uri(server.Url));
        var origin = new Uri($"http://localhost:{FreePort.Find()}");
        var made = JsonDocument.Parse(await server.Command("", "app", "create", "--name", "Shop", "--json", "signupFlow=none"));
        var appId = made.RootElement.GetProperty("appId").GetString()!;
        await server.Command(BrowserFixture.Password, "user", "add", appId, Ann, "--password-stdin");
        var client = await CreateClient(server, appId, kind, origin);
        await server.Command(
            BrowserFixture.Password,
            ["operator", "create", "--email", BrowserFixture.Email, "--name", "Ada", "--password-stdin"]
        );

        await using var context = await installation.Browser.NewContextAsync(
            new() { BaseURL = address.AbsoluteUri, IgnoreHTTPSErrors = true }
        );
        var page = await context.NewPageAsync();
        await page.SignIn($"/portal/applications/{appId}/clients/{client.GetProperty("clientId").GetString()}/code?kind={kind}");
        (await page.Locator("nav.subtabs a[aria-current]").GetAttributeAsync("href")).ShouldNotBeNull().ShouldEndWith($"kind={kind}");
        var (files, run) = await QuickStartApp.Read(page);
        if (client.TryGetProperty("clientSecret", out var secret) && secret.ValueKind == JsonValueKind.String)
        {
            run.ShouldContain("CLIENT_SECRET=…");
            run = run.Replace("…", secret.GetString(), StringComparison.Ordinal);
        }

        await using var app = await QuickStartApp.Start(kind, files, run, origin, proxy.AuthorityFile);
        await page.GotoAsync(origin.AbsoluteUri);
        await page.GetByText("Sign in", new() { Exact = true }).ClickAsync();
        if (kind == "next")
        {
            await page.GetByText("Sign in with Latchkey").ClickAsync(); // Auth.js has a page of its own before
        }

        await page.GetByLabel("E-mail address").FillAsync(Ann);
        await page.GetByLabel("Password").FillAsync(BrowserFixture.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByText($"Hello {Ann}")).ToBeVisibleAsync();
        new Uri(page.Url).AbsolutePath.ShouldBe("/");
        await page.GetByText("Sign out", new() { Exact = true }).ClickAsync();
        if (kind == "next")
        {
            await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        }

        await Assertions.Expect(page.GetByText("Sign in", new() { Exact = true })).ToBeVisibleAsync();
        page.Url.ShouldStartWith(origin.AbsoluteUri);
    }

    private static async Task<JsonElement> CreateClient(LatchkeyServer server, string appId, string kind, Uri origin)
    {
        var isBrowser = kind is "react" or "vue";
        var made = await server.Command(
            "",
            "client",
            "create",
            appId,
            "--name",
            kind,
            "--type",
            isBrowser ? "browser" : "web",
            "--redirect-uri",
            new Uri(
                origin,
                isBrowser ? "/"
                    : kind == "next" ? "/api/auth/callback/latchkey"
                    : "/callback"
            ).AbsoluteUri,
            "--post-logout-uri",
            new Uri(origin, kind == "aspnet" ? "/signout-callback-oidc" : "/").AbsoluteUri,
            "--first-party",
            "--json",
            $"claimsInIdToken={(kind == "next" ? 1 : 0)}"
        );
        return JsonDocument.Parse(made).RootElement;
    }
}
