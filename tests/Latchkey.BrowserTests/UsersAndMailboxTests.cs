namespace Latchkey.BrowserTests;

public sealed class UsersAndMailboxTests(BrowserFixture installation) : IAsyncLifetime
{
    private IPage page = null!;
    private CreatedApplication app = null!;

    public async ValueTask InitializeAsync()
    {
        page = await installation.SignedIn();
        app = await page.CreateApplication("People");
    }

    public async ValueTask DisposeAsync() => await page.Context.CloseAsync();

    [Fact]
    public async Task users_are_listed_and_found_by_a_part_of_their_handle()
    {
        await page.SignUpUser(installation, app, "grace@example.com");
        await page.SignUpUser(installation, app, "linus@example.com");
        await page.GotoAsync($"{app.Path}/users");
        await Assertions.Expect(page.Locator("tbody tr")).ToHaveCountAsync(2);
        await Assertions.Expect(page.Locator("tbody tr").First).ToContainTextAsync("linus@example.com");

        await page.GetByLabel("Search by handle or user name").FillAsync("GRAC");
        await page.GetByRole(AriaRole.Searchbox).PressAsync("Enter");
        await Assertions.Expect(page.Locator("tbody tr")).ToHaveCountAsync(1);
        await Assertions.Expect(page.Locator("tbody")).ToContainTextAsync("grace@example.com");

        await page.GetByLabel("Search by handle or user name").FillAsync("%");
        await page.GetByRole(AriaRole.Searchbox).PressAsync("Enter");
        await Assertions.Expect(page.GetByText("Nobody found")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task a_long_list_of_users_has_pages()
    {
        await page.GotoAsync($"{app.Path}/settings/sign-in");
        await page.GetByLabel("Allow anonymous login").CheckAsync();
        await page.SaveSettings("Allow anonymous login");
        await page.GotoAsync($"{app.Path}/settings/sign-up");
        await page.Locator("#set-signupFlow").GetByLabel("None", new() { Exact = true }).CheckAsync();
        await page.SaveSettings("Signup flow");
        await installation.Server.Command("", "app", "set", app.Path.Split('/')[^1], "anonymousUsersPerHour=100");
        for (var i = 0; i < 52; i++)
        {
            await installation.Api(
                app.AppToken,
                "signup",
                new { handle = $"user{i}@example.com", password = "0123456789abcdef0123456789abcde" + (i % 10) }
            );
        }

        await page.GotoAsync($"{app.Path}/users");
        await Assertions.Expect(page.Locator("tbody tr")).ToHaveCountAsync(50);
        await page.GetByRole(AriaRole.Link, new() { Name = "Next", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator("tbody tr")).ToHaveCountAsync(2);
        await Assertions.Expect(page.Locator("tbody")).ToContainTextAsync("user0@example.com");
        await page.GetByRole(AriaRole.Link, new() { Name = "Previous", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator("tbody tr")).ToHaveCountAsync(50);
    }

    [Fact]
    public async Task the_mailbox_shows_the_code_of_a_signup_and_the_code_works()
    {
        await installation.Api(app.AppToken, "signup", new { handle = "margaret@example.com", password = "a-password-of-mine-1" });
        await page.GotoAsync("/portal/operator/mailbox?search=margaret@example.com");
        await page.Locator(".mails a").First.ClickAsync();
        var code = await page.TextContentAsync("#copy-code");
        (await installation.Api(app.AppToken, "completeSignup", new { handle = "margaret@example.com", code })).ShouldContain(
            "access-token"
        );
    }

    [Fact]
    public async Task an_application_shows_no_mail_of_another_one()
    {
        await installation.Api(app.AppToken, "signup", new { handle = "katherine@example.com", password = "a-password-of-mine-1" });
        await page.GotoAsync($"{app.Path}/mailbox");
        var mail = (await page.Locator(".mails a").First.GetAttributeAsync("href"))!.Split('/').Last();
        var other = await page.CreateApplication("Other");
        await page.GotoAsync($"{other.Path}/mailbox");
        await Assertions.Expect(page.GetByText("The mailbox is empty")).ToBeVisibleAsync();
        foreach (var path in new[] { $"{other.Path}/mailbox/{mail}", $"{other.Path}/mailbox/{mail}/html" })
        {
            using var response = await installation.Get(path);
            response.StatusCode.ShouldBe(System.Net.HttpStatusCode.NotFound, path);
        }
    }

    [Fact]
    public async Task applications_are_found_by_a_part_of_their_name()
    {
        await page.CreateApplication("Zebra Crossing");
        await page.GotoAsync("/portal");
        await page.GetByLabel("Search by name or App Id").FillAsync("bra cro");
        await page.GetByRole(AriaRole.Searchbox).PressAsync("Enter");
        await Assertions.Expect(page.Locator("tbody tr")).ToHaveCountAsync(1);
        await page.Locator("tbody").GetByRole(AriaRole.Link, new() { Name = "Zebra Crossing" }).ClickAsync();
        await Assertions.Expect(page.Locator(".switcher summary")).ToHaveTextAsync("Zebra Crossing");
    }
}
