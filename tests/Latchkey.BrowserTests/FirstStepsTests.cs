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
        var effort = new Effort(page);
        await effort.Follow("Continue");
        await Assertions.Expect(page.GetByText("0 of 7 done")).ToBeVisibleAsync();
        await page.CheckWhenScripted(scripts, "first steps");

        await effort.Follow("Put the App Token into your app");
        await effort.Follow("curl");
        await page.CheckWhenScripted(scripts, "code");
        var client = await page.TextContentAsync("#copy-app-code");
        var calls = (await page.TextContentAsync("#copy-app-use"))!.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        (await Shell.Run($"{client}\n{calls[0]}")).ShouldBe("true");

        await effort.Follow("Overview");
        await Assertions.Expect(page.GetByText("2 of 7 done")).ToBeVisibleAsync();
        await effort.Follow("Enter the code");
        var code = await page.Locator(".mails .code").First.TextContentAsync();
        (await Shell.Run($"{client}\n{calls[1].Replace("THE CODE", code, StringComparison.Ordinal)}")).ShouldContain("access-token");
        (await Shell.Run($"{client}\n{calls[2]}")).ShouldContain("access-token");

        await effort.Follow("Overview");
        await Assertions.Expect(page.Locator("#first-steps")).ToHaveCountAsync(0);
        (effort.Clicks, effort.Loads).ShouldBe((6, 6));
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task the_code_is_copied_with_one_click_and_kept_under_keys()
    {
        var page = await installation.SignedIn();
        var app = await page.CreateApplication("Kept");
        await page.GotoAsync($"{app.Path}/keys");
        var effort = new Effort(page);
        await effort.Follow("Code for your app");
        await effort.Follow("Swift");
        await page.CheckAccessibility("code in Swift");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Copy the client" })).ToBeVisibleAsync();
        (await page.TextContentAsync("#copy-app-code"))!.ShouldContain(app.AppToken);
        (effort.Clicks, effort.Loads).ShouldBe((2, 2));
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
