using Latchkey.Tests.Harness;

namespace Latchkey.BrowserTests;

public sealed class AccountTests(BrowserFixture installation)
{
    private const string Next = "amber meadow violin";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task an_authenticator_app_is_set_up_used_and_switched_off(bool scripts)
    {
        var email = await installation.Server.CreateDeveloper("Grace Hopper");
        var page = await installation.Anonymous(scripts);
        await page.SignInAs(email);
        await page.GetByRole(AriaRole.Link, new() { Name = "Grace Hopper" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Set up an authenticator app" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Show the key" }).ClickAsync();
        await Assertions.Expect(page.GetByAltText("QR code with the key below")).ToBeVisibleAsync();
        var app = new Authenticator((await page.TextContentAsync("#copy-key"))!);
        await page.GetByLabel("Code").FillAsync(app.WrongCode());
        await page.GetByRole(AriaRole.Button, new() { Name = "Switch it on" }).ClickAsync();
        await Assertions.Expect(page.Locator("#field-code-error")).ToContainTextAsync("not the code");
        await page.GetByLabel("Code").FillAsync(app.Code());
        await page.GetByRole(AriaRole.Button, new() { Name = "Switch it on" }).ClickAsync();
        var codes = (await page.TextContentAsync("#copy-codes"))!.Split('\n');
        codes.Length.ShouldBe(10);
        await page.GetByRole(AriaRole.Link, new() { Name = "I have saved them" }).ClickAsync();
        await Assertions.Expect(page.GetByText("You have 10 recovery codes left")).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out", Exact = true }).ClickAsync();
        await page.SignInAs(email);
        await page.GetByLabel("Code").FillAsync(app.WrongCode());
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Assertions.Expect(page.Locator("#field-code-error")).ToContainTextAsync("wrong");
        await page.GetByLabel("Code").FillAsync(codes[0]);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Grace Hopper" }).ClickAsync();
        await Assertions.Expect(page.GetByText("You have 9 recovery codes left")).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Link, new() { Name = "Manage recovery codes" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Create new recovery codes" }).ClickAsync();
        await Assertions.Expect(page.GetByText("This is the only time you see them.")).ToBeVisibleAsync();
        await page.GotoAsync("/portal/account/authenticator");
        await page.GetByRole(AriaRole.Button, new() { Name = "Switch it off" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("switched off");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task setting_an_authenticator_up_can_be_cancelled()
    {
        var page = await installation.Anonymous();
        await page.SignInAs(await installation.Server.CreateDeveloper("Cancel"));
        await page.GotoAsync("/portal/account/authenticator");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show the key" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Set up an authenticator app" })).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task name_address_and_password_are_changed_and_refusals_stand_beside_the_field()
    {
        var (page, address) = (await installation.Anonymous(), $"new{Guid.CreateVersion7():N}@example.com");
        await page.SignInAs(await installation.Server.CreateDeveloper("Before"));
        await page.GotoAsync("/portal/account");
        await page.GetByLabel("Your name").FillAsync("After");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save name" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "After" })).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Link, new() { Name = "Change the address" }).ClickAsync();
        await page.GetByLabel("New e-mail address").FillAsync("not an address");
        await page.GetByRole(AriaRole.Button, new() { Name = "Mail a link to the new address" }).ClickAsync();
        await Assertions.Expect(page.Locator("#field-email-error")).ToContainTextAsync("not an e-mail address");
        await page.GetByLabel("New e-mail address").FillAsync(address);
        await page.GetByRole(AriaRole.Button, new() { Name = "Mail a link to the new address" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("is in the");
        await page.GotoAsync(await installation.MailedLink(address));
        await page.GetByRole(AriaRole.Button, new() { Name = "Use the new address" }).ClickAsync();
        await Assertions.Expect(page.Locator(".facts")).ToContainTextAsync(address);

        await page.GetByRole(AriaRole.Link, new() { Name = "Change the password" }).ClickAsync();
        await page.GetByLabel("New password").FillAsync("short");
        await page.GetByRole(AriaRole.Button, new() { Name = "Set new password" }).ClickAsync();
        await Assertions.Expect(page.Locator("#field-password-error")).ToContainTextAsync("Choose another password");
        await page.GetByLabel("New password").FillAsync(Next);
        await page.GetByRole(AriaRole.Button, new() { Name = "Set new password" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("password is changed");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out", Exact = true }).ClickAsync();
        await page.SignInAs(address, Next);
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Applications" })).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task a_browser_that_was_left_open_asks_who_it_is_and_goes_on(bool scripts)
    {
        var (page, email) = (await installation.Anonymous(scripts), await installation.Server.CreateDeveloper("Away"));
        await page.SignInAs(email);
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Applications" })).ToBeVisibleAsync();
        await page.GotoAsync("/portal/account");
        await installation.Server.SetProofOf(email, DateTimeOffset.UnixEpoch);
        await page.GetByRole(AriaRole.Link, new() { Name = "Change the password" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Confirm that it is you" })).ToBeVisibleAsync();
        await page.GetByLabel("Password").FillAsync("not the password");
        await page.GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();
        await Assertions.Expect(page.Locator("#field-password-error")).ToContainTextAsync("not your password");
        await page.GetByLabel("Password").FillAsync(BrowserFixture.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();
        await page.GetByLabel("New password").FillAsync(Next);
        await page.GetByRole(AriaRole.Button, new() { Name = "Set new password" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("password is changed");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task sessions_are_shown_and_signed_out_from_afar()
    {
        var email = await installation.Server.CreateDeveloper("Everywhere");
        var (here, there, elsewhere) = (await installation.Anonymous(), await installation.Anonymous(), await installation.Anonymous());
        foreach (var page in new[] { there, elsewhere, here })
        {
            await page.SignInAs(email);
            await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Applications" })).ToBeVisibleAsync();
        }

        await here.GotoAsync("/portal/account");
        await Assertions.Expect(here.Locator(".sessions tbody tr")).ToHaveCountAsync(3);
        await Assertions.Expect(here.Locator(".sessions tbody tr", new() { HasText = "this one" })).ToContainTextAsync("Chrome on Linux");
        await here.Locator(".sessions tbody button").First.ClickAsync();
        await Assertions.Expect(here.Locator(".sessions tbody tr")).ToHaveCountAsync(2);
        await here.GetByRole(AriaRole.Button, new() { Name = "Sign out all others" }).ClickAsync();
        await Assertions.Expect(here.Locator(".sessions tbody tr")).ToHaveCountAsync(1);
        foreach (var page in new[] { there, elsewhere })
        {
            await page.GotoAsync("/portal/account");
            await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
            await page.Context.CloseAsync();
        }

        await here.Context.CloseAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task a_forgotten_password_is_set_anew_by_a_mailed_link(bool scripts)
    {
        var (page, email) = (await installation.Anonymous(scripts), await installation.Server.CreateDeveloper("Forgetful"));
        await page.GotoAsync("/portal/sign-in");
        await page.GetByRole(AriaRole.Link, new() { Name = "Forgot your password?" }).ClickAsync();
        await page.GetByLabel("E-mail address").FillAsync(email);
        await page.GetByRole(AriaRole.Button, new() { Name = "Mail me a link" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Ask the operator for the link" })).ToBeVisibleAsync();
        await page.GotoAsync(await installation.MailedLink(email));
        await page.GetByLabel("New password").FillAsync("short");
        await page.GetByRole(AriaRole.Button, new() { Name = "Set the password" }).ClickAsync();
        await Assertions.Expect(page.Locator("#field-password-error")).ToContainTextAsync("fewer than 10");
        await page.GetByLabel("New password").FillAsync(Next);
        await page.GetByRole(AriaRole.Button, new() { Name = "Set the password" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("Your new password is set");
        await page.SignInAs(email, Next);
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Applications" })).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1440)]
    [InlineData(ColorScheme.Dark, 360)]
    public async Task axe_finds_nothing_on_the_way_to_a_second_factor(ColorScheme scheme, int width)
    {
        var (page, email) = (
            await installation.Anonymous(scheme: scheme),
            await installation.Server.CreateDeveloper("Axe with a name that is long enough to be cut somewhere")
        );
        await page.SetViewportSizeAsync(width, 800);
        await page.SignInAs(email);
        await page.GotoAsync("/portal/account/authenticator");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show the key" }).ClickAsync();
        await page.CheckAccessibility("key");
        var app = new Authenticator((await page.TextContentAsync("#copy-key"))!);
        await page.GetByLabel("Code").FillAsync(app.Code());
        await page.GetByRole(AriaRole.Button, new() { Name = "Switch it on" }).ClickAsync();
        await page.CheckAccessibility("recovery codes");
        foreach (
            var path in new[] { "/portal/account", "/portal/account/authenticator", "/portal/account/email", "/portal/account/password" }
        )
        {
            await page.GotoAsync(path);
            await page.CheckAccessibility(path);
        }

        await installation.Server.SetProofOf(email, DateTimeOffset.UnixEpoch);
        await page.GotoAsync("/portal/account/email");
        await page.GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();
        await page.CheckAccessibility("confirm that it is you");
        await page.Context.ClearCookiesAsync();
        await page.SignInAs(email);
        await page.CheckAccessibility("second step");
        await page.Context.CloseAsync();
    }
}
