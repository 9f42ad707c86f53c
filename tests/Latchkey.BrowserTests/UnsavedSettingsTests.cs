using System.Text.Json;
using System.Text.RegularExpressions;

namespace Latchkey.BrowserTests;

/// <summary>What a settings page shows, and says before and after it is saved.</summary>
public sealed class UnsavedSettingsTests(BrowserFixture installation) : SettingsPageTest(installation)
{
    [Fact]
    public async Task what_is_not_saved_is_named_and_can_be_discarded()
    {
        await Page.GotoAsync($"{App.Path}/settings/tokens");
        var bar = Page.Locator(".save-bar");
        await Assertions.Expect(bar.GetByText("Discard")).ToBeHiddenAsync();
        await Page.GetByLabel("User JWT, hours").FillAsync("48");
        await Page.GetByLabel("Access token, hours").FillAsync("5");
        await Assertions.Expect(bar).ToContainTextAsync("Unsaved changes: User JWT, hours, Access token, hours");
        (await bar.EvaluateAsync<string>("bar => getComputedStyle(bar).position")).ShouldBe("sticky");
        await Page.CheckAccessibility("unsaved settings");
        await Page.GetByLabel("Access token, hours").FillAsync("720");
        await Assertions.Expect(bar).Not.ToContainTextAsync("Access token");
        await bar.GetByText("Discard").ClickAsync();
        await Assertions.Expect(Page.GetByLabel("User JWT, hours")).ToHaveValueAsync("24");
        await Assertions.Expect(bar.GetByText("Discard")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task leaving_with_something_unsaved_asks_first_and_saving_does_not()
    {
        await Page.GotoAsync($"{App.Path}/settings/tokens");
        var asked = new List<string>();
        Page.Dialog += (_, dialog) =>
        {
            asked.Add(dialog.Type);
            _ = dialog.DismissAsync();
        };
        await Page.GetByLabel("User JWT, hours").FillAsync("48");
        await Page.Locator("#tabs").GetByRole(AriaRole.Link, new() { Name = "Limits" }).ClickAsync();
        await Assertions.Expect(Page.GetByLabel("User JWT, hours")).ToHaveValueAsync("48");
        asked.ShouldBe(["beforeunload"]);
        Page.Url.ShouldEndWith("/settings/tokens");
        await Page.SaveSettings("User JWT, hours");
        await Page.Locator("#tabs").GetByRole(AriaRole.Link, new() { Name = "Limits" }).ClickAsync();
        await Assertions.Expect(Page).ToHaveURLAsync(Ending("/settings/limits"));
        asked.Count.ShouldBe(1);
    }

    [Fact]
    public async Task fields_that_do_not_apply_are_shown_when_they_do_at_once_with_scripts()
    {
        await Page.GotoAsync($"{App.Path}/settings/messages");
        await Assertions.Expect(Page.GetByLabel("SMTP host")).ToBeHiddenAsync();
        await Assertions.Expect(Page.GetByText("When “Email extension” is on, there are more: Provider, Sender")).ToBeVisibleAsync();
        await Page.GetByLabel("Email extension").CheckAsync();
        await Assertions.Expect(Page.GetByLabel("SMTP host")).ToBeVisibleAsync();
        await Assertions.Expect(Page.GetByLabel("Webhook address")).ToBeHiddenAsync();
        await Page.GetByLabel("Webhook", new() { Exact = true }).CheckAsync();
        await Assertions.Expect(Page.GetByLabel("Webhook address")).ToBeVisibleAsync();
        await Assertions.Expect(Page.GetByLabel("SMTP host")).ToBeHiddenAsync();
        await Assertions.Expect(Page.GetByLabel("Account SID")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task fields_that_do_not_apply_are_shown_after_saving_without_scripts()
    {
        var visitor = await Installation.SignedIn(scripts: false);
        await visitor.GotoAsync($"{App.Path}/settings/sign-up");
        await Assertions.Expect(visitor.GetByText("Shows a button")).ToBeHiddenAsync();
        await Assertions.Expect(visitor.GetByText("When “Signup flow” is “Link”, there are more: Signup link")).ToBeVisibleAsync();
        await visitor.Locator("#set-signupFlow").GetByLabel("Link", new() { Exact = true }).CheckAsync();
        await visitor.SaveSettings("Signup flow");
        await Assertions.Expect(visitor.GetByText("Shows a button")).ToBeVisibleAsync();
        await visitor.GotoAsync($"{App.Path}/settings/messages?show=sms");
        await Assertions.Expect(visitor.GetByLabel("Account SID")).ToBeVisibleAsync();
        await visitor.Context.CloseAsync();
    }

    [Fact]
    public async Task a_dangerous_change_says_what_it_does_before_it_is_saved()
    {
        await Page.GotoAsync($"{App.Path}/settings/sign-up");
        var warning = Page.GetByText("anyone can sign up with somebody else's address");
        await Assertions.Expect(warning).ToBeHiddenAsync();
        await Page.Locator("#set-signupFlow").GetByLabel("None", new() { Exact = true }).CheckAsync();
        await Assertions.Expect(warning).ToBeVisibleAsync();

        await Installation.Server.Command("", "app", "set", App.Id, "passwordFilter=1", "passwordMinLength=12");
        await Page.Locator(".save-bar").GetByText("Discard").ClickAsync();
        await Page.GotoAsync($"{App.Path}/settings/passwords");
        var weaker = Page.Locator("#set-passwordMinLength .warning");
        await Page.GetByLabel("Length").FillAsync("14");
        await Assertions.Expect(weaker).ToBeHiddenAsync();
        await Page.GetByLabel("Length").FillAsync("9");
        await Assertions.Expect(weaker).ToContainTextAsync("users can then choose weaker passwords");
        await Page.SaveSettings("Length");
    }

    [Fact]
    public async Task a_refused_value_is_explained_beside_its_field_and_nothing_of_the_page_is_saved()
    {
        await Page.GotoAsync($"{App.Path}/settings/tokens");
        await Page.GetByLabel("User JWT, hours").FillAsync("0");
        await Page.GetByLabel("Access token, hours").FillAsync("5");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await Assertions.Expect(Page.Locator("#field-userJWTExpiration-error")).ToContainTextAsync("from 1 to");
        await Assertions.Expect(Page.GetByLabel("Access token, hours")).ToHaveValueAsync("5");
        await Assertions.Expect(Page.Locator(".save-bar")).ToContainTextAsync("Unsaved changes: User JWT, hours, Access token, hours");
        (await Settings()).GetProperty("userJWTExpiration").GetInt32().ShouldBe(24);
    }

    [Fact]
    public async Task settings_that_contradict_each_other_are_refused_with_the_reason()
    {
        await Page.GotoAsync($"{App.Path}/settings/sign-up");
        await Page.Locator("#set-signupFlow").GetByLabel("None", new() { Exact = true }).CheckAsync();
        await Page.GetByLabel("Hide whether an address has an account").CheckAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await Assertions.Expect(Page.Locator(".notice.bad")).ToContainTextAsync("requires the signup flow code or link");
        await Assertions.Expect(Page.GetByLabel("Hide whether an address has an account")).ToBeCheckedAsync();
    }

    [Fact]
    public async Task no_settings_page_is_long()
    {
        await Page.SetViewportSizeAsync(1440, 900);
        await Installation.Server.Command("", "app", "set", App.Id, "passwordFilter=1", "emailExtension=1", "twoFactorVerification=phone");
        foreach (
            var name in new[]
            {
                "general",
                "all",
                "sign-up",
                "sign-in",
                "second-factors",
                "passwords",
                "metadata",
                "tokens",
                "limits",
                "messages",
                "compatibility",
            }
        )
        {
            await Page.GotoAsync($"{App.Path}/settings/{name}");
            (await Page.EvaluateAsync<int>("document.documentElement.scrollHeight")).ShouldBeLessThan(2500, name);
        }
    }

    private static Regex Ending(string text) => new($"{Regex.Escape(text)}$", RegexOptions.None, TimeSpan.FromSeconds(1));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task what_was_typed_too_late_is_saved_with_the_password(bool scripts)
    {
        await using var server = await LatchkeyServer.Start();
        var page = await Installation.Anonymous(scripts, url: server.Url);
        await page.SetUp(server);
        var app = await page.CreateApplication("Late");
        await page.GotoAsync($"{app.Path}/settings/tokens");
        await page.GetByLabel("User JWT, hours").FillAsync("48");
        await server.SetProofOf(BrowserFixture.Email, DateTimeOffset.UnixEpoch);
        await page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByText("Nothing is saved yet")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByLabel("User JWT, hours")).ToHaveValueAsync("48");
        await Assertions.Expect(page.GetByLabel("Password", new() { Exact = true })).ToBeFocusedAsync();
        await page.CheckWhenScripted(scripts, "late settings");
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(BrowserFixture.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator(".notice")).ToContainTextAsync("Saved: User JWT, hours");
        await Assertions.Expect(page.GetByLabel("User JWT, hours")).ToHaveValueAsync("48");
        await page.Context.CloseAsync();
    }
}
