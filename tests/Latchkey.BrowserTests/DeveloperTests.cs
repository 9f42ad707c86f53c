namespace Latchkey.BrowserTests;

[Collection(ExclusiveInstallationCollection.Name)]
public sealed class DeveloperTests(BrowserFixture installation)
{
    [Theory]
    [InlineData(true, ColorScheme.Light, 1440)]
    [InlineData(false, ColorScheme.Dark, 360)]
    public async Task an_operator_finds_an_account_and_does_all_that_can_be_done_with_it(bool scripts, ColorScheme scheme, int width)
    {
        var (page, email) = (await installation.SignedIn(scripts, scheme), await installation.Server.CreateDeveloper("Katherine Johnson"));
        await page.SetViewportSizeAsync(width, 800);
        await page.GotoAsync("/portal/operator/developers");
        await page.GetByLabel("Search by address or name").FillAsync(email[..20]);
        await page.GetByLabel("Search by address or name").PressAsync("Enter");
        await Assertions.Expect(page.Locator("tbody tr")).ToHaveCountAsync(1);
        await page.GetByRole(AriaRole.Link, new() { Name = "Katherine Johnson" }).ClickAsync();
        foreach (
            var (button, said) in new[]
            {
                ("Suspend", "signed out of all browsers"),
                ("Activate", "can sign in again"),
                ("Make an operator", "now an operator"),
                ("Remove the operator role", "no longer an operator"),
            }
        )
        {
            await page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();
            await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync(said);
        }

        if (scripts)
        {
            await page.CheckAccessibility("developer");
        }

        await page.GetByLabel("to confirm").FillAsync("somebody@else.example");
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete the account" }).ClickAsync();
        await Assertions.Expect(page.Locator("#field-confirm-error")).ToContainTextAsync("not the account's address");
        await page.GetByLabel("to confirm").FillAsync(email);
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete the account" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("deleted");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task an_operator_invites_revokes_and_opens_sign_up_to_everyone()
    {
        var (page, invited, stranger) = (
            await installation.SignedIn(),
            $"invited{Guid.CreateVersion7():N}@example.com",
            $"stranger{Guid.CreateVersion7():N}@example.com"
        );
        await page.GotoAsync("/portal/operator/developers");
        await page.GetByRole(AriaRole.Link, new() { Name = "Invite a developer" }).ClickAsync();
        await page.GetByLabel("E-mail address").FillAsync(BrowserFixture.Email);
        await page.GetByRole(AriaRole.Button, new() { Name = "Send the invitation" }).ClickAsync();
        await Assertions.Expect(page.Locator("#field-email-error")).ToContainTextAsync("already has an account");
        await page.GetByLabel("E-mail address").FillAsync(invited);
        await page.GetByRole(AriaRole.Button, new() { Name = "Send the invitation" }).ClickAsync();
        await page.CheckAccessibility("joining");
        await page.GetByRole(AriaRole.Button, new() { Name = $"Revoke the invitation of {invited}" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("no longer works");

        await page.GetByLabel("Open", new() { Exact = true }).CheckAsync();
        await Joining(page).GetByRole(AriaRole.Button).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("Saved");
        var guest = await installation.Anonymous(scripts: false);
        await guest.GotoAsync("/portal/sign-in");
        await guest.GetByRole(AriaRole.Link, new() { Name = "Sign up" }).ClickAsync();
        await guest.GetByLabel("E-mail address").FillAsync(stranger);
        await guest.GetByRole(AriaRole.Button, new() { Name = "Mail me a link" }).ClickAsync();
        await guest.GotoAsync(await installation.MailedLink(stranger));
        await guest.GetByLabel("Your name").FillAsync("Stranger");
        await guest.GetByLabel("Password").FillAsync(BrowserFixture.Password);
        await guest.GetByRole(AriaRole.Button, new() { Name = "Create the account" }).ClickAsync();
        await Assertions.Expect(guest.GetByText("No application yet")).ToBeVisibleAsync();

        await page.GotoAsync("/portal/operator/joining");
        await Assertions.Expect(page.GetByLabel("Open", new() { Exact = true })).ToBeCheckedAsync();
        await page.GetByLabel("By invitation", new() { Exact = true }).CheckAsync();
        await Joining(page).GetByRole(AriaRole.Button).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("Saved");
        await guest.Context.CloseAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task a_name_that_looks_like_a_script_is_shown_and_never_run()
    {
        const string name = "\"><img src=x onerror=window.hit=1><script>window.hit=1</script>";
        var (page, email) = (await installation.SignedIn(), await installation.Server.CreateDeveloper(name));
        var app = await page.CreateApplication("Names");
        await installation.Server.Command("", "app", "member", "add", app.Id, "--email", email, "--role", "owner");
        await page.GotoAsync($"/portal/operator/developers?search={email}");
        var developer = (await page.Locator("tbody a").GetAttributeAsync("href"))!;
        foreach (
            var path in new[]
            {
                $"/portal/operator/developers?search={email}",
                developer,
                $"{app.Path}/members",
                $"{app.Path}/members/{developer.Split('/').Last()}",
            }
        )
        {
            await page.GotoAsync(path);
            (await page.TextContentAsync("main"))!.ShouldContain(name, customMessage: path);
            (await page.EvaluateAsync<bool>("window.hit === undefined")).ShouldBeTrue(path);
        }

        var theirs = await installation.Anonymous();
        await theirs.SignInAs(email);
        await theirs.GotoAsync("/portal/account");
        (await theirs.TextContentAsync(".who .name")).ShouldBe(name);
        (await theirs.EvaluateAsync<bool>("window.hit === undefined")).ShouldBeTrue();
        await theirs.Context.CloseAsync();
        await page.Context.CloseAsync();
    }

    private static ILocator Joining(IPage page) => page.GetByRole(AriaRole.Region, new() { Name = "Who can get an account" });
}
