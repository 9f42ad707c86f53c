using System.Text.Json;
using System.Text.RegularExpressions;

namespace Latchkey.BrowserTests;

/// <summary>Finding and changing one setting.</summary>
public sealed class FindSettingTests(BrowserFixture installation) : SettingsPageTest(installation)
{
    [Fact]
    public async Task one_thing_is_changed_with_four_clicks_and_the_app_reads_it()
    {
        await Page.GotoAsync(App.Path);
        var (clicks, loads) = (0, 0);
        Page.Load += (_, _) => loads++;
        await Click(Page.Locator("#tabs").GetByRole(AriaRole.Link, new() { Name = "Settings", Exact = true }));
        await Click(Page.Locator("#tabs").GetByRole(AriaRole.Link, new() { Name = "Sign-up", Exact = true }));
        await Click(Page.Locator("#set-signupFlow").GetByLabel("Link", new() { Exact = true }));
        await Click(Page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }));
        await Assertions.Expect(Page.Locator(".notice")).ToContainTextAsync("Saved: Signup flow");
        await Assertions.Expect(Page.Locator("#set-signupFlow .saved")).ToBeVisibleAsync();
        await Page.WaitForLoadStateAsync(LoadState.Load);
        (clicks, loads).ShouldBe((4, 3));
        (await Settings()).GetProperty("signupFlow").GetString().ShouldBe("link");

        Task Click(ILocator target)
        {
            clicks++;
            return target.ClickAsync();
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task a_setting_is_found_by_its_name_and_leads_to_its_field(bool scripts)
    {
        var visitor = await Installation.SignedIn(scripts);
        await visitor.GotoAsync($"{App.Path}/settings/general");
        var find = visitor.GetByRole(AriaRole.Searchbox, new() { Name = "Find a setting" });
        await find.FillAsync("userJWTExpiration");
        await find.PressAsync("Enter");
        await Assertions.Expect(visitor).ToHaveURLAsync(Ending("/settings/tokens#set-userJWTExpiration"));
        await visitor.GetByLabel("User JWT, hours").FillAsync("48");
        await visitor.SaveSettings("User JWT, hours");
        (await Settings()).GetProperty("userJWTExpiration").GetInt32().ShouldBe(48);

        await visitor.GetByRole(AriaRole.Searchbox, new() { Name = "Find a setting" }).FillAsync("minimum letters");
        await visitor.GetByRole(AriaRole.Button, new() { Name = "Find", Exact = true }).ClickAsync();
        await Assertions.Expect(visitor.Locator("#found")).ToContainTextAsync("shown when “Password filter” is on");
        await visitor.Locator("#found").GetByRole(AriaRole.Link, new() { Name = "Upper-case letters" }).ClickAsync();
        await Assertions.Expect(visitor).ToHaveURLAsync(Ending("/settings/passwords#set-passwordFilter"));
        await visitor.Context.CloseAsync();
    }

    [Fact]
    public async Task settings_are_found_while_one_types()
    {
        await Page.GotoAsync($"{App.Path}/settings/all");
        await Page.GetByRole(AriaRole.Searchbox, new() { Name = "Find a setting" }).PressSequentiallyAsync("twilio");
        await Assertions.Expect(Page.Locator("#found li")).ToHaveCountAsync(3);
        await Assertions.Expect(Page.Locator("#found")).ToContainTextAsync("Auth token");
    }

    [Theory]
    [InlineData("jwt", "settings/all")]
    [InlineData("jwt#tokens", "settings/tokens#tokens")]
    [InlineData("jwt#two-factor", "settings/second-factors#two-factor")]
    [InlineData("jwt#sms", "settings/messages#sms")]
    [InlineData("settings", "settings/general")]
    [InlineData("settings#status", "settings/general#status")]
    [InlineData("settings/providers", "providers")]
    [InlineData("jwt/fields/metaData?path=a", "settings/metadata/fields/metaData?path=a")]
    public async Task old_addresses_lead_to_the_page_that_has_the_settings_now(string old, string now)
    {
        await Page.GotoAsync($"{App.Path}/{old}");
        await Assertions.Expect(Page).ToHaveURLAsync(Ending($"{App.Path}/{now}"));
    }

    private static Regex Ending(string text) => new($"{Regex.Escape(text)}$", RegexOptions.None, TimeSpan.FromSeconds(1));
}
