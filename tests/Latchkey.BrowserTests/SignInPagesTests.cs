using System.Text.Json;

namespace Latchkey.BrowserTests;

/// <summary>The pages to get in, in Chromium: with its virtual authenticator, and without JavaScript.</summary>
public sealed class SignInPagesTests(BrowserFixture browser)
{
    private const string Ann = "ann@example.com";
    private const string NewPassword = "another violet lamp";

    [Theory]
    [InlineData("internal")]
    [InlineData("usb")]
    public async Task a_passkey_is_offered_after_a_password_and_signs_in_by_the_button(string transport)
    {
        await using var visitor = await Visitor.WithPasskeys(browser, "signupFlow=none");
        await visitor.AddUser();
        var keys = await VirtualAuthenticator.Add(visitor.Page, transport);
        await visitor.SignIn();
        await visitor.ShouldShow("Sign in faster next time");
        await visitor.Press("Add a passkey");
        await visitor.ShouldShow("You are signed in");
        (await keys.CountCredentials()).ShouldBe(1);

        await visitor.Leave();
        await visitor.Page.AddInitScriptAsync("PublicKeyCredential.isConditionalMediationAvailable = async () => false");
        await visitor.Open("login");
        await visitor.Press("Sign in with a passkey");
        await visitor.ShouldShow("You are signed in");
    }

    [Fact]
    public async Task autofill_signs_in_without_any_button()
    {
        await using var visitor = await Visitor.WithPasskeys(browser, "signupFlow=none");
        await visitor.AddUser();
        await VirtualAuthenticator.Add(visitor.Page);
        await visitor.SignIn();
        await visitor.Press("Add a passkey");
        await visitor.ShouldShow("You are signed in");
        await visitor.Leave();
        await visitor.Open("login"); // its field offers the passkey, which the authenticator takes
        await visitor.ShouldShow("You are signed in");
    }

    [Fact]
    public async Task a_refused_passkey_leaves_the_page_with_a_word_and_the_password_still_works()
    {
        await using var visitor = await Visitor.WithPasskeys(browser, "signupFlow=none");
        await visitor.AddUser();
        await VirtualAuthenticator.Add(visitor.Page, verifiesUser: false);
        await visitor.Page.AddInitScriptAsync("PublicKeyCredential.isConditionalMediationAvailable = async () => false");
        await visitor.Open("login");
        await visitor.Press("Sign in with a passkey");
        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("No passkey was used");
        await visitor.Check("sign-in with a refused passkey");
        await visitor.SignIn();
        await visitor.ShouldShow("Sign in faster next time");
        await visitor.Check("offer of a passkey");
        await visitor.Press("Do not ask again on this browser");
        await visitor.ShouldShow("You are signed in");
    }

    [Fact]
    public async Task a_browser_without_passkeys_sees_nothing_of_them()
    {
        await using var visitor = await Visitor.WithPasskeys(browser, "signupFlow=none");
        await visitor.AddUser();
        await visitor.Page.AddInitScriptAsync("delete window.PublicKeyCredential");
        await visitor.Open("login");
        await Assertions.Expect(visitor.Button("Sign in with a passkey")).ToBeHiddenAsync();
        await visitor.SignIn();
        await visitor.ShouldShow("You are signed in");
    }

    [Fact]
    public async Task a_passkey_is_the_second_factor_of_a_password()
    {
        await using var visitor = await Visitor.WithPasskeys(
            browser,
            "signupFlow=none",
            "secondFactors=passkey",
            "secondFactorPolicy=required"
        );
        await visitor.AddUser();
        await VirtualAuthenticator.Add(visitor.Page, "usb");
        await visitor.Page.AddInitScriptAsync("PublicKeyCredential.isConditionalMediationAvailable = async () => false");
        await visitor.SignIn();
        await visitor.ShouldShow("Set up a second step");
        await visitor.Check("setting up a passkey");
        await visitor.Press("Add a passkey");
        await visitor.ShouldShow("Keep these recovery codes");
        await visitor.Press("I have kept them");
        await visitor.Leave();
        await visitor.SignIn();
        await visitor.ShouldShow("Show that it is you");
        await Assertions.Expect(visitor.Page.GetByText("Passkeys do not work on this page")).ToHaveCountAsync(0);
        await visitor.Check("second factor by passkey");
        await visitor.Press("Use a passkey");
        await visitor.ShouldShow("You are signed in");
    }

