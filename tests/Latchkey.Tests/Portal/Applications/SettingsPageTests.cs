using System.Net;
using Latchkey.Applications.Settings;
using Latchkey.Portal.Settings;

namespace Latchkey.Tests.Portal.Applications;

/// <summary>Every setting is on one page, is found there, and is changed there in one way.</summary>
public sealed class SettingsPageTests(ServerFixture servers)
{
    private static readonly string[] All =
    [
        "twoFactorVerification=phone",
        "passkeysEnabled=1",
        "passwordFilter=1",
        """metaData=[{"path":"user_data.name","fieldName":"name"}]""",
    ];

    [Fact]
    public void Every_setting_is_in_the_index_once()
    {
        var codes = SettingsIndex.Of(new ApplicationSettings()).Select(entry => entry.Code).Where(code => code.Length > 0).ToList();
        codes.ShouldBe(SettingCatalog.All.Select(setting => setting.Name).Concat(["name", "type", "status"]), ignoreOrder: true);
    }

    [Fact]
    public void A_condition_names_settings_of_its_own_page_and_values_that_they_can_have()
    {
        var conditions = SettingsGroups
            .All.SelectMany(group => group.Lines.Select(line => (group, line)))
            .Where(one => one.line.When.Length > 0)
            .ToList();
        conditions.Count.ShouldBeGreaterThan(30);
        foreach (var (group, line) in conditions)
        {
            foreach (var one in line.When.Split('|', ';').Select(part => part.Split('=')))
            {
                group.Lines.Select(other => other.Name).ShouldContain(one[0], line.Name);
                foreach (var value in one[1].Split(','))
                {
                    SettingCatalog.Get(one[0]).Set(new ApplicationSettings(), value).Succeeded.ShouldBeTrue($"{line.Name} {line.When}");
                }
            }
        }
    }

    [Fact]
    public async Task Every_setting_is_a_field_of_exactly_one_page()
    {
        var app = await servers.Main.CreateApp(All);
        using var editor = await PortalVisitor.Member(app, "editor");
        var fields = new List<string>();
        foreach (var group in SettingsGroups.All.Append(RealmGroup.Group))
        {
            var page = await editor.Get($"/portal/applications/{app.Id}/{group.Path}");
            page.Status.ShouldBe(HttpStatusCode.OK, group.Key);
            page.Text("h1").ShouldBe(group.Title);
            fields.AddRange(page.Document.QuerySelectorAll("[id^=set-]").Select(element => element.Id.ShouldNotBeNull()["set-".Length..]));
        }

        fields.ShouldBe(
            SettingCatalog.All.Select(setting => setting.Name).Except(["jwtEnabled", "locales"]).Append("name"),
            ignoreOrder: true
        );
    }

    [Fact]
    public async Task What_is_found_leads_to_an_element_of_a_page()
    {
        var app = await servers.Main.CreateApp(All);
        using var owner = await PortalVisitor.Member(app, "owner");
        var found = await owner.Get($"/portal/applications/{app.Id}/settings/all");
        var links = found.Document.QuerySelectorAll("#found a").Select(link => link.GetAttribute("href").ShouldNotBeNull()).ToList();
        links.Count.ShouldBe(SettingsIndex.Of(new ApplicationSettings()).Count);
        foreach (var page in links.GroupBy(link => link.Split('#')[0]))
        {
            var shown = await owner.Get(page.Key);
            foreach (var anchor in page.Where(link => link.Contains('#', StringComparison.Ordinal)).Select(link => link.Split('#')[1]))
            {
                var element = shown.Document.GetElementById(anchor).ShouldNotBeNull($"{page.Key} {anchor}");
                element.Closest("[hidden]").ShouldBeNull($"{page.Key} {anchor}");
            }
        }
    }

    [Theory]
    [InlineData("token minutes", "providerTokenMinutes", "tokenMinutes")]
    [InlineData("sendgrid key", "sendgridKey")]
    [InlineData("<script>")]
    public async Task A_search_has_all_words_in_names_labels_or_meanings(string text, params string[] codes)
    {
        var app = await servers.Main.CreateApp();
        using var viewer = await PortalVisitor.Member(app, "viewer");
        var found = await viewer.Get($"/portal/applications/{app.Id}/settings/all?find={Uri.EscapeDataString(text)}");
        if (codes.Length == 1)
        {
            found.Status.ShouldBe(HttpStatusCode.SeeOther); // one hit leads to its field
            return;
        }

        found.Document.QuerySelectorAll("#found script").ShouldBeEmpty();
        foreach (var code in codes)
        {
            found.Document.QuerySelectorAll("#found code").Select(element => element.TextContent).ShouldContain(code);
        }
    }

