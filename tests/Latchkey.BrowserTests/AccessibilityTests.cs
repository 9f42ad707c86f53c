namespace Latchkey.BrowserTests;

/// <summary>Two classes, so that the wide and the narrow pages are walked at the same time.</summary>
public sealed class DesktopLightAccessibilityTests(BrowserFixture installation)
{
    [Fact]
    public Task axe_finds_nothing_and_nothing_sticks_out() => AccessibilityTests.Walk(installation, ColorScheme.Light, 1440);
}

public sealed class MobileDarkAccessibilityTests(BrowserFixture installation)
{
    [Fact]
    public Task axe_finds_nothing_and_nothing_sticks_out() => AccessibilityTests.Walk(installation, ColorScheme.Dark, 360);
}

public sealed class AccessibilityTests(BrowserFixture installation)
{
    internal static async Task Walk(BrowserFixture installation, ColorScheme scheme, int width)
    {
        var page = await installation.SignedIn(scheme: scheme);
        await page.SetViewportSizeAsync(width, 800);
        var app = await page.CreateApplication("Accessible to the very last letter of a long name");
        await page.CheckAccessibility("created");
        await page.AddField(app, "user_data.name");
        foreach (var path in PageList.Of(app))
        {
            await page.GotoAsync(path);
            await page.CheckAccessibility(path);
        }

        await page.SignUpUser(
            installation,
            app,
            $"axe-{scheme}-{width}@a-rather-long-domain-name.example.com",
            """{"user_data":{"name":"Axe"}}"""
        );
        await page.GotoAsync($"{app.Path}/mailbox");
        await page.CheckAccessibility("mailbox with mail");
        await page.Locator(".mails a").First.ClickAsync();
        await page.CheckAccessibility("mail");
        await page.GotoAsync($"{app.Path}/users");
        await page.CheckAccessibility("users");
        await page.Locator(".users tbody a").First.ClickAsync();
        await page.GetByText("As one JSON document").ClickAsync();
        await page.CheckAccessibility("user");

        await page.GotoAsync($"{app.Path}/settings/general");
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Name" }).FillAsync("");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await page.CheckAccessibility("settings refused");

        await page.GotoAsync($"{app.Path}/templates/EN/signUp");
        await page.GetByLabel("HTML", new() { Exact = true }).FillAsync("<p>%NAME%</p>");
        await page.GetByLabel("Subject", new() { Exact = true }).FillAsync("");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator("#field-html-error")).ToBeVisibleAsync();
        await page.GetByText("Show the built-in text").ClickAsync();
        await page.CheckAccessibility("template refused");
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task axe_finds_nothing_on_the_pages_that_everyone_sees(ColorScheme scheme)
    {
        var page = await installation.Anonymous(scheme: scheme);
        foreach (var path in PageList.Open)
        {
            await page.GotoAsync(path);
            await page.CheckAccessibility(path);
        }

        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task axe_finds_what_is_wrong()
    {
        var page = await installation.Anonymous();
        await page.SetContentAsync("<html lang=en><title>A</title><main><h1>A</h1><img src=a></main>");
        (await Assert.ThrowsAsync<ShouldAssertException>(() => page.CheckAccessibility("no alternative text"))).Message.ShouldContain(
            "image-alt"
        );
        await page.SetContentAsync("<html lang=en><title>A</title><main><h1>A</h1><label>A <textarea></textarea></label></main>");
        (await Assert.ThrowsAsync<ShouldAssertException>(() => page.CheckAccessibility("an unstyled text area"))).Message.ShouldContain(
            "textarea"
        );
        await page.Context.CloseAsync();
    }
}
