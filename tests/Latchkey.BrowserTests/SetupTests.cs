using System.Text.Json;

namespace Latchkey.BrowserTests;

public sealed class SetupTests(BrowserFixture installation)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task from_the_setup_link_to_a_first_request_that_works_with_and_without_scripts(bool scripts)
    {
        await using var server = await LatchkeyServer.Start();
        var page = await installation.Anonymous(scripts, url: server.Url);
        await page.SetUp(server);
        await Assertions.Expect(page.GetByText("No application yet")).ToBeVisibleAsync();

        var app = await page.CreateApplication("Harbour Notes");
        var answer = JsonDocument.Parse(await Shell.Run(app.SettingsRequest.Replace("curl ", "curl -sf ", StringComparison.Ordinal)));
        answer.RootElement.GetProperty("name").GetString().ShouldBe("Harbour Notes");
        (await Shell.Run(app.SignupRequest.Replace("curl ", "curl -sf ", StringComparison.Ordinal))).ShouldBe("true");

        await page.GetByRole(AriaRole.Link, new() { Name = "the mailbox" }).ClickAsync();
        await page.GetByText("ada@example.com").First.ClickAsync();
        var code = await page.TextContentAsync("#copy-code");
        var html = await page.APIRequest.GetAsync((await page.Locator("iframe").GetAttributeAsync("src"))!);
        (await html.TextAsync()).ShouldContain(code!);

        await page.GetByRole(AriaRole.Link, new() { Name = "Settings" }).ClickAsync();
        await page.GetByLabel("Name").FillAsync("Harbour Diary");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "General" })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByLabel("Name")).ToHaveValueAsync("Harbour Diary");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Assertions.Expect(page.GetByText("You are signed out.")).ToBeVisibleAsync();
        await page.SignIn();
        await Assertions.Expect(page.Locator("tbody").GetByRole(AriaRole.Link, new() { Name = "Harbour Diary" })).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task the_copy_button_copies_the_first_request()
    {
        var page = await installation.SignedIn();
        var app = await page.CreateApplication("Copies");
        await page.GetByRole(AriaRole.Button, new() { Name = "Copy Get the application's settings" }).ClickAsync();
        await Assertions.Expect(page.Locator("button", new() { HasText = "Copied" })).ToBeVisibleAsync();
        (await page.EvaluateAsync<string>("navigator.clipboard.readText()")).ShouldBe(app.SettingsRequest);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task a_setup_link_works_once_and_its_dead_end_says_where_to_go()
    {
        var page = await installation.Anonymous();
        await page.GotoAsync(installation.Server.SetupPath);
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "This link is no longer valid" })).ToBeVisibleAsync();
        (await page.Locator("input").CountAsync()).ShouldBe(0);
        await page.GetByRole(AriaRole.Link, new() { Name = "Sign in" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task a_refused_setup_says_why_beside_the_field_and_keeps_the_link_alive()
    {
        await using var server = await LatchkeyServer.Start();
        var page = await installation.Anonymous(url: server.Url);
        await page.GotoAsync(server.SetupPath);
        await page.GetByLabel("Your name").FillAsync("Ada");
        await page.GetByLabel("E-mail address").FillAsync("ada@example.com");
        await page.GetByLabel("Password").FillAsync("short");
        await page.GetByRole(AriaRole.Button).ClickAsync();
        await Assertions.Expect(page.Locator("#field-password-error")).ToContainTextAsync("fewer than 10 characters");
        await page.GetByLabel("Password").FillAsync("violet harbour lamp");
        await page.GetByLabel("E-mail address").FillAsync("not an address");
        await page.GetByRole(AriaRole.Button).ClickAsync();
        await Assertions.Expect(page.Locator("#field-email-error")).ToContainTextAsync("not an e-mail address");
        await page.SetUp(server);
        await page.Context.CloseAsync();
    }
}
