namespace Latchkey.BrowserTests;

/// <summary>Passkeys of portal accounts, with the authenticator of Chromium.</summary>
public sealed class PasskeyTests(BrowserFixture installation)
{
    private const string NoAutofill = "PublicKeyCredential.isConditionalMediationAvailable = async () => false;";

    [Theory]
    [InlineData("internal")]
    [InlineData("usb")]
    public async Task a_passkey_is_added_signs_in_confirms_and_is_removed(string transport)
    {
        var (page, email) = (await Open(), await installation.Server.CreateDeveloper("Grace Hopper"));
        await page.AddInitScriptAsync(NoAutofill); // it would sign in before the button is pressed
        var authenticator = await VirtualAuthenticator.Add(page, transport);
        await SignInWithPassword(page, email);
        await page.GetByRole(AriaRole.Link, new() { Name = "Grace Hopper" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Add a passkey" }).ClickAsync();
        await page.GetByLabel("Name").FillAsync("My laptop");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add a passkey" }).ClickAsync();
        (await page.TextContentAsync("#copy-codes"))!.Split('\n').Length.ShouldBe(10);
        (await authenticator.CountCredentials()).ShouldBe(1);
        await page.GetByRole(AriaRole.Link, new() { Name = "I have saved them" }).ClickAsync();
        await Assertions.Expect(page.GetByText("You have 1 passkey.")).ToBeVisibleAsync();

        await SignOut(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in with a passkey" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Applications" })).ToBeVisibleAsync();

        await SignOut(page);
        await SignInWithPassword(page, email);
        await page.GetByRole(AriaRole.Button, new() { Name = "Use a passkey" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Applications" })).ToBeVisibleAsync();

        await installation.Server.SetProofOf(email, DateTimeOffset.UnixEpoch);
        await page.GotoAsync("/portal/account/passkeys");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Confirm that it is you" })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Use a passkey" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Add a passkey" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("already has a passkey");
        await page.GetByRole(AriaRole.Link, new() { Name = "My laptop" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove this passkey" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("The passkey is removed");

        await SignOut(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in with a passkey" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("was not accepted");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task the_field_for_the_address_offers_a_passkey_that_signs_in()
    {
        var (page, email) = (await Open(), await installation.Server.CreateDeveloper("Autofill"));
        await VirtualAuthenticator.Add(page);
        await AddPasskey(page, email);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Applications" })).ToBeVisibleAsync(); // without a press
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task a_key_that_cannot_tell_its_user_is_the_second_factor_and_no_sign_in()
    {
        var (page, email) = (await Open(), await installation.Server.CreateDeveloper("Key"));
        await page.AddInitScriptAsync(NoAutofill);
        var authenticator = await VirtualAuthenticator.Add(page, "usb", verifiesUser: false);
        await SignInWithPassword(page, email);
        await page.GotoAsync("/portal/account/passkeys");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add a passkey" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("No passkey was used");
        (await authenticator.CountCredentials()).ShouldBe(0);

        await authenticator.MoveTo("usb", verifiesUser: true);
        await page.GetByRole(AriaRole.Button, new() { Name = "Add a passkey" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "I have saved them" }).ClickAsync();
        await authenticator.MoveTo("usb", verifiesUser: false);
        await SignOut(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in with a passkey" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("No passkey was used");
        await SignInWithPassword(page, email);
        await page.GetByRole(AriaRole.Button, new() { Name = "Use a passkey" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Applications" })).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task options_that_are_too_old_are_fetched_again()
    {
        var (page, email) = (await Open(), await installation.Server.CreateDeveloper("Late"));
        await page.AddInitScriptAsync(NoAutofill);
        await VirtualAuthenticator.Add(page);
        await AddPasskey(page, email);
        await SignOut(page);
        var before = await page.GetAttributeAsync("#passkey [name=requestToken]", "value");
        await page.EvaluateAsync("performance.now = () => 10 * 60 * 1000");
        var sent = page.WaitForRequestAsync(request => request.Method == "POST");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in with a passkey" }).ClickAsync();
        (await sent).PostData!.ShouldNotContain(before!);
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Applications" })).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task at_an_address_the_page_says_where_passkeys_work()
    {
        var page = await installation.Anonymous();
        await page.GotoAsync("/portal/sign-in");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Sign in with a passkey" })).ToBeHiddenAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = installation.Server.LocalhostUrl }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Sign in with a passkey" })).ToBeVisibleAsync();
        page.Url.ShouldBe($"{installation.Server.LocalhostUrl}/portal/sign-in");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task without_scripts_the_page_says_so_and_passwords_work()
    {
        var (page, email) = (await Open(scripts: false), await installation.Server.CreateDeveloper("Plain"));
        await SignInWithPassword(page, email);
        await page.GotoAsync("/portal/account/passkeys");
        await Assertions.Expect(page.GetByText("A passkey needs JavaScript")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Add a passkey" })).ToBeHiddenAsync();
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData(ColorScheme.Light, 390)]
    [InlineData(ColorScheme.Dark, 1280)]
    public async Task the_pages_are_accessible(ColorScheme scheme, int width)
    {
        var page = await installation.Anonymous(scheme: scheme, url: installation.Server.LocalhostUrl);
        await page.AddInitScriptAsync(NoAutofill);
        await page.SetViewportSizeAsync(width, 800);
        await VirtualAuthenticator.Add(page);
        var email = await installation.Server.CreateDeveloper("Axe");
        await AddPasskey(page, email);
        foreach (var path in new[] { "/portal/account", "/portal/account/passkeys", "/portal/account/recovery-codes" })
        {
            await page.GotoAsync(path);
            await page.CheckAccessibility(path);
        }

        await page.GotoAsync("/portal/account/passkeys");
        await page.GetByRole(AriaRole.Link, new() { Name = "Passkey", Exact = true }).ClickAsync();
        await page.CheckAccessibility("one passkey");
        await installation.Server.SetProofOf(email, DateTimeOffset.UnixEpoch);
        await page.GotoAsync("/portal/account/passkeys");
        await page.CheckAccessibility("confirm that it is you");
        await SignOut(page);
        await page.CheckAccessibility("sign-in");
        await SignInWithPassword(page, email);
        await page.CheckAccessibility("second step");
        await page.Context.CloseAsync();
    }

    private Task<IPage> Open(bool scripts = true) => installation.Anonymous(scripts, url: installation.Server.LocalhostUrl);

    private static async Task AddPasskey(IPage page, string email)
    {
        await SignInWithPassword(page, email);
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Applications" })).ToBeVisibleAsync();
        await page.GotoAsync("/portal/account/passkeys");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add a passkey" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "I have saved them" }).ClickAsync();
        await Assertions.Expect(page.GetByText("You have 1 passkey.")).ToBeVisibleAsync();
    }

    private static async Task SignInWithPassword(IPage page, string email)
    {
        await page.GotoAsync("/portal/sign-in");
        await page.GetByLabel("E-mail address").FillAsync(email);
        await page.GetByLabel("Password").FillAsync(BrowserFixture.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
    }

    private static async Task SignOut(IPage page)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByText("You are signed out.")).ToBeVisibleAsync();
    }
}
