namespace Latchkey.BrowserTests;

public sealed class OverviewTests(BrowserFixture installation)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task a_new_application_shows_how_to_begin_and_then_what_happened(bool scripts)
    {
        var page = await installation.SignedIn(scripts);
        var app = await page.CreateApplication("Overviewed");
        await page.GotoAsync(app.Path);
        await Assertions.Expect(page.GetByText("0 of 7 done")).ToBeVisibleAsync();

        await page.SignUpUser(installation, app, "first@example.com");
        await installation.Api(app.AppToken, "login", new { handle = "first@example.com", password = "not-the-password-1" });
        await Shown(page, app, "#failures .sum", "1");
        (await page.TextContentAsync("#signups ~ .sum")).ShouldBe("1 by signup, invitation, Apple and Google");
        (await page.TextContentAsync(".headline"))!.ShouldContain("Active this month1");
        (await page.Locator("#mails ~ svg .bar").CountAsync()).ShouldBe(30);
        (await page.Locator("#mails ~ svg g:last-of-type .tip").TextContentAsync())!.ShouldEndWith(": 2 mails, before: 0 mails");
        await Assertions.Expect(page.Locator("#sms")).ToHaveCountAsync(0); // what is not used is not shown
        await Assertions.Expect(page.GetByText("Not shown, as there were none: SMS.")).ToBeVisibleAsync();
        (await page.TextContentAsync("#signups ~ .change")).ShouldBe("None in the 30 days before.");
        await Assertions.Expect(page.Locator("#reasons tbody tr")).ToHaveCountAsync(1);

        await page.Locator("section:has(#failures) summary").ClickAsync();
        await Assertions.Expect(page.Locator("section:has(#failures) tbody tr").First).ToContainTextAsync("1");
        await page.GetByRole(AriaRole.Link, new() { Name = "7 days" }).ClickAsync();
        (await page.Locator("#mails ~ svg .bar").CountAsync()).ShouldBe(7);
        page.Url.ShouldEndWith("?days=7");
        await page.GetByRole(AriaRole.Link, new() { Name = "52 weeks" }).ClickAsync();
        (await page.Locator("#mails ~ svg .bar").CountAsync()).ShouldBe(52);
        await page.GetByRole(AriaRole.Link, new() { Name = "12 months" }).ClickAsync();
        (await page.Locator("#mails ~ svg .bar").CountAsync()).ShouldBe(12);
        await Assertions.Expect(page.Locator("#active ~ .sum")).ToContainTextAsync("1 the sum of each month’s active users");
        await page.GetByRole(AriaRole.Link, new() { Name = "48 hours" }).ClickAsync();
        (await page.Locator("#mails ~ svg .bar").CountAsync()).ShouldBe(48);
        await Assertions.Expect(page.Locator("#active")).ToHaveCountAsync(0);
        await page.Locator(".headline div", new() { HasText = "Failures today" }).GetByRole(AriaRole.Link).ClickAsync();
        await Assertions.Expect(page.Locator("tbody tr")).ToHaveCountAsync(1);
        await Assertions.Expect(page.Locator("tbody")).ToContainTextAsync("600 invalid login credentials");
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData("pointer")]
    [InlineData("keyboard")]
    public async Task a_bar_says_its_day_and_number_and_leads_to_what_was_counted(string by)
    {
        var page = await installation.SignedIn();
        var app = await page.CreateApplication("Charted");
        await installation.Api(app.AppToken, "login", new { handle = "nobody@example.com", password = "not-the-password-1" });
        await Shown(page, app, "#failures .sum", "1");
        var bars = page.Locator("#failures ~ svg a");
        var tips = page.Locator("#failures ~ svg .tip");
        await Assertions.Expect(tips.Last).ToBeHiddenAsync();
        if (by == "pointer")
        {
            await bars.Last.HoverAsync();
        }
        else
        {
            await bars.Last.FocusAsync();
            await page.Keyboard.PressAsync("ArrowLeft");
            await Assertions.Expect(tips.Nth(28)).ToBeVisibleAsync();
            await Assertions.Expect(tips.Nth(28)).ToContainTextAsync(": 0 failures, before: 0 failures");
            await page.Keyboard.PressAsync("End");
        }

        await Assertions.Expect(tips.Last).ToBeVisibleAsync();
        await (by == "pointer" ? bars.Last.ClickAsync() : page.Keyboard.PressAsync("Enter"));
        await Assertions.Expect(page.Locator("tbody tr")).ToHaveCountAsync(1);
        page.Url.ShouldContain("/logs?result=refused&from=");
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task an_hour_is_told_in_the_readers_zone_and_leads_to_its_log(bool scripts)
    {
        var page = await installation.SignedIn(scripts);
        var app = await page.CreateApplication("By the hour");
        await installation.Api(app.AppToken, "login", new { handle = "nobody@example.com", password = "not-the-password-1" });
        await Shown(page, app, "#failures .sum", "1");
        await page.GotoAsync($"{app.Path}?hours=48");
        var bar = page.Locator("#failures ~ svg a[aria-label*=': 1 failures']");
        (await bar.GetAttributeAsync("aria-label"))!.Contains("UTC", StringComparison.Ordinal).ShouldBe(!scripts);
        await bar.ClickAsync();
        await Assertions.Expect(page.Locator("tbody tr")).ToHaveCountAsync(1);
        await Assertions.Expect(page.Locator("#from")).ToHaveAttributeAsync("type", "datetime-local");
        (await page.Locator("#from").InputValueAsync()).ShouldEndWith(":00");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task an_application_without_jwt_shows_its_settings_instead()
    {
        var page = await installation.SignedIn();
        var app = await page.CreateApplication("Without users");
        await page.GotoAsync($"{app.Path}/jwt-switch/off");
        await page.GetByRole(AriaRole.Button, new() { Name = "Switch JWT off" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Overview" })).ToHaveCountAsync(0);
        await page.GotoAsync(app.Path);
        page.Url.ShouldEndWith("/settings/general");
        await page.Context.CloseAsync();
    }

    /// <summary>The numbers run a second or two behind.</summary>
    private static async Task Shown(IPage page, CreatedApplication app, string what, string text)
    {
        for (var round = 0; round < 100; round++)
        {
            await page.GotoAsync(app.Path);
            var shown = await page.Locator(what.Replace(" .sum", " ~ .sum", StringComparison.Ordinal)).AllTextContentsAsync();
            if (shown.Any(one => one.StartsWith(text, StringComparison.Ordinal)))
            {
                return;
            }
        }

        throw new TimeoutException($"{what} never said {text}");
    }
}
