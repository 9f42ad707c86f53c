using System.Net;
using AngleSharp.Dom;
using Latchkey.Provider.Clients;

namespace Latchkey.Tests.Provider;

/// <summary>The page on which users type the codes of devices (RFC 8628 §3.3, RFC 10027 §6), in a browser without scripts.</summary>
public sealed class DevicePageTests(ServerFixture servers)
{
    private const string Ann = "ann@example.com";

    [Fact]
    public async Task Row_8628_13_the_user_signs_in_types_the_code_and_sees_what_asks()
    {
        var app = await DeviceApp.Create(servers);
        using var browser = new Browser(app.Provider);
        var asked = await app.Ask();
        var page = (await browser.SignIn(await browser.Open("device"), Ann)).ShouldBePage("device");
        page.Text.ShouldContain(Ann);
        page = (await browser.Submit(page, null, ("user_code", asked.Text("user_code").ToLowerInvariant()))).ShouldBePage(
            "device/question"
        );
        page.Text.ShouldContain("Living room TV");
        page.Document.QuerySelectorAll("main li").Length.ShouldBe(3);
        page.Url.Query.ShouldBeEmpty();
        (await browser.Submit(page, "approve")).ShouldBePage("device/approved");
        (await app.Poll(asked)).Text("scope").ShouldBe(DeviceApp.Scope);
    }

    [Theory]
    [InlineData("approve", "device/approved", "Go back to your device")]
    [InlineData("decline", "device/declined", "The device got nothing")]
    public async Task Row_8628_15_after_the_decision_the_page_says_how_it_goes_on_at_the_device(string decision, string end, string text)
    {
        var app = await DeviceApp.Create(servers);
        using var browser = new Browser(app.Provider);
        var question = await OpenQuestion(app, browser, await app.Ask());
        var page = (await browser.Submit(question, decision)).ShouldBePage(end);
        page.Steps[0].ShouldBe(HttpStatusCode.SeeOther);
        page.Text.ShouldContain(text);
    }

    [Fact]
    public async Task Row_8628_14_the_complete_address_fills_the_code_in_and_opening_it_approves_nothing()
    {
        var app = await DeviceApp.Create(servers);
        using var browser = new Browser(app.Provider);
        var asked = await app.Ask();
        var page = await browser.SignIn(await browser.Open(asked.Text("verification_uri_complete")), Ann);
        page.ShouldBePage("device");
        page.Document.QuerySelector("#user_code")?.GetAttribute("value").ShouldBe(asked.Text("user_code"));
        page = await browser.Open(asked.Text("verification_uri_complete")); // signed in by now
        page.ShouldBePage("device");
        page = (await browser.Submit(page, null)).ShouldBePage("device/question");
        (await app.Poll(asked)).ShouldRefuse("authorization_pending");
        await browser.Submit(page, "approve");
        (await app.Poll(asked)).ShouldBeOk();
    }

    [Theory]
    [InlineData("%22%3E%3Cscript%3E")]
    [InlineData("AAAA-AAAA")]
    [InlineData("//evil.example.com")]
    public async Task A_code_in_the_address_that_is_none_is_not_shown(string code)
    {
        var app = await DeviceApp.Create(servers);
        using var browser = new Browser(app.Provider);
        var page = await browser.SignIn(await browser.Open($"device?user_code={code}"), Ann);
        page.ShouldBePage("device");
        page.Document.QuerySelector("#user_code")?.GetAttribute("value").ShouldBe("");
        page.Html.ShouldNotContain("evil");
    }

    [Theory]
    [InlineData("https%3A%2F%2Fevil.example.com")]
    [InlineData("%2F%2Fevil.example.com")]
    [InlineData("device%2F..%2F..%2Fevil")]
    [InlineData("Device")]
    public async Task Nothing_but_the_page_of_devices_can_be_gone_on_to_after_signing_in(string target)
    {
        var app = await DeviceApp.Create(servers);
        using var browser = new Browser(app.Provider);
        var page = await browser.SignIn(await browser.Open($"login?continue={target}"), Ann);
        page.Away.ShouldBeNull();
        page.ShouldBePage("login");
    }

