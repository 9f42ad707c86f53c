namespace Latchkey.BrowserTests;

/// <summary>The tab Locales.</summary>
public sealed class LocaleTests(BrowserFixture installation) : IAsyncLifetime
{
    private IPage page = null!;
    private CreatedApplication app = null!;

    public async ValueTask InitializeAsync()
    {
        page = await installation.SignedIn();
        app = await page.CreateApplication("Babel");
    }

    public async ValueTask DisposeAsync() => await page.Context.CloseAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task a_language_is_added_with_its_translation_and_removed_again(bool scripts)
    {
        var writer = await installation.SignedIn(scripts);
        await Add(writer, "DE");
        await writer.GetByRole(AriaRole.Link, new() { Name = "See its templates" }).ClickAsync();
        await writer.GetByRole(AriaRole.Link, new() { Name = "Signup code" }).ClickAsync();
        await Assertions.Expect(writer.FrameLocator("iframe").Locator("html")).ToHaveAttributeAsync("lang", "de");
        (await Settings()).ShouldContain("\"locales\":[\"EN\",\"DE\"]");

        await writer.GotoAsync($"{app.Path}/locales");
        await writer.GetByRole(AriaRole.Link, new() { Name = "Remove German" }).ClickAsync();
        await Assertions.Expect(writer.GetByText("No user has chosen it.")).ToBeVisibleAsync();
        await writer.GetByRole(AriaRole.Button, new() { Name = "Remove German" }).ClickAsync();
        await Assertions.Expect(writer.GetByText("German is no longer available")).ToBeVisibleAsync();
        (await Settings()).ShouldContain("\"locales\":[\"EN\"]");
        await writer.Context.CloseAsync();
    }

    [Fact]
    public async Task users_of_a_removed_language_get_english_and_its_own_templates_come_back_with_it()
    {
        await Add(page, "FR");
        await page.GotoAsync($"{app.Path}/templates/FR/signUp");
        await page.GetByLabel("HTML", new() { Exact = true }).FillAsync("<p>Le mien : %CODE%</p>");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        var codes = new List<string>();
        foreach (var handle in new[] { "aude@example.com", "yves@example.com" })
        {
            await installation.Api(
                app.AppToken,
                "signup",
                new
                {
                    handle,
                    password = "a-password-of-mine-1",
                    locale = "FR",
                }
            );
            await page.GotoAsync($"{app.Path}/mailbox?search={handle}");
            codes.Add(await page.Locator(".mails .code").First.TextContentAsync() ?? "");
        }

        await installation.Api(app.AppToken, "completeSignup", new { handle = "aude@example.com", code = codes[0] });
        await page.GotoAsync($"{app.Path}/mailbox");
        await Assertions.Expect(page.Locator(".mails .subject").First).ToHaveTextAsync("Bienvenue sur Babel");
        await page.GotoAsync($"{app.Path}/locales/FR/remove");
        await Assertions.Expect(page.GetByText("One user has chosen it")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove French" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Custom templates for French are kept")).ToBeVisibleAsync();
        await installation.Api(app.AppToken, "completeSignup", new { handle = "yves@example.com", code = codes[1] });
        await page.GotoAsync($"{app.Path}/mailbox");
        await Assertions.Expect(page.Locator(".mails .subject").First).ToHaveTextAsync("Welcome to Babel");

        await Add(page, "FR");
        await page.GotoAsync($"{app.Path}/templates/FR/signUp");
        await Assertions.Expect(page.GetByLabel("HTML", new() { Exact = true })).ToHaveValueAsync("<p>Le mien : %CODE%</p>");
    }

    [Fact]
    public async Task a_language_without_a_translation_says_what_it_starts_from()
    {
        await Add(page, "SV");
        await Add(page, "PT-BR");
        await Assertions.Expect(page.Locator("tr", new() { HasText = "Svenska" })).ToContainTextAsync("based on English");
        await Assertions.Expect(page.Locator("tr", new() { HasText = "Português (Brasil)" })).ToContainTextAsync("based on Portuguese");
        await page.GotoAsync($"{app.Path}/templates/SV/signUp");
        await Assertions.Expect(page.GetByText("it is based on English")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task english_stays_and_only_listed_languages_are_taken()
    {
        await page.GotoAsync($"{app.Path}/locales");
        await Assertions.Expect(page.Locator("tbody tr")).ToContainTextAsync(["required"]);
        await page.GetByRole(AriaRole.Button, new() { Name = "Add language" }).ClickAsync();
        await Assertions.Expect(page.Locator("#language-error")).ToContainTextAsync("Choose a language from the list");
        var form = (await PortalForm.On(installation, $"{app.Path}/locales")).Single(form =>
            form.Fields.GetValueOrDefault("_handler") == "add"
        );
        using var forged = await form.With("language", "X',Y").Send(installation, installation.Server.Url);
        forged.StatusCode.ShouldBe(System.Net.HttpStatusCode.OK);
        (await Settings()).ShouldContain("\"locales\":[\"EN\"]");
        foreach (var wrong in new[] { "EN", "DE", "x" })
        {
            using var response = await installation.Get($"{app.Path}/locales/{wrong}/remove");
            response.StatusCode.ShouldBe(System.Net.HttpStatusCode.NotFound, wrong);
        }
    }

    private async Task Add(IPage at, string code)
    {
        await at.GotoAsync($"{app.Path}/locales");
        await at.GetByLabel("Add a language").SelectOptionAsync(code);
        await at.GetByRole(AriaRole.Button, new() { Name = "Add language" }).ClickAsync();
        await Assertions.Expect(at.GetByText("is now available")).ToBeVisibleAsync();
    }

    private Task<string> Settings() => installation.Api(app.AppToken, "getApplication");
}
