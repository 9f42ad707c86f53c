using System.Text.Json;
using System.Text.RegularExpressions;

namespace Latchkey.BrowserTests;

/// <summary>What a settings page shows, and says before and after it is saved.</summary>
public sealed class UnsavedSettingsTests(BrowserFixture installation) : IAsyncLifetime
{
    private IPage page = null!;
    private CreatedApplication app = null!;

    public async ValueTask InitializeAsync()
    {
        page = await installation.SignedIn();
        app = await page.CreateApplication("Settings");
    }

    public async ValueTask DisposeAsync() => await page.Context.CloseAsync();

    [Fact]
    public async Task what_is_not_saved_is_named_and_can_be_discarded()
    {
        await page.GotoAsync($"{app.Path}/settings/tokens");
        var bar = page.Locator(".save-bar");
        await Assertions.Expect(bar.GetByText("Discard")).ToBeHiddenAsync();
        await page.GetByLabel("User JWT, hours").FillAsync("48");
        await page.GetByLabel("Access token, hours").FillAsync("5");
        await Assertions.Expect(bar).ToContainTextAsync("Unsaved changes: User JWT, hours, Access token, hours");
        (await bar.EvaluateAsync<string>("bar => getComputedStyle(bar).position")).ShouldBe("sticky");
        await page.CheckAccessibility("unsaved settings");
        await page.GetByLabel("Access token, hours").FillAsync("720");
        await Assertions.Expect(bar).Not.ToContainTextAsync("Access token");
        await bar.GetByText("Discard").ClickAsync();
        await Assertions.Expect(page.GetByLabel("User JWT, hours")).ToHaveValueAsync("24");
        await Assertions.Expect(bar.GetByText("Discard")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task leaving_with_something_unsaved_asks_first_and_saving_does_not()
    {
        await page.GotoAsync($"{app.Path}/settings/tokens");
        var asked = new List<string>();
        page.Dialog += (_, dialog) =>
        {
            asked.Add(dialog.Type);
            _ = dialog.DismissAsync();
        };
        await page.GetByLabel("User JWT, hours").FillAsync("48");
        await page.Locator("#tabs").GetByRole(AriaRole.Link, new() { Name = "Limits" }).ClickAsync();
        await Assertions.Expect(page.GetByLabel("User JWT, hours")).ToHaveValueAsync("48");
        asked.ShouldBe(["beforeunload"]);
        page.Url.ShouldEndWith("/settings/tokens");
        await page.SaveSettings("User JWT, hours");
        await page.Locator("#tabs").GetByRole(AriaRole.Link, new() { Name = "Limits" }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(Ending("/settings/limits"));
        asked.Count.ShouldBe(1);
    }

    [Fact]
    public async Task fields_that_do_not_apply_are_shown_when_they_do_at_once_with_scripts()
    {
        await page.GotoAsync($"{app.Path}/settings/messages");
        await Assertions.Expect(page.GetByLabel("SMTP host")).ToBeHiddenAsync();
        await Assertions.Expect(page.GetByText("When “Email extension” is on, there are more: Provider, Sender")).ToBeVisibleAsync();
        await page.GetByLabel("Email extension").CheckAsync();
        await Assertions.Expect(page.GetByLabel("SMTP host")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByLabel("Webhook address")).ToBeHiddenAsync();
        await page.GetByLabel("Webhook", new() { Exact = true }).CheckAsync();
        await Assertions.Expect(page.GetByLabel("Webhook address")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByLabel("SMTP host")).ToBeHiddenAsync();
        await Assertions.Expect(page.GetByLabel("Account SID")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task fields_that_do_not_apply_are_shown_after_saving_without_scripts()
    {
        var visitor = await installation.SignedIn(scripts: false);
        await visitor.GotoAsync($"{app.Path}/settings/sign-up");
        await Assertions.Expect(visitor.GetByText("Shows a button")).ToBeHiddenAsync();
        await Assertions.Expect(visitor.GetByText("When “Signup flow” is “Link”, there are more: Signup link")).ToBeVisibleAsync();
        await visitor.Locator("#set-signupFlow").GetByLabel("Link", new() { Exact = true }).CheckAsync();
        await visitor.SaveSettings("Signup flow");
        await Assertions.Expect(visitor.GetByText("Shows a button")).ToBeVisibleAsync();
        await visitor.GotoAsync($"{app.Path}/settings/messages?show=sms");
        await Assertions.Expect(visitor.GetByLabel("Account SID")).ToBeVisibleAsync();
        await visitor.Context.CloseAsync();
    }

    [Fact]
    public async Task a_dangerous_change_says_what_it_does_before_it_is_saved()
    {
        await page.GotoAsync($"{app.Path}/settings/sign-up");
        var warning = page.GetByText("anyone can sign up with somebody else's address");
        await Assertions.Expect(warning).ToBeHiddenAsync();
        await page.Locator("#set-signupFlow").GetByLabel("None", new() { Exact = true }).CheckAsync();
        await Assertions.Expect(warning).ToBeVisibleAsync();

        await installation.Server.Command("", "app", "set", app.Id, "passwordFilter=1", "passwordMinLength=12");
        await page.Locator(".save-bar").GetByText("Discard").ClickAsync();
        await page.GotoAsync($"{app.Path}/settings/passwords");
        var weaker = page.Locator("#set-passwordMinLength .warning");
        await page.GetByLabel("Length").FillAsync("14");
        await Assertions.Expect(weaker).ToBeHiddenAsync();
        await page.GetByLabel("Length").FillAsync("9");
        await Assertions.Expect(weaker).ToContainTextAsync("users can then choose weaker passwords");
        await page.SaveSettings("Length");
    }

    [Fact]
    public async Task a_refused_value_is_explained_beside_its_field_and_nothing_of_the_page_is_saved()
    {
        await page.GotoAsync($"{app.Path}/settings/tokens");
        await page.GetByLabel("User JWT, hours").FillAsync("0");
        await page.GetByLabel("Access token, hours").FillAsync("5");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator("#field-userJWTExpiration-error")).ToContainTextAsync("from 1 to");
        await Assertions.Expect(page.GetByLabel("Access token, hours")).ToHaveValueAsync("5");
        await Assertions.Expect(page.Locator(".save-bar")).ToContainTextAsync("Unsaved changes: User JWT, hours, Access token, hours");
        (await Settings()).GetProperty("userJWTExpiration").GetInt32().ShouldBe(24);
    }

    [Fact]
    public async Task settings_that_contradict_each_other_are_refused_with_the_reason()
    {
        await page.GotoAsync($"{app.Path}/settings/sign-up");
        await page.Locator("#set-signupFlow").GetByLabel("None", new() { Exact = true }).CheckAsync();
        await page.GetByLabel("Hide whether an address has an account").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator(".notice.bad")).ToContainTextAsync("requires the signup flow code or link");
        await Assertions.Expect(page.GetByLabel("Hide whether an address has an account")).ToBeCheckedAsync();
    }

    [Fact]
    public async Task no_settings_page_is_long()
    {
        await page.SetViewportSizeAsync(1440, 900);
        await installation.Server.Command("", "app", "set", app.Id, "passwordFilter=1", "emailExtension=1", "twoFactorVerification=phone");
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
            await page.GotoAsync($"{app.Path}/settings/{name}");
            (await page.EvaluateAsync<int>("document.documentElement.scrollHeight")).ShouldBeLessThan(2500, name);
        }
    }

    private static Regex Ending(string text) => new($"{Regex.Escape(text)}$", RegexOptions.None, TimeSpan.FromSeconds(1));

    private async Task<JsonElement> Settings() => JsonDocument.Parse(await installation.Api(app.AppToken, "getApplication")).RootElement;
}
