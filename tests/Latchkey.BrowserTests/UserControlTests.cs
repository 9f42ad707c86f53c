namespace Latchkey.BrowserTests;

public sealed class UserControlTests(BrowserFixture installation) : IAsyncLifetime
{
    private const string Password = "a-password-of-mine-1";
    private IPage page = null!;
    private CreatedApplication app = null!;

    public async ValueTask InitializeAsync()
    {
        page = await installation.SignedIn();
        app = await page.CreateApplication("Controls");
        await page.AddField(app, "user_data.name");
    }

    public async ValueTask DisposeAsync() => await page.Context.CloseAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task a_user_is_added_suspended_activated_and_deleted(bool scripts)
    {
        var visitor = await installation.SignedIn(scripts);
        await visitor.GotoAsync($"{app.Path}/users");
        await visitor.GetByRole(AriaRole.Link, new() { Name = "Add a user" }).First.ClickAsync();
        await visitor.GetByLabel("Handle").FillAsync("not an address");
        await Press(visitor, "Add user");
        await Assertions.Expect(visitor.Locator("#field-handle-error")).ToBeVisibleAsync();
        await visitor.GetByLabel("Handle").FillAsync("ann@example.com");
        await Press(visitor, "Add user");
        var password = (await visitor.TextContentAsync("#copy-password"))!;
        (await Login("ann@example.com", password)).ShouldContain("access-token");

        await Press(visitor, "Suspend");
        await Assertions.Expect(visitor.GetByRole(AriaRole.Status)).ToContainTextAsync("Suspended");
        (await Login("ann@example.com", password)).ShouldContain("\"code\":404");
        await Press(visitor, "Activate");
        (await Login("ann@example.com", password)).ShouldContain("access-token");

        await visitor.GetByRole(AriaRole.Link, new() { Name = "Delete", Exact = true }).ClickAsync();
        await visitor.GetByLabel("Type ann@example.com").FillAsync("Ann@Example.com ");
        await Press(visitor, "Delete ann@example.com");
        await Assertions.Expect(visitor.GetByText("The user is deleted.")).ToBeVisibleAsync();
        (await Login("ann@example.com", password)).ShouldContain("\"code\":600");
        await visitor.Context.CloseAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task a_user_is_suspended_in_the_row_where_the_metadata_opens_too(bool scripts)
    {
        var handle = $"row-{scripts}@example.com".ToLowerInvariant();
        await page.SignUpUser(installation, app, handle, """{"user_data":{"name":"Rosa"}}""");
        var visitor = await installation.SignedIn(scripts);
        await visitor.GotoAsync($"{app.Path}/users?search=row-&sort=handle");
        var row = visitor.Locator("#users tbody tr[id]").Filter(new() { HasText = handle });
        await Assertions.Expect(row.GetByText("Rosa")).ToBeHiddenAsync();
        await row.Locator("summary").ClickAsync();
        await Assertions.Expect(row.GetByText("Rosa")).ToBeVisibleAsync();
        await row.GetByRole(AriaRole.Button, new() { Name = $"Suspend {handle}" }).ClickAsync();
        await Assertions.Expect(visitor.GetByRole(AriaRole.Status)).ToContainTextAsync($"{handle} is suspended");
        await Assertions.Expect(visitor.GetByLabel("Search by handle or user name")).ToHaveValueAsync("row-");
        await row.GetByRole(AriaRole.Button, new() { Name = $"Activate {handle}" }).ClickAsync();
        await Assertions.Expect(row.GetByText("active", new() { Exact = true })).ToBeVisibleAsync();
        await visitor.Context.CloseAsync();
    }

    [Fact]
    public async Task a_password_is_reset_by_a_code_or_set_and_the_sessions_end()
    {
        await installation.Server.Command(Password, "user", "add", app.Id, "bob@example.com", "--password-stdin");
        await Open("bob@example.com");
        await page.GetByRole(AriaRole.Link, new() { Name = "Reset password" }).ClickAsync();
        await Press(page, "Mail a code");
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("is in the");
        await page.GotoAsync($"{app.Path}/mailbox?search=bob@example.com");
        await Assertions.Expect(page.Locator(".mails .code").First).ToBeVisibleAsync();

        await Open("bob@example.com");
        await page.GetByRole(AriaRole.Link, new() { Name = "Reset password" }).ClickAsync();
        await page.GetByLabel("New password").FillAsync("password");
        await Press(page, "Set password");
        await Assertions.Expect(page.Locator("#field-password-error")).ToContainTextAsync("refused");
        await page.GetByLabel("New password").FillAsync("another-password-2");
        await Press(page, "Set password");
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("password is set");
        (await Login("bob@example.com", Password)).ShouldContain("\"code\":600");
        (await Login("bob@example.com", "another-password-2")).ShouldContain("access-token");
    }

    [Fact]
    public async Task metadata_is_edited_by_field_and_as_a_document()
    {
        await page.SignUpUser(installation, app, "cid@example.com", """{"user_data":{"name":"Cid"}}""");
        await Open("cid@example.com");
        await page.Locator("#metadata").GetByLabel("name").FillAsync("Cid the Second");
        await Press(page, "Save metadata");
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("metadata is saved");
        await Assertions.Expect(page.Locator("#metadata").GetByLabel("name")).ToHaveValueAsync("Cid the Second");

        await page.GetByText("As one JSON document").ClickAsync();
        await page.GetByLabel("Document").FillAsync("{\"user_data\":");
        await Press(page, "Save document");
        await Assertions.Expect(page.Locator("#field-json-error")).ToBeVisibleAsync();
        await page.GetByLabel("Document").FillAsync("""{"user_data":{"name":"Cid the Third"}}""");
        await Press(page, "Save document");
        await Assertions.Expect(page.Locator("#metadata").GetByLabel("name")).ToHaveValueAsync("Cid the Third");
    }

    [Fact]
    public async Task an_invitation_is_sent_and_deleted_and_so_is_a_signup()
    {
        await page.GotoAsync($"{app.Path}/users/invitations/new");
        await page.GetByLabel("Handle").FillAsync("dora@example.com");
        await Press(page, "Send invitation");
        await page.GetByRole(AriaRole.Link, new() { Name = "dora@example.com", Exact = true }).ClickAsync();
        await Press(page, "Send again");
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync(); // one message a minute to one address
        await Press(page, "Delete invitation");
        await Assertions.Expect(page.Locator("main")).Not.ToContainTextAsync("dora@example.com");

        await installation.Api(app.AppToken, "signup", new { handle = "eve@example.com", password = Password });
        await page.GotoAsync($"{app.Path}/users/signups");
        await page.GetByRole(AriaRole.Link, new() { Name = "eve@example.com", Exact = true }).ClickAsync();
        await Press(page, "Delete signup");
        await Assertions.Expect(page.Locator("main")).Not.ToContainTextAsync("eve@example.com");
    }

    private async Task Open(string handle)
    {
        await page.GotoAsync($"{app.Path}/users");
        await page.GetByRole(AriaRole.Link, new() { Name = handle, Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = handle })).ToBeVisibleAsync();
    }

    private Task<string> Login(string handle, string password) => installation.Api(app.AppToken, "login", new { handle, password });

    private static Task Press(IPage on, string button) => on.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();
}