    [Fact]
    public async Task Old_addresses_redirect_for_good()
    {
        var app = await servers.Main.CreateApp();
        using var viewer = await PortalVisitor.Member(app, "viewer");
        var path = $"/portal/applications/{app.Id}";
        foreach (
            var (old, now) in new[]
            {
                ("settings", "settings/general"),
                ("settings/providers", "providers"),
                ("jwt", "settings/all"),
                ("jwt/fields/metaData?path=a.b", "settings/metadata/fields/metaData?path=a.b"),
            }
        )
        {
            var answer = await viewer.Get($"{path}/{old}");
            (answer.Status, answer.Location).ShouldBe((HttpStatusCode.MovedPermanently, $"{path}/{now}"), old);
        }

        var all = await viewer.Get($"{path}/settings/all");
        MovedSettings.Sections.Select(one => one.Anchor).ShouldAllBe(anchor => all.Document.GetElementById(anchor) != null);
    }

    [Fact]
    public async Task Without_a_fresh_proof_a_page_that_gives_power_is_locked_and_the_others_are_not()
    {
        var app = await servers.Main.CreateApp();
        var account = await PortalAccount.Create(servers.Main, "editor");
        var editor = await (await account.AddAsMember(app.Id, "editor")).SignIn();
        var path = $"/portal/applications/{app.Id}/settings";
        (await editor.Get($"{path}/tokens")).Text.ShouldNotContain("fieldset class=\"settings locked\"");
        await account.LetProofExpire();
        foreach (var page in new[] { "sign-in", "second-factors", "metadata", "tokens", "messages" })
        {
            var locked = (await editor.Get($"{path}/{page}")).Text;
            locked.ShouldContain("class=\"settings locked\" disabled", Case.Sensitive, page);
            locked.ShouldContain($"/portal/confirm?returnUrl={Uri.EscapeDataString($"{path}/{page}")}", Case.Sensitive, page);
        }

        foreach (var page in new[] { "sign-up", "passwords", "limits", "compatibility" })
        {
            (await editor.Get($"{path}/{page}")).Text.ShouldNotContain("/portal/confirm", Case.Sensitive, page);
        }

        (await editor.Post($"{path}/limits", "settings", ("maxUsers", "77"))).Status.ShouldBe(HttpStatusCode.SeeOther);
    }

    [Fact]
    public async Task A_name_that_a_colleague_has_changed_meanwhile_is_told_and_what_was_typed_stays()
    {
        var app = await servers.Main.CreateApp();
        using var editor = await PortalVisitor.Member(app, "editor");
        var path = $"/portal/applications/{app.Id}/settings/general";
        var form = await editor.Open(path, "name");
        await app.Set("name=Theirs");
        var told = await editor.Send(path, form, ("name", "Mine"));
        told.Text("#field-name-error").ShouldContain("Somebody else changed this, to Theirs");
        told.Document.QuerySelector("#field-name")!.GetAttribute("value").ShouldBe("Mine");
        (await editor.Send(path, form, ("name", "Mine"), ("seen-name", "Theirs"))).Status.ShouldBe(HttpStatusCode.SeeOther);
    }

    [Fact]
    public async Task Fields_that_do_not_apply_are_hidden_and_a_line_says_what_would_show_them()
    {
        var app = await servers.Main.CreateApp();
        using var editor = await PortalVisitor.Member(app, "editor");
        var path = $"/portal/applications/{app.Id}/settings";
        var signUp = await editor.Get($"{path}/sign-up");
        signUp.Document.GetElementById("set-linkCompletes")!.HasAttribute("hidden").ShouldBeTrue();
        signUp.Text(".unshown:not([hidden])").ShouldContain("When “Signup flow” is “Link”, there are more: Signup link.");
        (await editor.Get($"{path}/messages")).Document.GetElementById("sms")!.HasAttribute("hidden").ShouldBeTrue();
        (await editor.Get($"{path}/messages?show=sms")).Document.GetElementById("sms")!.HasAttribute("hidden").ShouldBeFalse();
        await app.Set("signupFlow=link", "smsCodeLogin=1");
        (await editor.Get($"{path}/sign-up")).Document.GetElementById("set-linkCompletes")!.HasAttribute("hidden").ShouldBeFalse();
        (await editor.Get($"{path}/messages")).Document.GetElementById("sms")!.HasAttribute("hidden").ShouldBeFalse();
    }
}