    [Fact]
    public async Task Row_247_05_decline_is_as_visible_as_approve_and_comes_first()
    {
        var app = await DeviceApp.Create(servers);
        using var browser = new Browser(app.Provider);
        var asked = await app.Ask();
        var page = await OpenQuestion(app, browser, asked);
        var buttons = page.Document.QuerySelectorAll("main button");
        buttons.Select(button => button.GetAttribute("value")).ShouldBe(["decline", "approve"]);
        buttons.Select(button => button.ClassName ?? "").Distinct().Count().ShouldBe(1);
        (await browser.Submit(page, "decline")).ShouldBePage("device/declined");
        (await app.Poll(asked)).ShouldRefuse("access_denied");
    }

    [Fact]
    public async Task Row_8628_11_a_wrong_code_is_said_and_after_five_the_page_says_to_wait()
    {
        var limited = new ProviderApp(await App.CreateRsa(servers.Main, ["signupFlow=none"]));
        await limited.App.CreateUser(Ann);
        using var browser = new Browser(limited);
        var page = await browser.SignIn(await browser.Open("device"), Ann);
        for (var i = 0; i < 5; i++)
        {
            page = await browser.Submit(page, null, ("user_code", $"BBBB-BBB{"CDFGH"[i]}"));
            page.ShouldBePage("device").Status.ShouldBe(HttpStatusCode.BadRequest);
            page.Text.ShouldContain("No device waits with this code");
        }

        page = await browser.Submit(page, null, ("user_code", "BBBB-BBBJ"));
        page.Status.ShouldBe(HttpStatusCode.TooManyRequests);
        page.Text.ShouldContain("too many attempts");
    }

    [Fact]
    public async Task Row_8628_26_the_back_button_and_a_second_tab_decide_nothing_more()
    {
        var app = await DeviceApp.Create(servers);
        using var browser = new Browser(app.Provider);
        var asked = await app.Ask();
        var page = await OpenQuestion(app, browser, asked);
        (await browser.Submit(page, "decline")).ShouldBePage("device/declined");
        var again = (await browser.Submit(page, "approve")).ShouldBePage("device");
        again.Status.ShouldBe(HttpStatusCode.BadRequest);
        (await browser.Open("device/question")).ShouldBePage("device");
        (await app.Poll(asked)).ShouldRefuse("access_denied");
    }

    [Fact]
    public async Task Row_8628_26_without_a_session_the_page_asks_to_sign_in_and_a_form_of_another_site_does_nothing()
    {
        var app = await DeviceApp.Create(servers);
        using var browser = new Browser(app.Provider);
        using var stranger = new Browser(app.Provider);
        var asked = await app.Ask();
        var page = await OpenQuestion(app, browser, asked);
        var form = Browser.FieldsOf(page, "approve").ToList();
        (await stranger.Post("device/question", form)).ShouldBePage("login");
        (await browser.Post("device/question", form, origin: "https://evil.example.com")).ShouldBePage("device");
        (await browser.Post("device/question", [.. form.Where(field => field.Name != "form-key")])).ShouldBePage("device");
        (await browser.Post("device/question", [.. form.Where(field => field.Name != "action"), ("action", "")])).ShouldBePage("device");
        (await app.Poll(asked)).ShouldRefuse("authorization_pending");
    }

