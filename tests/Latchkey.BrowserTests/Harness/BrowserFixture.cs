using System.Net.Http.Json;

[assembly: AssemblyFixture(typeof(Latchkey.BrowserTests.Harness.BrowserFixture))]

namespace Latchkey.BrowserTests.Harness;

/// <summary>One server with an operator, and one browser, for all tests. Each test brings its own applications.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    public const string Email = "ada@operators.example";
    public const string Password = "violet harbour lamp";

    private const int ActionTimeout = 30_000; // milliseconds; a machine that runs all tests at once is slow at times

    private IPlaywright playwright = null!;

    public LatchkeyServer Server { get; private set; } = null!;

    public IBrowser Browser { get; private set; } = null!;

    /// <summary>The session cookie of the operator, as a Cookie header.</summary>
    public string SessionCookie { get; private set; } = "";

    public HttpClient Http { get; } = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });

    public async ValueTask InitializeAsync()
    {
        Server = await LatchkeyServer.Start();
        playwright = await Playwright.CreateAsync();
        Assertions.SetDefaultExpectTimeout(ActionTimeout);
        Browser = await playwright.Chromium.LaunchAsync(
            new()
            {
                ExecutablePath = "/usr/bin/chromium-headless-shell",
                Args =
                [
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-quic",
                    "--no-first-run",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--disable-sync",
                ],
            }
        );
        var page = await Anonymous();
        await page.SetUp(Server);
        SessionCookie = (await page.Context.CookiesAsync())
            .Where(cookie => cookie.Name == "latchkey")
            .Select(cookie => $"latchkey={cookie.Value}")
            .Single();
        await page.Context.CloseAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Browser.DisposeAsync();
        playwright.Dispose();
        await Server.DisposeAsync();
    }

    /// <summary>A new browser profile that nobody has signed in to.</summary>
    public async Task<IPage> Anonymous(bool scripts = true, ColorScheme scheme = ColorScheme.Light, string? url = null, string? zone = null)
    {
        var context = await Browser.NewContextAsync(
            new()
            {
                BaseURL = url ?? Server.Url,
                JavaScriptEnabled = scripts,
                ColorScheme = scheme,
                Permissions = ["clipboard-read", "clipboard-write"],
                Locale = "en-GB",
                TimezoneId = zone,
            }
        );
        context.SetDefaultTimeout(ActionTimeout);
        return await context.NewPageAsync();
    }

    /// <summary>A new browser profile in which the operator is signed in.</summary>
    public async Task<IPage> SignedIn(bool scripts = true, ColorScheme scheme = ColorScheme.Light, string? zone = null)
    {
        await Server.SetProofOf(Email, TimeProvider.System.GetUtcNow()); // which every test shares, and the suite can last longer than one counts
        var page = await Anonymous(scripts, scheme, zone: zone);
        await page.Context.AddCookiesAsync([
            new()
            {
                Name = "latchkey",
                Value = SessionCookie["latchkey=".Length..],
                Url = Server.Url,
            },
        ]);
        return page;
    }

    public async Task<HttpResponseMessage> Get(string path, string? cookie = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Server.Url + path);
        request.Headers.Add("Cookie", cookie is null ? SessionCookie : $"theme=none; {cookie}");
        return await Http.SendAsync(request);
    }

    public async Task<string> Api(string appToken, string function, object? body = null)
    {
        using var request = new HttpRequestMessage(body is null ? HttpMethod.Get : HttpMethod.Post, $"{Server.Url}/api/appuser/{function}")
        {
            Content = body is null ? null : JsonContent.Create(body),
        };
        request.Headers.Add("app-token", appToken);
        using var response = await Http.SendAsync(request);
        return await response.Content.ReadAsStringAsync();
    }
}
