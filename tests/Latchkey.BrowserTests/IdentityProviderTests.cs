namespace Latchkey.BrowserTests;

/// <summary>The tab Providers: one is found in the catalogue, added, tested, mapped to metadata and deleted.</summary>
public sealed class IdentityProviderTests(BrowserFixture installation)
{
    private const string Secret = "a-secret-that-nobody-sees";

    [Theory]
    [InlineData(ColorScheme.Light, 1280, true)]
    [InlineData(ColorScheme.Dark, 390, true)]
    [InlineData(ColorScheme.Light, 390, false)]
    public Task a_provider_is_added_and_its_pages_read_well(ColorScheme scheme, int width, bool scripts) =>
        Walk(scheme, width, scripts, folder: null);

    /// <summary>For somebody to look at; they are in .build/portal-pages.</summary>
    [Theory(Explicit = true)]
    [InlineData(ColorScheme.Light, 390)]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 390)]
    [InlineData(ColorScheme.Dark, 1280)]
    public Task to_look_at(ColorScheme scheme, int width) =>
        Walk(scheme, width, scripts: true, Path.Combine(LatchkeyServer.Root, ".build", "portal-pages", $"providers-{scheme}-{width}"));

    private async Task Walk(ColorScheme scheme, int width, bool scripts, string? folder)
    {
        await using var server = await LatchkeyServer.Start();
        var page = await installation.Anonymous(scripts: scripts, scheme: scheme, url: server.Url);
        await page.SetViewportSizeAsync(width, 800);
        await page.SetUp(server);
        var app = await page.CreateApplication("Harbour Walks");
        await page.GotoAsync($"{app.Path}/providers");
        await Check("empty");
        await page.GetByRole(AriaRole.Link, new() { Name = "Add a provider" }).First.ClickAsync();
        await Check("catalogue");
        await page.GotoAsync($"{app.Path}/providers/new?search=git");
        await page.GetByRole(AriaRole.Link, new() { Name = "GitHub" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Add GitHub" }).ClickAsync();
        await Assertions.Expect(page.Locator("#field-clientId-error")).ToContainTextAsync("is missing");
        await Check("github-refused");
        await page.GetByLabel("Client ID").FillAsync("Ov23liABCDEFGHIJKLMN");
        await page.GetByLabel("Client secret").FillAsync(Secret);
        await page.GetByRole(AriaRole.Button, new() { Name = "Add GitHub" }).ClickAsync();
        await Assertions.Expect(page.Locator("#copy-callback")).ToContainTextAsync("/login/via/github/callback");
        (await page.ContentAsync()).ShouldNotContain(Secret);
        await Check("github");

        await page.GotoAsync($"{app.Path}/providers/new/oidc");
        await page.GetByLabel("Issuer").FillAsync("https://127.0.0.1:1");
        await page.GetByLabel("Client ID").FillAsync("latchkey");
        await page.GetByLabel("Client secret").FillAsync(Secret);
        await page.GetByLabel("Name on the button").FillAsync("My Company");
        await page.GetByLabel("Alias").FillAsync("my-company");
        await Check("oidc-new");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add OpenID Connect" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Test the provider" }).ClickAsync();
        await Assertions.Expect(page.Locator("#test")).ToContainTextAsync("Something is wrong");
        await page.Locator("#field-claims").FillAsync("given_name=user_data.nothing");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save Metadata" }).ClickAsync();
        await Assertions.Expect(page.Locator("#field-claims-error")).ToContainTextAsync("no metadata field");
        await Check("oidc");
        await page.GotoAsync($"{app.Path}/providers/new/apple");
        await Check("apple-new");
        await page.GotoAsync($"{app.Path}/providers");
        await Check("list");
        await page.GotoAsync($"{app.Path}/providers/my-company/delete");
        await Check("delete");
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete the provider" }).ClickAsync();
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("The provider is deleted");
        await page.Context.CloseAsync();

        async Task Check(string name)
        {
            if (scripts)
            {
                await page.WaitForFunctionAsync("() => [...document.images].every(one => one.complete && one.naturalWidth > 0)");
            }

            if (folder is not null)
            {
                await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png"), FullPage = true });
            }
            else if (scripts) // axe is a script
            {
                await page.CheckAccessibility(name);
            }
        }
    }
}
