namespace Latchkey.BrowserTests;

/// <summary>The tab Clients: a client is added, its secret shown once, its settings saved, and its code is there.</summary>
public sealed class ClientTests(BrowserFixture installation)
{
    [Theory]
    [InlineData(ColorScheme.Light, 1280, true)]
    [InlineData(ColorScheme.Dark, 390, true)]
    [InlineData(ColorScheme.Light, 390, false)]
    public async Task a_client_is_added_and_its_pages_read_well(ColorScheme scheme, int width, bool scripts)
    {
        await using var server = await LatchkeyServer.Start();
        var page = await installation.Anonymous(scripts: scripts, scheme: scheme, url: server.Url);
        await page.SetViewportSizeAsync(width, 800);
        await page.SetUp(server);
        var app = await page.CreateApplication("Harbour Walks");
        await page.GotoAsync($"{app.Path}/clients");
        await Check("clients, empty");
        await page.GetByRole(AriaRole.Link, new() { Name = "Add a client" }).First.ClickAsync();
        await Add();
        await Assertions.Expect(page.Locator("#field-name-error")).ToContainTextAsync("A name must have");
        await Check("new client, with errors");

        await page.GetByLabel("Name").FillAsync("Web shop");
        await page.GetByLabel("Addresses after signing in").FillAsync("https://shop.example.com/callback");
        await Add();
        (await page.Locator("#copy-client-secret").TextContentAsync()).ShouldNotBeNull().Length.ShouldBe(43);
        await Check("client, with its secret");

        await page.GetByLabel("After signing out").FillAsync("https://shop.example.com/");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save Addresses" }).ClickAsync();
        await Assertions.Expect(page.Locator("#addresses")).ToContainTextAsync("Saved");
        await page.GetByRole(AriaRole.Link, new() { Name = "Code for this client" }).ClickAsync();
        await Assertions.Expect(page.Locator("#copy-openid-client")).ToContainTextAsync("openid-client");
        await Check("code of a client");
        await page.GotoAsync($"{app.Path}/clients/resources");
        await Check("resources");
        await page.Context.CloseAsync();

        Task Add() => page.GetByRole(AriaRole.Button, new() { Name = "Add the client" }).ClickAsync();
        Task Check(string name) => scripts ? page.CheckAccessibility(name) : Task.CompletedTask; // axe is a script
    }
}
