using System.Text.Json;

namespace Latchkey.BrowserTests;

/// <summary>The account pages in Chromium: a new user's walk by the pages alone, with its virtual authenticator, and without JavaScript.</summary>
public sealed class AccountPagesTests(BrowserFixture browser)
{
    private const string Ann = "ann@example.com";
    private const string NewPassword = "another violet lamp";

    [Fact]
    public async Task a_user_adds_a_passkey_uses_it_looks_around_downloads_and_deletes()
    {
        await using var server = await LatchkeyServer.StartAtLocalhost();
        var app = await CreateApp(server, "passkeysEnabled=1");
        var page = await browser.Anonymous(url: server.LocalhostUrl);
        var keys = await VirtualAuthenticator.Add(page);
        await page.GotoAsync($"{server.LocalhostUrl}/apps/{app}/account");
        await SignIn(page);
        await ShouldShow(page, "Your account");

        await Choose(page, "Passkeys");
        await page.GetByRole(AriaRole.Link, new() { Name = "Add a passkey" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Add a passkey" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("The passkey is added");
        (await keys.CountCredentials()).ShouldBe(1);
        await page.GetByLabel("Name").FillAsync("My laptop");
        await Press(page, "Save");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "My laptop" })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("Never")).ToBeVisibleAsync();
        await page.CheckAccessibility("account/passkeys");

        // The proof for the deletion, by the passkey
        await page.GotoAsync($"{server.LocalhostUrl}/apps/{app}/account/proof?continue=account/delete&method=passkey");
        await Press(page, "Use a passkey");
        await ShouldShow(page, "Delete your account");
        await Choose(page, "Passkeys");
        await Assertions.Expect(page.GetByText("Never")).ToHaveCountAsync(0);

        await Choose(page, "Devices and sessions");
        await Assertions.Expect(page.GetByText("this device")).ToBeVisibleAsync();
        await page.CheckAccessibility("account/sessions");

        await Choose(page, "Download your data");
        var download = await page.RunAndWaitForDownloadAsync(() => Press(page, "Download"));
        download.SuggestedFilename.ShouldBe("account.json");
        using var file = JsonDocument.Parse(await File.ReadAllTextAsync(await download.PathAsync()));
        file.RootElement.GetProperty("passkeys")[0].GetProperty("name").GetString().ShouldBe("My laptop");

        await Delete(page);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task everything_but_passkeys_works_with_and_without_scripts(bool scripts)
    {
        await using var server = await LatchkeyServer.StartAtLocalhost();
        var app = await CreateApp(
            server,
            "passkeysEnabled=1",
            "userNamesEnabled=1",
            "locales=EN,DE",
            "secondFactorPolicy=optional",
            "secondFactors=authenticator,sms"
        );
        var page = await browser.Anonymous(scripts, url: server.LocalhostUrl);
        await page.GotoAsync($"{server.LocalhostUrl}/apps/{app}/account");
        await SignIn(page);
        await ShouldShow(page, "Your account");
        await Check(page, scripts, "account");

        await Choose(page, "Profile");
        await page.GetByLabel("User name").FillAsync("ann_1");
        await page.Locator("button[value=name]").ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("Saved.");
        await Check(page, scripts, "account/profile");

        await Choose(page, "Password");
        await page.GetByLabel("Current password").FillAsync("wrong");
        await page.GetByLabel("New password").FillAsync(NewPassword);
        await Press(page, "Save");
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("current password is wrong");
        await Check(page, scripts, "account/password");
        await page.GetByLabel("Current password").FillAsync(BrowserFixture.Password);
        await page.GetByLabel("New password").FillAsync(NewPassword);
        await Press(page, "Save");
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("Your password is changed");

        await Choose(page, "Second factors");
        await Check(page, scripts, "account/factors");
        await page.GetByRole(AriaRole.Link, new() { Name = "Set up" }).ClickAsync();
        await Press(page, "Show the key");
        await Assertions.Expect(page.Locator(".picture img")).ToBeVisibleAsync();
        await Check(page, scripts, "account/factors/authenticator");

        await Choose(page, "Passkeys");
        await page.GetByRole(AriaRole.Link, new() { Name = "Add a passkey" }).ClickAsync();
        await Assertions.Expect(page.Locator("[data-passkey] button")).ToBeVisibleAsync(new() { Visible = scripts }); // without scripts the page says what it needs
        await Assertions.Expect(page.GetByText("Passkeys need JavaScript")).ToHaveCountAsync(scripts ? 0 : 1);
        await Check(page, scripts, "account/passkeys/add");

        await Choose(page, "Devices and sessions");
        await Choose(page, "Linked accounts");
        await Choose(page, "Apps that have access");
        await Check(page, scripts, "account/apps");
        await Choose(page, "Download your data");
        var download = await page.RunAndWaitForDownloadAsync(() => Press(page, "Download"));
        download.SuggestedFilename.ShouldBe("account.json");
        await Delete(page);
    }

    private static async Task Delete(IPage page)
    {
        await Choose(page, "Delete your account");
        await page.GetByLabel("E-mail address").FillAsync(Ann);
        await Press(page, "Delete for ever");
        await ShouldShow(page, "Your account is deleted");
        await page.GotoAsync(page.Url.Replace("/account/deleted", "/account", StringComparison.Ordinal));
        await Assertions.Expect(page.GetByLabel("Password")).ToBeVisibleAsync();
    }

    private static async Task SignIn(IPage page)
    {
        await page.Locator("input[name=handle]").FillAsync(Ann);
        await page.Locator("input[name=password]").FillAsync(BrowserFixture.Password);
        await page.Locator("button[value=sign-in]").ClickAsync();
        await Assertions.Expect(page.Locator("input[name=password]")).ToHaveCountAsync(0);
        if (await page.Locator("h1").TextContentAsync() == "Sign in faster next time")
        {
            await Press(page, "Not now");
        }
    }

    private static Task Choose(IPage page, string section) =>
        page.Locator("nav.side").GetByRole(AriaRole.Link, new() { Name = section, Exact = true }).ClickAsync();

    private static Task Press(IPage page, string button) =>
        page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();

    private static Task ShouldShow(IPage page, string heading) => Assertions.Expect(page.Locator("h1")).ToHaveTextAsync(heading);

    /// <summary>axe needs scripts, and so do the styles of controls.</summary>
    private static Task Check(IPage page, bool scripts, string name) => scripts ? page.CheckAccessibility(name) : Task.CompletedTask;

    private static async Task<string> CreateApp(LatchkeyServer server, params string[] settings)
    {
        var made = await server.Command("", ["app", "create", "--name", "Harbour Walks", "--json", "signupFlow=none", .. settings]);
        var id = JsonDocument.Parse(made).RootElement.GetProperty("appId").GetString()!;
        await server.Command(BrowserFixture.Password, "user", "add", id, Ann, "--password-stdin");
        return id;
    }
}