    [Fact]
    public async Task Row_247_04_the_page_says_what_is_asked_by_which_device_from_where_and_to_decline()
    {
        var app = await DeviceApp.Create(servers);
        using var browser = new Browser(app.Provider);
        var asked = await app.Provider.Post(
            "device_authorization",
            [("client_id", app.Client.Id), ("scope", "openid email")],
            ("User-Agent", "Mozilla/5.0 (Linux; Android 14) Chrome/1<b>")
        );
        var page = await OpenQuestion(app, browser, asked);
        page.Heading.ShouldContain("Living room TV");
        page.Text.ShouldContain("Chrome on Android");
        page.Text.ShouldContain("127.0.0.1");
        page.Text.ShouldContain("Did you start this");
        page.Text.ShouldContain("decline");
        page.Text.ShouldNotContain("Warning");
        page.Html.ShouldNotContain("<b>");
    }

    [Fact]
    public async Task Row_247_03_the_page_warns_when_the_device_is_in_another_network()
    {
        var app = await DeviceApp.Create(servers);
        using var browser = new Browser(app.Provider);
        var far = app with { Provider = new ProviderApp(app.Provider.App.WithAddress("127.0.0.88")) };
        var page = await OpenQuestion(app, browser, await far.Ask());
        page.Document.QuerySelector("[role=alert]").ShouldNotBeNull().TextContent.ShouldContain("another network");
    }

    [Fact]
    public async Task Row_247_06_the_page_says_so_when_the_device_is_this_very_browser()
    {
        var app = await DeviceApp.Create(servers);
        const string userAgent = "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0";
        using var browser = new Browser(app.Provider, userAgent: userAgent);
        var asked = await app.Provider.Post(
            "device_authorization",
            [("client_id", app.Client.Id), ("scope", "openid")],
            ("User-Agent", userAgent)
        );
        (await OpenQuestion(app, browser, asked)).Text.ShouldContain("safer to sign in there without a code");
    }

    [Fact]
    public async Task Row_247_02_the_page_cannot_be_framed_or_stored()
    {
        var app = await DeviceApp.Create(servers);
        using var browser = new Browser(app.Provider);
        var page = await OpenQuestion(app, browser, await app.Ask());
        page.Headers["X-Frame-Options"].ShouldBe("DENY");
        page.Headers["Content-Security-Policy"].ShouldContain("frame-ancestors 'none'");
        page.Headers["Cache-Control"].ShouldBe("no-store");
    }

    [Fact]
    public async Task Row_8628_23_the_metadata_has_the_endpoint_and_the_grant_once_a_client_has_it()
    {
        var with = await DeviceApp.Create(servers);
        var metadata = await Metadata(with.Provider);
        metadata.Text("device_authorization_endpoint").ShouldBe(with.Provider.Address("device_authorization"));
        GrantsOf(metadata).ShouldContain(GrantType.DeviceCode);
        var without = await Metadata(await ProviderApp.Create(servers));
        without.Has("device_authorization_endpoint").ShouldBeFalse();
        GrantsOf(without).ShouldNotContain(GrantType.DeviceCode);

        static Task<Reply> Metadata(ProviderApp provider) =>
            provider.App.Server.Get($"/apps/{provider.Id}/.well-known/openid-configuration");

        static IEnumerable<string?> GrantsOf(Reply reply) =>
            reply.Json.GetProperty("grant_types_supported").EnumerateArray().Select(one => one.GetString());
    }

    [Fact]
    public async Task Row_8628_24_the_code_lives_ten_minutes()
    {
        var app = await DeviceApp.Create(servers);
        using var browser = new Browser(app.Provider);
        var asked = await app.Ask();
        var page = await OpenQuestion(app, browser, asked);
        await app.Pass(TimeSpan.FromSeconds(601));
        (await browser.Submit(page, "approve")).ShouldBePage("device").Status.ShouldBe(HttpStatusCode.BadRequest);
        (await app.Poll(asked)).ShouldRefuse("expired_token");
    }

    private static async Task<Visit> OpenQuestion(DeviceApp app, Browser browser, Reply asked)
    {
        var page = await browser.Open(asked.Text("verification_uri_complete"));
        page = page.Page == "login" ? await browser.SignIn(page, Ann) : page;
        return (await browser.Submit(page, null)).ShouldBePage("device/question");
    }
}