    [Fact]
    public async Task somebody_signs_up_with_a_passkey_alone()
    {
        await using var visitor = await Visitor.WithPasskeys(browser, "passwordOptional=1");
        var keys = await VirtualAuthenticator.Add(visitor.Page);
        await visitor.Open("signup");
        await visitor.Page.GetByLabel("E-mail address").FillAsync(Ann);
        await visitor.Press("Sign up without a password");
        await visitor.ShouldShow("Look in your mail");
        await visitor.Page.GetByLabel("Code").FillAsync(await visitor.MailedCode());
        await visitor.Press("Continue");
        await visitor.Press("Add a passkey");
        await visitor.ShouldShow("You are signed in");
        (await keys.CountCredentials()).ShouldBe(1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task somebody_signs_up_by_code_with_and_without_scripts(bool scripts)
    {
        await using var visitor = await Visitor.Create(browser, scripts);
        await visitor.Open("login");
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Create an account" }).ClickAsync();
        await visitor.Check("sign-up");
        await visitor.Fill(Ann, "short");
        await visitor.Press("Sign up");
        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("does not follow the rules");
        await Assertions.Expect(visitor.Page.GetByLabel("E-mail address")).ToHaveValueAsync(Ann);
        await visitor.Check("refused sign-up");
        await visitor.Fill(Ann, BrowserFixture.Password);
        await visitor.Press("Sign up");
        await visitor.ShouldShow("Look in your mail");
        await visitor.Check("mailed code");
        await visitor.Page.GetByLabel("Code").FillAsync(await visitor.MailedCode());
        await visitor.Page.Keyboard.PressAsync("Enter");
        await visitor.ShouldShow("Choose a user name");
        await visitor.Check("user name");
        await visitor.Page.GetByLabel("User name").FillAsync("ann");
        await visitor.Press("Continue");
        await visitor.ShouldShow("You are signed in");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task a_forgotten_password_is_replaced_with_and_without_scripts(bool scripts)
    {
        await using var visitor = await Visitor.Create(browser, scripts);
        await visitor.AddUser();
        await visitor.Open("login");
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Forgot your password?" }).ClickAsync();
        await visitor.Check("forgotten password");
        await visitor.Page.GetByLabel("E-mail address").FillAsync(Ann);
        await visitor.Press("Send the mail");
        await visitor.Page.GetByLabel("Code").FillAsync(await visitor.MailedCode());
        await visitor.Page.GetByLabel("New password").FillAsync(NewPassword);
        await visitor.Check("new password");
        await visitor.Press("Save the password");
        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("Your password is changed");
        await visitor.Check("sign-in after a new password");
        await visitor.Page.GetByLabel("Password").FillAsync(NewPassword);
        await visitor.Press("Sign in");
        await visitor.ShouldShow("You are signed in");
    }

    [Fact]
    public async Task the_link_of_a_mail_opens_the_page_without_scripts()
    {
        await using var visitor = await Visitor.Create(browser, scripts: false, "signupFlow=link");
        await visitor.Open("signup");
        await visitor.Fill(Ann, BrowserFixture.Password);
        await visitor.Press("Sign up");
        await visitor.ShouldShow("Look in your mail");
        await visitor.Page.GotoAsync((await visitor.Mail()).GetProperty("link").GetString()!);
        await visitor.Check("confirmation");
        await visitor.Press("Confirm my address");
        await visitor.ShouldShow("Choose a user name");
        await visitor.Press("Not now");
        await visitor.ShouldShow("You are signed in");
    }

    /// <summary>By the pages alone, on two devices.</summary>
    [Fact]
    public async Task a_newcomer_signs_up_loses_the_password_adds_a_passkey_takes_the_data_along_and_leaves()
    {
        // Without a mail, as an address gets one a minute at most, and the next is for the password
        await using var visitor = await Visitor.WithPasskeys(browser, "signupFlow=none");
        await VirtualAuthenticator.Add(visitor.Page);
        await visitor.Page.AddInitScriptAsync("PublicKeyCredential.isConditionalMediationAvailable = async () => false");
        await visitor.Open("signup");
        await visitor.Fill(Ann, BrowserFixture.Password);
        await visitor.Press("Sign up");
        await visitor.ShouldShow("You are signed in");

        await visitor.Leave();
        await visitor.Open("forgot");
        await visitor.Page.GetByLabel("E-mail address").FillAsync(Ann);
        await visitor.Press("Send the mail");
        await visitor.Page.GetByLabel("Code").FillAsync(await visitor.MailedCode("resetPassword"));
        await visitor.Page.GetByLabel("New password").FillAsync(NewPassword);
        await visitor.Press("Save the password");
        await visitor.SignIn(NewPassword);
        await visitor.ShouldShow("Sign in faster next time");
        await visitor.Press("Add a passkey");
        await visitor.ShouldShow("You are signed in");

        await using var phone = visitor with { Page = await browser.Anonymous(url: visitor.Server.LocalhostUrl), OwnsServer = false };
        await phone.SignIn(NewPassword);
        await phone.ShouldShow("You are signed in");
        await visitor.Open("account/sessions");
        await Assertions.Expect(visitor.Button("Sign out")).ToHaveCountAsync(2); // both devices

        await visitor.Open("account/data");
        var download = await visitor.Page.RunAndWaitForDownloadAsync(() => visitor.Press("Download"));
        using var file = JsonDocument.Parse(await File.ReadAllTextAsync(await download.PathAsync()));
        file.RootElement.GetProperty("passkeys").GetArrayLength().ShouldBe(1);
        await visitor.Open("account/delete");
        await visitor.Page.GetByLabel("E-mail address").FillAsync(Ann);
        await visitor.Press("Delete for ever");
        await visitor.ShouldShow("Your account is deleted");
        await phone.Open("account");
        await Assertions.Expect(phone.Page.GetByLabel("Password")).ToBeVisibleAsync();
    }

    /// <summary>A browser in front of the pages of an application.</summary>
    private sealed record Visitor(LatchkeyServer Server, string AppId, IPage Page, bool OwnsServer, bool HasScripts) : IAsyncDisposable
    {
        private string Base => $"{(IsAtLocalhost ? Server.LocalhostUrl : Server.Url)}/apps/{AppId}";

        private bool IsAtLocalhost { get; init; }

        public static async Task<Visitor> Create(BrowserFixture browser, bool scripts, params string[] settings) =>
            new(
                browser.Server,
                await CreateApp(browser.Server, ["userNamesEnabled=1", .. settings]),
                await browser.Anonymous(scripts),
                OwnsServer: false,
                HasScripts: scripts
            );

        /// <summary>On a server at localhost, because browsers have no passkeys at an address.</summary>
        public static async Task<Visitor> WithPasskeys(BrowserFixture browser, params string[] settings)
        {
            var server = await LatchkeyServer.StartAtLocalhost();
            var app = await CreateApp(server, ["passkeysEnabled=1", .. settings]);
            return new(server, app, await browser.Anonymous(url: server.LocalhostUrl), OwnsServer: true, HasScripts: true)
            {
                IsAtLocalhost = true,
            };
        }

        public Task AddUser() => Server.Command(BrowserFixture.Password, "user", "add", AppId, Ann, "--password-stdin");

        public Task Open(string path) => Page.GotoAsync($"{Base}/{path}");

        public async Task SignIn(string password = BrowserFixture.Password)
        {
            await Open("login");
            await Fill(Ann, password);
            await Press("Sign in");
        }

        public async Task Fill(string handle, string password)
        {
            await Page.GetByLabel("E-mail address").FillAsync(handle);
            await Page.GetByLabel("Password").FillAsync(password);
        }

        public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

        public Task Press(string button) => Button(button).ClickAsync();

        public Task ShouldShow(string heading) =>
            Assertions.Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync(heading);

        /// <summary>axe is a script itself: what it would find is found with scripts on.</summary>
        public Task Check(string name) => HasScripts ? Page.CheckAccessibility(name) : Task.CompletedTask;

        /// <summary>As somebody who has never been here.</summary>
        public Task Leave() => Page.Context.ClearCookiesAsync();

        public async Task<string> MailedCode(string? kind = null) => (await Mail(kind)).GetProperty("code").GetString()!;

        /// <summary>The newest mail to Ann, which may be written after the page has come.</summary>
        /// <param name="kind">As the outbox calls it; null for any.</param>
        public async Task<JsonElement> Mail(string? kind = null)
        {
            for (var i = 0; i < 100; i++)
            {
                var mails = JsonDocument.Parse(await Server.Command("", "mailbox", "--json", "--app", AppId, "--to", Ann)).RootElement;
                if (
                    mails.EnumerateArray().FirstOrDefault(one => kind is null || one.GetProperty("kind").GetString() == kind) is
                    { ValueKind: JsonValueKind.Object } mail
                )
                {
                    return mail;
                }
            }

            throw new InvalidOperationException("no mail came");
        }

        public async ValueTask DisposeAsync()
        {
            await Page.Context.CloseAsync();
            if (OwnsServer)
            {
                await Server.DisposeAsync();
            }
        }

        private static async Task<string> CreateApp(LatchkeyServer server, string[] settings) =>
            JsonDocument
                .Parse(await server.Command("", ["app", "create", "--name", "Harbour", "--json", .. settings]))
                .RootElement.GetProperty("appId")
                .GetString()!;
    }
}
