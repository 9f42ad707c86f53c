namespace Latchkey.BrowserTests;

public sealed class MemberTests(BrowserFixture installation)
{
    [Theory]
    [InlineData(true, ColorScheme.Light, 1440)]
    [InlineData(false, ColorScheme.Dark, 360)]
    public async Task somebody_is_invited_joins_changes_roles_and_is_removed(bool scripts, ColorScheme scheme, int width)
    {
        var (owner, email, address) = (
            await installation.Anonymous(scripts, scheme),
            await installation.Server.CreateDeveloper("Owner"),
            $"guest{Guid.CreateVersion7():N}@example.com"
        );
        await owner.SetViewportSizeAsync(width, 800);
        await owner.SignInAs(email);
        var app = await owner.CreateApplication("Shared");
        await owner.GotoAsync(app.Path);
        await owner.GetByRole(AriaRole.Link, new() { Name = "Members", Exact = true }).ClickAsync();
        await owner.GetByLabel("E-mail address").FillAsync("no address");
        await owner.GetByRole(AriaRole.Button, new() { Name = "Send the invitation" }).ClickAsync();
        await Assertions.Expect(owner.Locator("#field-email-error")).ToContainTextAsync("not an e-mail address");
        await owner.GetByLabel("E-mail address").FillAsync(address);
        await owner.GetByLabel("Viewer").CheckAsync();
        await owner.GetByRole(AriaRole.Button, new() { Name = "Send the invitation" }).ClickAsync();
        await Assertions
            .Expect(owner.GetByRole(AriaRole.Button, new() { Name = $"Revoke the invitation of {address}" }))
            .ToBeVisibleAsync();
        await Check(owner, scripts, "members with an invitation");

        var guest = await installation.Anonymous(scripts, scheme);
        await guest.GotoAsync(await installation.MailedLink(address));
        await Check(guest, scripts, "invitation");
        await guest.GetByLabel("Your name").FillAsync("Guest");
        await guest.GetByLabel("Password").FillAsync(BrowserFixture.Password);
        await guest.GetByRole(AriaRole.Button, new() { Name = "Create the account" }).ClickAsync();
        await Assertions.Expect(guest.Locator(".switcher summary")).ToHaveTextAsync("Shared");
        await guest.GotoAsync($"{app.Path}/members");
        await Assertions.Expect(guest.GetByRole(AriaRole.Button, new() { Name = "Send the invitation" })).ToHaveCountAsync(0);

        await owner.GotoAsync($"{app.Path}/members");
        await owner.GetByRole(AriaRole.Link, new() { Name = "Change Guest" }).ClickAsync();
        await Check(owner, scripts, "member");
        await owner.GetByLabel("Editor").CheckAsync();
        await owner.GetByRole(AriaRole.Button, new() { Name = "Save the role" }).ClickAsync();
        await Assertions.Expect(owner.Locator("tbody tr", new() { HasText = address })).ToContainTextAsync("editor");
        await owner.GetByRole(AriaRole.Link, new() { Name = "Change Guest" }).ClickAsync();
        await owner.GetByRole(AriaRole.Button, new() { Name = "Remove from this application" }).ClickAsync();
        await Assertions.Expect(owner.GetByRole(AriaRole.Status)).ToContainTextAsync("Removed");
        await guest.GotoAsync($"{app.Path}/members");
        await Assertions.Expect(guest.GetByText("There is nothing at this address")).ToBeVisibleAsync();
        await owner.Context.CloseAsync();
        await guest.Context.CloseAsync();
    }

    [Fact]
    public async Task someone_with_an_account_signs_in_accepts_and_leaves_and_an_invitation_is_revoked()
    {
        var page = await installation.SignedIn();
        var app = await page.CreateApplication("Leaving");
        var email = await installation.Server.CreateDeveloper("Passer-by");
        foreach (var address in new[] { email, $"never{Guid.CreateVersion7():N}@example.com" })
        {
            await page.GotoAsync($"{app.Path}/members");
            await page.GetByLabel("E-mail address").FillAsync(address);
            await page.GetByRole(AriaRole.Button, new() { Name = "Send the invitation" }).ClickAsync();
            await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("is in the");
        }

        var guest = await installation.Anonymous();
        await guest.GotoAsync(await installation.MailedLink(email));
        await guest.GetByRole(AriaRole.Link, new() { Name = "Sign in" }).ClickAsync();
        await guest.GetByLabel("E-mail address").FillAsync(email);
        await guest.GetByLabel("Password").FillAsync(BrowserFixture.Password);
        await guest.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await guest.GetByRole(AriaRole.Button, new() { Name = "Accept the invitation" }).ClickAsync();
        await Assertions.Expect(guest.Locator(".switcher summary")).ToHaveTextAsync("Leaving");
        await guest.GotoAsync($"{app.Path}/members");
        await guest.GetByRole(AriaRole.Link, new() { Name = "Leave" }).ClickAsync();
        await guest.GetByRole(AriaRole.Button, new() { Name = "Leave this application" }).ClickAsync();
        await Assertions.Expect(guest.GetByText("No application yet")).ToBeVisibleAsync();

        await page.GotoAsync($"{app.Path}/members");
        await page.GetByRole(AriaRole.Button, new() { Name = "Revoke the invitation of never" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("no longer works");
        await guest.Context.CloseAsync();
        await page.Context.CloseAsync();
    }

    // Axe is a script itself
    private static Task Check(IPage page, bool scripts, string name) => scripts ? page.CheckAccessibility(name) : Task.CompletedTask;
}
