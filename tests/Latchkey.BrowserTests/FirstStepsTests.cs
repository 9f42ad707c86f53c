namespace Latchkey.BrowserTests;

/// <summary>The first hour: from creating an application to the first login, with nothing but the checklist.</summary>
public sealed class FirstStepsTests(BrowserFixture installation)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task from_the_creation_to_the_first_login_following_only_the_checklist(bool scripts)
    {
        var page = await installation.SignedIn(scripts);
        await page.CreateApplication("First hour");
        var steps = new StepCounter(page);
        await steps.Follow("Continue");
        await Assertions.Expect(page.GetByText("0 of 7 done")).ToBeVisibleAsync();
        await page.CheckWhenScripted(scripts, "first steps");

        await steps.Follow("Put the App Token into your app");
        await steps.Follow("curl");
        await page.CheckWhenScripted(scripts, "code");
        var client = await page.TextContentAsync("#copy-app-code");
        var calls = (await page.TextContentAsync("#copy-app-use"))!.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        (await Shell.Run($"{client}\n{calls[0]}")).ShouldBe("true");

        await steps.Follow("Overview");
        await Assertions.Expect(page.GetByText("2 of 7 done")).ToBeVisibleAsync();
        await steps.Follow("Enter the code");
        var code = await page.Locator(".mails .code").First.TextContentAsync();
        (await Shell.Run($"{client}\n{calls[1].Replace("THE CODE", code, StringComparison.Ordinal)}")).ShouldContain("access-token");
        (await Shell.Run($"{client}\n{calls[2]}")).ShouldContain("access-token");

        await steps.Follow("Overview");
        await Assertions.Expect(page.Locator("#first-steps")).ToHaveCountAsync(0);
        (steps.Clicks, steps.Loads).ShouldBe((6, 6));
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task the_code_is_copied_with_one_click_and_kept_under_keys()
    {
        var page = await installation.SignedIn();
        var app = await page.CreateApplication("Kept");
        await page.GotoAsync($"{app.Path}/keys");
        var steps = new StepCounter(page);
        await steps.Follow("Code for your app");
        await steps.Follow("Swift");
        await page.CheckAccessibility("code in Swift");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Copy the client" })).ToBeVisibleAsync();
        (await page.TextContentAsync("#copy-app-code"))!.ShouldContain(app.AppToken);
        (steps.Clicks, steps.Loads).ShouldBe((2, 2));
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task the_steps_are_hidden_and_shown_again(bool scripts)
    {
        var page = await installation.SignedIn(scripts);
        var app = await page.CreateApplication("Hidden");
        await page.GotoAsync(app.Path);
        await page.GetByRole(AriaRole.Button, new() { Name = "Hide these steps" }).ClickAsync();
        await Assertions.Expect(page.Locator("#first-steps")).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Button, new() { Name = "Show the first steps" }).ClickAsync();
        await Assertions.Expect(page.Locator("#first-steps")).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }
}
