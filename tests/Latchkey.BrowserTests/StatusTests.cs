namespace Latchkey.BrowserTests;

/// <summary>The Settings tab's switches, and the way from active to blocked and back.</summary>
public sealed class StatusTests(BrowserFixture installation) : IAsyncLifetime
{
    private IPage page = null!;
    private CreatedApplication app = null!;

    private string OperatorPath => $"/portal/operator/applications/{app.Id}";

    public async ValueTask InitializeAsync()
    {
        page = await installation.SignedIn();
        app = await page.CreateApplication("Statuses");
    }

    public async ValueTask DisposeAsync() => await page.Context.CloseAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task an_application_is_made_inactive_after_saying_what_that_does_and_active_again(bool scripts)
    {
        var visitor = await installation.SignedIn(scripts);
        await visitor.GotoAsync($"{app.Path}/settings/general");
        await visitor.Link("Make inactive…").ClickAsync();
        await Expect(visitor.GetByText("nobody can log in or sign up until it is active again")).ToBeVisibleAsync();
        await Expect(visitor.GetByText("It has no users")).ToBeVisibleAsync();
        (await Settings()).ShouldContain("\"status\":\"active\"");
        await visitor.GetByLabel("Reason").FillAsync("Winter break");
        await visitor.Button("Make inactive").ClickAsync();
        await Expect(visitor.GetByRole(AriaRole.Status)).ToContainTextAsync("Saved");
        await Expect(visitor.GetByLabel("Status", new() { Exact = true }).First).ToContainTextAsync("Winter break");
        (await Settings()).ShouldContain("\"status\":\"inactive\"");
        (
            await installation.Api(app.AppToken, "signup", new { handle = "late@example.com", password = "a-password-of-mine-1" })
        ).ShouldContain("\"code\":402");

        await visitor.Link("Make active…").ClickAsync();
        await visitor.Button("Make active").ClickAsync();
        (await Settings()).ShouldContain("\"status\":\"active\"");
        await visitor.Link("Status history and time in each status").ClickAsync();
        await Expect(visitor.Locator("section:has(#changes) tbody tr")).ToHaveCountAsync(3);
        await Expect(visitor.Locator("section:has(#times)")).ToContainTextAsync("inactive");
        await visitor.Context.CloseAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task jwt_is_switched_off_after_a_question_and_the_history_says_why(bool scripts)
    {
        var visitor = await installation.SignedIn(scripts);
        await visitor.GotoAsync($"{app.Path}/settings/general");
        await visitor.Link("Switch JWT off…").ClickAsync();
        await Expect(visitor.GetByText("nobody can log in or sign up")).ToBeVisibleAsync();
        (await Settings()).ShouldContain("\"jwtEnabled\":1");
        await visitor.GetByLabel("Reason").FillAsync("Moved away");
        await visitor.Button("Switch JWT off").ClickAsync();
        await Expect(visitor.GetByRole(AriaRole.Status)).ToContainTextAsync("Saved");
        await Expect(visitor.Locator("#tabs").GetByText("Keys")).ToHaveCountAsync(0);
        (await Settings()).ShouldContain("\"jwtEnabled\":0");
        await visitor.Link("When it was switched, and why").ClickAsync();
        await Expect(visitor.Locator("#jwt tbody")).ToContainTextAsync("Moved away");
        await visitor.Context.CloseAsync();
    }

    [Fact]
    public async Task a_development_application_is_upgraded_once_and_for_good()
    {
        await page.GotoAsync($"{app.Path}/settings/general");
        await page.Link("Upgrade…").ClickAsync();
        await Expect(page.GetByText("this cannot be undone")).ToBeVisibleAsync();
        await page.Button("Make it commercial").ClickAsync();
        await Expect(page.Locator(".facts")).ToContainTextAsync("commercial");
        await Expect(page.Link("Upgrade…")).ToHaveCountAsync(0);
        await page.GotoAsync($"{app.Path}/upgrade");
        await Expect(page.GetByText("The application is already commercial")).ToBeVisibleAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task a_block_needs_a_reason_is_shown_on_every_tab_and_is_lifted_by_a_granted_petition(bool scripts)
    {
        var visitor = await installation.SignedIn(scripts);
        await visitor.GotoAsync($"/portal/operator/applications?search={app.Id}");
        await visitor.Link("Statuses").ClickAsync();
        await visitor.Link("Block…").ClickAsync();
        await visitor.Button("Block").ClickAsync();
        await Expect(visitor.Locator("#field-reason-error")).ToContainTextAsync("Enter a reason for the block");
        await visitor.GetByLabel("Reason").FillAsync("Mails that nobody asked for");
        await visitor.Button("Block").ClickAsync();
        await Expect(visitor.GetByRole(AriaRole.Status)).ToContainTextAsync("changed");
        (await Settings()).ShouldContain("\"code\":402");

        foreach (var tab in new[] { "settings/general", "settings/tokens", "users", "keys", "mailbox" })
        {
            await visitor.GotoAsync($"{app.Path}/{tab}");
            await Expect(visitor.Locator(".banner[aria-label=Status]")).ToContainTextAsync("Mails that nobody asked for");
        }

        await visitor.Link("Petition for reinstatement").ClickAsync();
        await visitor.Button("Send petition").ClickAsync();
        await Expect(visitor.Locator("#field-words-error")).ToBeVisibleAsync();
        await visitor.GetByLabel("Your petition").FillAsync("It was a mistake.\nIt is off now.");
        await visitor.Button("Send petition").ClickAsync();
        await Expect(visitor.GetByText("Not answered yet")).ToBeVisibleAsync();
        await Expect(visitor.Button("Send petition")).ToHaveCountAsync(0);

        await visitor.GotoAsync("/portal/operator/petitions");
        await visitor
            .Locator(".card", new() { HasText = "It was a mistake." })
            .Filter(new() { HasText = "Statuses" })
            .Last.GetByRole(AriaRole.Link, new() { Name = "Answer" })
            .ClickAsync();
        await visitor.Button("Answer").ClickAsync();
        await Expect(visitor.GetByText("Choose one.")).ToBeVisibleAsync();
        await visitor.GetByLabel("Grant").CheckAsync();
        await visitor.GetByLabel("Message").FillAsync("Thank you.");
        await visitor.Button("Answer").ClickAsync();
        await Expect(visitor.GetByRole(AriaRole.Status)).ToContainTextAsync("answered");
        (await Settings()).ShouldContain("\"status\":\"active\"");
        await visitor.GotoAsync($"{app.Path}/petition");
        await Expect(visitor.Locator(".card")).ToContainTextAsync("Thank you.");
        await Expect(visitor.Locator(".banner[aria-label=Status]")).ToHaveCountAsync(0);
        await visitor.Context.CloseAsync();
    }

    [Fact]
    public async Task a_declined_petition_says_why()
    {
        await page.GotoAsync($"{OperatorPath}/status/suspended");
        await Expect(page.GetByText("This is a development application", new() { Exact = false })).ToBeVisibleAsync();
        await page.Button("Suspend").ClickAsync();
        await page.GotoAsync($"{app.Path}/petition");
        await page.GetByLabel("Your petition").FillAsync("The bill is paid.");
        await page.Button("Send petition").ClickAsync();
        await page.GotoAsync(OperatorPath);
        await page.Link("Answer").ClickAsync();
        await page.GetByLabel("Decline").CheckAsync();
        await page.Button("Answer").ClickAsync();
        await Expect(page.Locator("#field-words-error")).ToContainTextAsync("The developer sees it");
        await page.GetByLabel("Message").FillAsync("It has not arrived.");
        await page.Button("Answer").ClickAsync();
        await page.GotoAsync($"{app.Path}/petition");
        await Expect(page.GetByText("It has not arrived.")).ToBeVisibleAsync();
        await Expect(page.Button("Send petition")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task the_operators_list_is_searched_as_one_types_and_filtered()
    {
        await page.GotoAsync("/portal/operator/applications");
        await page.GetByRole(AriaRole.Searchbox).FillAsync(app.Id);
        await Expect(page.Locator("#found tbody tr")).ToHaveCountAsync(1);
        await page.GetByLabel("Status").SelectOptionAsync("blocked");
        await Expect(page.GetByText("Nothing found")).ToBeVisibleAsync();
        await page.GetByLabel("Status").SelectOptionAsync("active");
        await page.GetByLabel("Type").SelectOptionAsync("development");
        await Expect(page.Link("Statuses")).ToBeVisibleAsync();
    }

    private static ILocatorAssertions Expect(ILocator locator) => Assertions.Expect(locator);

    private Task<string> Settings() => installation.Api(app.AppToken, "getApplication");
}

file static class Roles
{
    public static ILocator Link(this IPage page, string name) => page.GetByRole(AriaRole.Link, new() { Name = name, Exact = true });

    public static ILocator Button(this IPage page, string name) => page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });
}
