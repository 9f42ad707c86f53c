namespace Latchkey.BrowserTests;

/// <summary>Jobs of support: what happened to a user, from wherever the user's handle stands.</summary>
public sealed class SupportTests(BrowserFixture installation)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task from_a_line_of_the_log_to_what_happened_to_the_user_is_one_click_and_one_page(bool scripts)
    {
        var page = await installation.SignedIn(scripts);
        var (app, handle) = (await page.CreateApplication("Supported"), $"rosa-{scripts}@example.com".ToLowerInvariant());
        await page.SignUpUser(installation, app, handle);
        await installation.Api(app.AppToken, "login", new { handle, password = "not-the-password-1" });
        await page.GotoAsync($"{app.Path}/logs?result=refused");

        var steps = new StepCounter(page);
        await steps.Follow(handle);
        await Assertions.Expect(page.Locator("#timeline")).ToContainTextAsync("Login refused: wrong password (600)");
        await Assertions.Expect(page.Locator("#timeline")).ToContainTextAsync("Mail “Signup code” not sent");
        (steps.Clicks, steps.Loads).ShouldBe((1, 1));
        await page.CheckWhenScripted(scripts, "user with a timeline");

        await steps.Follow("refused calls");
        await Assertions.Expect(page.Locator("#timeline tbody tr")).ToHaveCountAsync(1);
        (steps.Clicks, steps.Loads).ShouldBe((2, 2));
        await page.GoBackAsync();
        await page.GoBackAsync();
        page.Url.ShouldEndWith("/logs?result=refused");
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData("logs/messages")]
    [InlineData("mailbox")]
    [InlineData("users/signups")]
    public async Task a_handle_in_other_lists_leads_to_the_user_too(string list)
    {
        var page = await installation.SignedIn();
        var app = await page.CreateApplication("Lists");
        await page.SignUpUser(installation, app, "rosa@example.com");
        await page.GotoAsync($"{app.Path}/{list}");
        await page.CheckAccessibility(list);
        var steps = new StepCounter(page);
        await steps.Open(page.Locator("main a[href*='by-handle']").First);
        await Assertions.Expect(page.Locator("#timeline")).ToBeVisibleAsync();
        (steps.Clicks, steps.Loads).ShouldBe((1, 1));
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task mails_that_reach_nobody_are_told_where_one_looks_first_and_one_click_leads_to_the_remedy()
    {
        var page = await installation.SignedIn();
        var app = await page.CreateApplication("Nowhere to go");
        await page.GotoAsync($"/portal?search={app.Id}");
        await page.CheckAccessibility("list with a banner");
        var steps = new StepCounter(page);
        await steps.Open(page.GetByLabel("Mail", new() { Exact = true }).GetByRole(AriaRole.Link, new() { Name = "Nowhere to go" }));
        await Assertions.Expect(page.GetByLabel("SMTP host")).ToBeAttachedAsync();
        (steps.Clicks, steps.Loads).ShouldBe((1, 1));
        await page.Context.CloseAsync();
    }
}
