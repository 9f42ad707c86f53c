namespace Latchkey.BrowserTests;

/// <summary>The tab Storage: the bucket is entered, tested, and what is wrong is said where it belongs.</summary>
public sealed class StorageTests(BrowserFixture installation)
{
    [Theory]
    [InlineData(ColorScheme.Light, 1440, true)]
    [InlineData(ColorScheme.Dark, 360, true)]
    [InlineData(ColorScheme.Dark, 360, false)]
    public async Task a_bucket_is_entered_and_tested_and_its_pages_read_well(ColorScheme scheme, int width, bool scripts)
    {
        await using var server = await LatchkeyServer.Start();
        var page = await installation.Anonymous(scripts: scripts, scheme: scheme, url: server.Url);
        await page.SetViewportSizeAsync(width, 800);
        await page.SetUp(server);
        var app = await page.CreateApplication("Harbour Walks");
        await page.GotoAsync($"{app.Path}/storage");
        await Check("storage, empty");
        await Save(page);
        await Assertions.Expect(page.Locator("#field-endpoint-error")).ToContainTextAsync("Enter the address of the S3 API");
        await Assertions.Expect(page.Locator("#field-secret-error")).ToContainTextAsync("Enter the secret");
        await Check("storage, with errors");

        await page.GetByLabel("Endpoint").FillAsync("https://127.0.0.1:9");
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Bucket", Exact = true }).FillAsync("harbour-walks");
        await page.GetByLabel("Access key id").FillAsync("AKIAEXAMPLE");
        await page.GetByLabel("Secret access key").FillAsync("a-secret");
        await Save(page);
        await Assertions.Expect(page.GetByRole(AriaRole.Status).First).ToContainTextAsync("Saved");
        await Assertions.Expect(page.GetByLabel("Secret access key")).ToHaveValueAsync("");

        await page.GetByRole(AriaRole.Button, new() { Name = "Test the bucket" }).ClickAsync();
        await Assertions.Expect(page.Locator(".checks")).ToContainTextAsync("is not on the public internet");
        await Check("storage, tested");
        await page.Context.CloseAsync();

        Task Check(string name) => scripts ? page.CheckAccessibility(name) : Task.CompletedTask; // axe is a script
    }

    private static Task Save(IPage page) => page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
}
