using Latchkey.Tests.Applications.Realm;

namespace Latchkey.BrowserTests;

/// <summary>MongoDB Realm and Realm Users, on a server that takes a stand-in for App Services.</summary>
public sealed class RealmTests(BrowserFixture installation) : IAsyncLifetime
{
    private FakeAppServices realm = null!;
    private LatchkeyServer server = null!;

    public async ValueTask InitializeAsync()
    {
        realm = await FakeAppServices.Start();
        server = await LatchkeyServer.Start([("LATCHKEY_APP_SERVICES_URL", realm.Address)]);
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        await realm.DisposeAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task a_realm_application_is_named_configured_and_undone(bool scripts)
    {
        var (page, app) = await Begin(scripts);
        await page.AddField(app, "user_data.name");
        await page.GetByRole(AriaRole.Link, new() { Name = "MongoDB Realm" }).ClickAsync();
        await NameTheApplication(page);
        await page.GetByLabel("JWKS address").CheckAsync();
        await GiveKeys(page, "Configure Realm");
        await Assertions
            .Expect(page.Locator("#configure .report"))
            .ToContainTextAsync("Created the custom-token provider with one metadata field.");
        await Assertions.Expect(page.GetByLabel("JWKS address")).ToBeCheckedAsync();
        await Assertions.Expect(page.GetByLabel("Private key")).ToHaveValueAsync("");
        realm.Providers.Count.ShouldBe(1);

        await page.GetByLabel("Public key in a secret").CheckAsync();
        await GiveKeys(page, "Configure Realm");
        await Assertions.Expect(page.Locator("#configure .report")).ToContainTextAsync("Changed the custom-token provider");

        await page.GetByRole(AriaRole.Link, new() { Name = "Undo a configuration" }).ClickAsync();
        await GiveKeys(page, "Remove provider and secret");
        await Assertions.Expect(page.Locator("#configure .report")).ToContainTextAsync("Removed the secret CosyncJWTPublicKey.");
        (realm.Providers.Count, realm.Secrets.Count).ShouldBe((0, 0));
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1440)]
    [InlineData(ColorScheme.Dark, 360)]
    public async Task what_goes_wrong_is_said_where_it_belongs_and_reads_well(ColorScheme scheme, int width)
    {
        var (page, app) = await Begin(true, scheme);
        await page.SetViewportSizeAsync(width, 800);
        await page.GotoAsync($"{app.Path}/realm");
        await page.GetByRole(AriaRole.Button, new() { Name = "Configure Realm" }).ClickAsync();
        await Assertions.Expect(page.Locator("#field-privateKey-error")).ToContainTextAsync("Enter the private key");
        await Assertions.Expect(page.Locator("#field-projectId-error")).ToContainTextAsync("24 digits");
        await page.CheckAccessibility("realm");
        await GiveKeys(page, "Configure Realm");
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("First enter and save the Realm App Id");
        await NameTheApplication(page);
        realm.Plan($"GET /groups/{FakeAppServices.ProjectId}/apps", 404, "{}");
        await GiveKeys(page, "Configure Realm");
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("no project with this id");
        await GiveKeys(page, "Configure Realm");
        await Assertions.Expect(page.Locator("#configure .report")).ToContainTextAsync("Created the secret");
        await page.CheckAccessibility("realm");
        await page.GotoAsync($"{app.Path}/realm/undo");
        await page.CheckAccessibility("realm");
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task realm_users_are_shown_and_the_next_ones_ask_for_the_keys_again(bool scripts)
    {
        realm.AddUsers(501);
        var (page, app) = await Begin(scripts);
        await page.GotoAsync($"{app.Path}/realm-users");
        await Assertions.Expect(page.GetByText("No Realm application is set")).ToBeVisibleAsync();
        await page.Locator(".empty").GetByRole(AriaRole.Link).ClickAsync();
        await NameTheApplication(page);
        await page.GetByRole(AriaRole.Link, new() { Name = "Realm Users" }).ClickAsync();
        await GiveKeys(page, "Show users");
        await Assertions.Expect(page.Locator("#realm-users tbody tr")).ToHaveCountAsync(500);
        await Assertions.Expect(page.GetByLabel("Private key")).ToHaveValueAsync("");
        await GiveKeys(page, "Show next users");
        await Assertions.Expect(page.Locator("#realm-users tbody tr")).ToHaveCountAsync(1);
        await Assertions.Expect(page.Locator("#realm-users")).ToContainTextAsync("user500@example.com");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task an_application_without_jwt_keeps_its_realm_tabs()
    {
        var (page, app) = await Begin(false);
        await page.GotoAsync($"{app.Path}/jwt-switch/off");
        await page.GetByRole(AriaRole.Button, new() { Name = "Switch JWT off" }).ClickAsync();
        var tabs = page.Locator("nav.tabs");
        await Assertions.Expect(tabs.GetByText("Keys")).ToBeHiddenAsync();
        await tabs.GetByRole(AriaRole.Link, new() { Name = "Realm Users" }).ClickAsync();
        await tabs.GetByRole(AriaRole.Link, new() { Name = "MongoDB Realm" }).ClickAsync();
        await Assertions.Expect(page.GetByText("JWT is off")).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task the_provider_file_is_downloaded()
    {
        var (page, app) = await Begin(true);
        await page.GotoAsync($"{app.Path}/realm");
        var download = await page.RunAndWaitForDownloadAsync(() =>
            page.GetByRole(AriaRole.Link, new() { Name = "With a secret" }).ClickAsync()
        );
        download.SuggestedFilename.ShouldBe("providers.json");
        (await File.ReadAllTextAsync(await download.PathAsync())).ShouldContain("\"signingKeys\"");
        await page.Context.CloseAsync();
    }

    private async Task<(IPage Page, CreatedApplication App)> Begin(bool scripts, ColorScheme scheme = ColorScheme.Light)
    {
        var page = await installation.Anonymous(scripts, scheme, server.Url);
        await page.SetUp(server);
        return (page, await page.CreateApplication("Realm"));
    }

    private static async Task NameTheApplication(IPage page)
    {
        await page.GetByLabel("Realm App Id").FillAsync(FakeAppServices.RealmAppId);
        await page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator(".notice")).ToContainTextAsync("Saved");
    }

    private static async Task GiveKeys(IPage page, string button)
    {
        await page.GetByLabel("Public key", new() { Exact = true }).FillAsync(FakeAppServices.PublicKey);
        await page.GetByLabel("Private key").FillAsync(FakeAppServices.PrivateKey);
        await page.GetByLabel("Project id").FillAsync(FakeAppServices.ProjectId);
        await page.GetByRole(AriaRole.Button, new() { Name = button }).ClickAsync();
    }
}
