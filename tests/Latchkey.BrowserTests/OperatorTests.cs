using System.Text.Json;

namespace Latchkey.BrowserTests;

[Collection(ExclusiveInstallationCollection.Name)]
public sealed class OperatorTests(BrowserFixture installation)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task a_limit_of_a_type_bounds_what_its_applications_may_choose(bool scripts)
    {
        var page = await installation.SignedIn(scripts);
        var app = await page.CreateApplication("Bounded");
        await page.GotoAsync("/portal/operator/limits");
        await page.Locator("#development").GetByLabel("Messages per hour").FillAsync("-5");
        await Save(page);
        await Assertions.Expect(page.Locator("#field-development-messagesPerHour-error")).ToContainTextAsync("whole number");

        await page.Locator("#development").GetByLabel("Messages per hour").FillAsync("500");
        await Save(page);
        await Assertions.Expect(page.Locator("#development").GetByRole(AriaRole.Status)).ToContainTextAsync("Saved");
        await page.GotoAsync($"{app.Path}/settings/limits");
        await page.Locator("#limits").GetByLabel("Messages per hour").FillAsync("501");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator("#limits")).ToContainTextAsync("allows at most 500 for messagesPerHour");

        await page.GotoAsync("/portal/operator/limits");
        await page.Locator("#development").GetByLabel("Messages per hour").FillAsync("0");
        await Save(page);
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task what_waits_in_the_morning_is_one_click_away_and_its_list_another(bool scripts)
    {
        var page = await installation.SignedIn(scripts);
        var app = await page.CreateApplication("Morning");
        await installation.Api(app.AppToken, "login", new { handle = "nobody@example.com", password = "not-the-password-1" });
        await page.GotoAsync("/portal");
        var steps = new StepCounter(page);
        await steps.Follow("Installation");
        await Assertions.Expect(page.Locator("#queues")).ToContainTextAsync("Mails and SMS");
        await page.CheckWhenScripted(scripts, "the operator's overview");
        await steps.Open(page.Locator(".headline").First.GetByRole(AriaRole.Link).First);
        await Assertions.Expect(page.GetByLabel("Search by name, App Id or owner")).ToBeVisibleAsync();
        (steps.Clicks, steps.Loads).ShouldBe((2, 2));
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task the_operators_morning_begins_on_the_overview_and_ends_with_nothing_waiting(bool scripts)
    {
        await using var server = await LatchkeyServer.Start();
        var page = await installation.Anonymous(scripts, url: server.Url);
        await page.SetUp(server);
        var app = JsonDocument.Parse(await server.Command("", "app", "create", "--name", "Paddle Club", "--json"));
        await Petition(page, app.RootElement.GetProperty("appId").GetString()!);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();

        await page.SignInAs(BrowserFixture.Email);
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Overview", Level = 1 })).ToBeVisibleAsync();
        await Assertions.Expect(Installation(page, "Installation, 1 waiting")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("#nodes")).ToContainTextAsync("All background work runs.");
        await page.CheckWhenScripted(scripts, "the overview with a petition");
        var steps = new StepCounter(page);
        await steps.Follow("1 petition to answer");
        await steps.Follow("Answer the petition for Paddle Club");
        await page.GetByLabel("Grant").CheckAsync();
        await steps.Open(page.GetByRole(AriaRole.Button, new() { Name = "Answer", Exact = true }));
        await Assertions.Expect(Installation(page, "Installation")).ToBeVisibleAsync();
        await steps.Follow("Installation");
        await Assertions.Expect(page.GetByText("Nothing waits for you.")).ToBeVisibleAsync();
        await steps.Follow("All of the log");
        await Assertions.Expect(page.Locator("#found tbody tr").First).ToContainTextAsync("signed in");
        await page.CheckWhenScripted(scripts, "the installation's log");
        await steps.Open(page.Locator("#found tbody a").First);
        await steps.Follow("What this developer did");
        await Assertions.Expect(page.GetByLabel("Person")).ToHaveValueAsync(BrowserFixture.Email);
        (steps.Clicks, steps.Loads).ShouldBe((7, 7));
        await page.GetByLabel("Action").SelectOptionAsync("createDeveloper");
        await page.Apply("Filter", scripts, "action=createDeveloper");
        await Assertions.Expect(page.Locator("#found tbody tr")).ToHaveCountAsync(1);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task the_operator_sees_versions_providers_and_what_waits()
    {
        var page = await installation.SignedIn();
        await page.GotoAsync("/portal");
        await page.GetByRole(AriaRole.Link, new() { Name = "Installation", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "System", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByText("SQLite 3.")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("#work + dl")).ToContainTextAsync("none running");
        await page.GetByRole(AriaRole.Link, new() { Name = "Providers", Exact = true }).ClickAsync();
        await Assertions
            .Expect(page.Locator("section", new() { HasText = "Mail" }).First)
            .ToContainTextAsync("None. Messages stay in the mailbox.");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task a_provider_is_tried_with_a_message_and_its_answer_is_shown()
    {
        await using var server = await LatchkeyServer.Start([
            ("LATCHKEY_TWILIO_ACCOUNT_SID", "AC1"),
            ("LATCHKEY_TWILIO_AUTH_TOKEN", "a-token-that-is-secret"),
            ("LATCHKEY_TWILIO_FROM", "+15005550006"),
            ("LATCHKEY_TWILIO_URL", "http://127.0.0.1:9"),
        ]);
        var page = await installation.Anonymous(url: server.Url);
        await page.SetUp(server);
        await page.GotoAsync("/portal/operator/providers");
        await Assertions.Expect(page.GetByText("Twilio, from +15005550006")).ToBeVisibleAsync();
        await page.GetByLabel("Send to").FillAsync("12345");
        await page.GetByRole(AriaRole.Button, new() { Name = "Send test message" }).ClickAsync();
        await Assertions.Expect(page.Locator("#field-to-sms-error")).ToContainTextAsync("not a phone number");
        await page.GetByLabel("Send to").FillAsync("+4915112345678");
        await page.GetByRole(AriaRole.Button, new() { Name = "Send test message" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("703");
        (await page.ContentAsync()).ShouldNotContain("a-token-that-is-secret");
        await page.Context.CloseAsync();
    }

    /// <summary>The header's link.</summary>
    private static ILocator Installation(IPage page, string name) =>
        page.GetByRole(AriaRole.Banner).GetByRole(AriaRole.Link, new() { Name = name, Exact = true });

    private static async Task Petition(IPage page, string appId)
    {
        await page.GotoAsync($"/portal/operator/applications/{appId}/status/blocked");
        await page.GetByLabel("Reason").FillAsync("Mails that nobody asked for");
        await page.GetByRole(AriaRole.Button, new() { Name = "Block" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("changed");
        await page.GotoAsync($"/portal/applications/{appId}/petition");
        await page.GetByLabel("Your petition").FillAsync("It was a mistake.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Send petition" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Not answered yet")).ToBeVisibleAsync();
    }

    private static Task Save(IPage page) => page.GetByRole(AriaRole.Button, new() { Name = "Save Development" }).ClickAsync();
}
