namespace Latchkey.BrowserTests;

/// <summary>The pages that users of an application see, for somebody to look at; run by scripts/portal-screenshots --all.</summary>
public sealed class HostedPageScreenshots(BrowserFixture browser)
{
    /// <summary>They are in .build/portal-pages.</summary>
    [Theory(Explicit = true)]
    [InlineData(ColorScheme.Light, 390, "en")]
    [InlineData(ColorScheme.Light, 1440, "de")]
    [InlineData(ColorScheme.Dark, 390, "de")]
    [InlineData(ColorScheme.Dark, 1440, "en")]
    [InlineData(ColorScheme.Light, 390, "ar")]
    [InlineData(ColorScheme.Dark, 1440, "ar")]
    public async Task to_look_at(ColorScheme scheme, int width, string language)
    {
        var folder = Path.Combine(LatchkeyServer.Root, ".build", "portal-pages", $"hosted-{scheme}-{width}-{language}");
        var walk = await HostedPageWalk.Create(browser.Server);
        var page = await browser.Anonymous(scheme: scheme);
        await page.SetViewportSizeAsync(width, 800);
        await walk.Visit(
            page,
            language,
            name => page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png"), FullPage = true })
        );
        await page.Context.CloseAsync();
    }

    /// <summary>The pictures of docs/hosted-pages.md, and of the tab Branding.</summary>
    [Fact(Explicit = true)]
    public async Task of_the_documentation()
    {
        var docs = Path.Combine(LatchkeyServer.Root, "docs");
        var logo = Path.Combine(browser.Server.DataFolder, "harbour.png");
        var page = await browser.Anonymous();
        await page.SetContentAsync(Drawing);
        await page.Locator("svg").ScreenshotAsync(new() { Path = logo, OmitBackground = true });
        string[] links = ["--terms-url", "https://example.com/terms", "--privacy-url", "https://example.com/privacy"];
        var walk = await HostedPageWalk.Create(browser.Server, ["--color", "#0b57d0", "--radius", "14", "--logo", logo, .. links]);
        await Take(page, $"/apps/{walk.App}/login", 860, 700, "hosted-pages/sign-in.jpg");
        var dark = await browser.Anonymous(scheme: ColorScheme.Dark);
        await dark.GotoAsync($"/apps/{walk.App}/login");
        await HostedPageWalk.SignIn(dark, HostedPageWalk.Password);
        await Take(dark, $"/apps/{walk.App}/account/sessions", 1180, 700, "hosted-pages/account.jpg");
        var portal = await browser.SignedIn();
        await Take(portal, $"/portal/applications/{walk.App}/branding", 1280, 1100, "portal/branding.jpg");

        async Task Take(IPage at, string path, int width, int height, string name)
        {
            await at.SetViewportSizeAsync(width, height);
            await at.GotoAsync(path, new() { WaitUntil = WaitUntilState.NetworkIdle });
            await at.ScreenshotAsync(
                new()
                {
                    Path = Path.Combine(docs, name),
                    Type = ScreenshotType.Jpeg,
                    Quality = 80,
                }
            );
            await at.Context.CloseAsync();
        }
    }

    private const string Drawing = """
        <style>body { margin: 0; background: none }</style>
        <svg xmlns="http://www.w3.org/2000/svg" width="176" height="176" viewBox="0 0 44 44">
        <rect width="44" height="44" rx="11" fill="#0b57d0"/>
        <path d="M22 8v24M14 15h16M9 24c1 8 6 11 13 12 7-1 12-4 13-12" fill="none" stroke="#fff" stroke-width="3.5" stroke-linecap="round"/>
        <circle cx="22" cy="9" r="3" fill="#0b57d0" stroke="#fff" stroke-width="2.5"/>
        </svg>
        """;
}
