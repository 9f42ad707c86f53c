using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using AngleSharp.Dom;
using Latchkey.Tests.Api.Passkeys;
using Latchkey.Tests.Provider;
using static Latchkey.Tests.HostedPages.PageVisitor;

namespace Latchkey.Tests.HostedPages;

/// <summary>Passkeys on the hosted pages, with an authenticator in the place of the browser's.</summary>
public sealed class PasskeyPageTests(ServerFixture servers)
{
    private const string Origin = "http://localhost:5400";

    [Fact]
    public async Task A_passkey_signs_in_without_a_name()
    {
        using var visitor = await WithPasskeys(servers, "signupFlow=none");
        using var phone = await AddPasskey(visitor);
        var login = (await visitor.Authorize()).ShouldBePage("login");
        login.Document.QuerySelector("#handle")!.GetAttribute("autocomplete").ShouldBe("username webauthn");
        login.Headers["Content-Security-Policy"].ShouldEndWith("script-src 'self'");
        login.Headers["Content-Security-Policy"].ShouldNotContain("connect-src");
        login.Document.QuerySelector("form[data-passkey]")!.HasAttribute("hidden").ShouldBeTrue(); // until the script has looked
        (await Sign(visitor, login, phone)).ShouldHaveCode(visitor.Provider);
    }

    [Fact]
    public async Task An_answer_works_once_and_in_its_browser_and_application_only()
    {
        using var visitor = await WithPasskeys(servers, "signupFlow=none");
        using var phone = await AddPasskey(visitor);
        var login = await visitor.Authorize();
        var fields = Signed(login, phone);
        (await visitor.Browser.Post(login.Url.AbsoluteUri, fields, "https://evil.example")).Text.ShouldContain("Please try again");
        (await visitor.Browser.Post(login.Url.AbsoluteUri, fields)).ShouldHaveCode(visitor.Provider);
        (await visitor.App.CausesOf("passkeyLogin")).ShouldBeEmpty();
        var again = await visitor.Authorize(("prompt", "login"));
        var reused = fields.Select(field => field.Name == "form-key" ? Key(again) : field);
        (await visitor.Browser.Post(again.Url.AbsoluteUri, reused)).ShouldBePage("login").Text.ShouldContain("No passkey was used");
        (await visitor.App.CausesOf("passkeyLogin")).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_wrong_answer_an_unknown_passkey_and_none_look_alike()
    {
        using var visitor = await WithPasskeys(servers, "signupFlow=none");
        using var phone = await AddPasskey(visitor);
        using var stranger = new SoftAuthenticator { Origin = Origin, UserHandle = [1, 2, 3] };
        foreach (
            var change in new Action<SoftAuthenticator>[] { key => key.Origin = "https://evil.example", key => key.UserVerified = false }
        )
        {
            change(phone);
            (await Sign(visitor, await visitor.Authorize(), phone)).ShouldBePage("login").Text.ShouldContain("No passkey was used");
            (phone.Origin, phone.UserVerified) = (Origin, true);
        }

        (await Sign(visitor, await visitor.Authorize(), stranger)).ShouldBePage("login").Text.ShouldContain("No passkey was used");
        foreach (var credential in new[] { "", "{}", "[]", "not json", new string('x', 5000) })
        {
            var login = await visitor.Authorize();
            var fields = Signed(login, phone).Select(field => field.Name == "credential" ? (field.Name, credential) : field);
            (await visitor.Browser.Post(login.Url.AbsoluteUri, fields)).ShouldBePage("login").Text.ShouldContain("No passkey was used");
        }

        visitor.Browser.Cookie("latchkey-session").ShouldBeNull();
    }

    [Fact]
    public async Task Where_the_pages_are_no_origin_of_the_application_nothing_is_shown_or_taken()
    {
        using var visitor = await WithPasskeys(servers, "signupFlow=none", "passwordOptional=0", "passkeyOrigins=https://app.example.com");
        await visitor.App.CreateUser(Ann);
        var login = await visitor.Authorize();
        ShouldHaveNothing(login);
        var fields = Browser.FieldsOf(login, null).Concat([("action", "passkey"), ("requestToken", "x"), ("credential", "{}")]);
        (await visitor.Browser.Post(login.Url.AbsoluteUri, fields)).ShouldBePage("login").Text.ShouldContain("No passkey was used");
        (await visitor.Browser.Submit(login, "sign-in", ("handle", Ann), ("password", App.Password), ("passkeys", "1"))).ShouldHaveCode(
            visitor.Provider
        );
        await visitor.App.Set("passkeysEnabled=0", "passkeyOrigins=");
        ShouldHaveNothing(await visitor.Authorize(("prompt", "login")));

        static void ShouldHaveNothing(Visit visit)
        {
            visit.Document.QuerySelectorAll("script, [data-passkey], [name=passkeys]").ShouldBeEmpty();
            visit.Document.QuerySelector("#handle")!.GetAttribute("autocomplete").ShouldBe("username");
            visit.Text.ShouldNotContain("passkey");
        }
    }

    [Fact]
    public async Task After_a_password_a_browser_with_passkeys_is_offered_one()
    {
        using var visitor = await WithPasskeys(servers, "signupFlow=none");
        await visitor.App.CreateUser(Ann);
        (await SignIn(visitor, canMakePasskey: false)).ShouldHaveCode(visitor.Provider);
        var offer = (await SignIn(visitor, canMakePasskey: true)).ShouldBePage("login/passkey");
        offer.Text.ShouldContain("Not now");
        (await visitor.Browser.Submit(offer, "later")).ShouldHaveCode(visitor.Provider);

        var second = (await SignIn(visitor, canMakePasskey: true)).ShouldBePage("login/passkey");
        using var phone = new SoftAuthenticator { Origin = Origin };
        (await Register(visitor, second, phone)).ShouldHaveCode(visitor.Provider);
        (await SignIn(visitor, canMakePasskey: true)).ShouldHaveCode(visitor.Provider); // has one now
        (await Sign(visitor, await visitor.Authorize(("prompt", "login")), phone)).ShouldHaveCode(visitor.Provider);
        (await visitor.App.MailKinds(Ann)).ShouldContain("passkeyAdded");
    }

    [Fact]
    public async Task Whoever_wants_no_offer_gets_none_in_this_browser()
    {
        using var visitor = await WithPasskeys(servers, "signupFlow=none");
        await visitor.App.CreateUser(Ann);
        var offer = (await SignIn(visitor, canMakePasskey: true)).ShouldBePage("login/passkey");
        (await visitor.Browser.Submit(offer, "never")).ShouldHaveCode(visitor.Provider);
        (await SignIn(visitor, canMakePasskey: true)).ShouldHaveCode(visitor.Provider);
    }

    [Fact]
    public async Task A_passkey_that_is_no_answer_to_the_offer_is_not_kept()
    {
        using var visitor = await WithPasskeys(servers, "signupFlow=none");
        await visitor.App.CreateUser(Ann);
        var offer = await SignIn(visitor, canMakePasskey: true);
        using var phone = new SoftAuthenticator { Origin = "https://evil.example" };
        (await Register(visitor, offer, phone)).ShouldBePage("login/passkey").Text.ShouldContain("No passkey was used");
        (
            await visitor.Provider.Installation.Query<int>("SELECT COUNT(*) FROM passkeys WHERE app_id = @Id", new { visitor.Provider.Id })
        ).ShouldBe(0);
    }

    [Fact]
    public async Task Somebody_signs_up_with_a_passkey_alone()
    {
        using var visitor = await WithPasskeys(servers, "passwordOptional=1");
        var page = await visitor.OpenSignUp();
        var mailed = (await visitor.Browser.Submit(page, "passwordless", ("handle", Ann))).ShouldBePage("signup/mail");
        var code = Code(await visitor.NewestMail(Ann));
        var offer = (await visitor.Browser.Submit(mailed, "code", ("code", code))).ShouldBePage("login/passkey");
        using var phone = new SoftAuthenticator { Origin = Origin };
        (await Register(visitor, offer, phone)).ShouldHaveCode(visitor.Provider);
        (await Sign(visitor, await visitor.Authorize(("prompt", "login")), phone)).ShouldHaveCode(visitor.Provider);
        (await visitor.App.TryLogin(Ann)).ShouldFailWith(600);
    }

    [Fact]
    public async Task A_passkey_is_set_up_as_second_factor_and_asked_for()
    {
        using var visitor = await WithPasskeys(servers, "signupFlow=none", "secondFactors=passkey", "secondFactorPolicy=required");
        await visitor.App.CreateUser(Ann);
        using var phone = new SoftAuthenticator { Origin = Origin };
        var enroll = (await SignIn(visitor, canMakePasskey: true)).ShouldBePage("login/factor");
        var codes = (await Register(visitor, enroll, phone)).ShouldBePage("login/recovery-codes");
        var recovery = codes.Document.QuerySelector(".codes li")!.TextContent;
        (await visitor.Browser.Submit(codes, null)).ShouldHaveCode(visitor.Provider);

        var factor = (await SignIn(visitor, canMakePasskey: true)).ShouldBePage("login/factor");
        factor.Document.QuerySelector("[data-without-passkeys]").ShouldNotBeNull(); // for browsers without scripts
        var wrong = (await visitor.Browser.Post(factor.Url.AbsoluteUri, Tampered(factor, phone))).ShouldBePage("login/factor");
        wrong.Text.ShouldContain("No passkey was used");
        (await Sign(visitor, wrong, phone)).ShouldHaveCode(visitor.Provider);

        var other = (await SignIn(visitor, canMakePasskey: true)).ShouldBePage("login/factor");
        var typed = await visitor.Browser.Open(other.Document.QuerySelector("a[href*='method=recovery']")!.GetAttribute("href")!);
        (await visitor.Browser.Submit(typed, null, ("code", recovery))).ShouldHaveCode(visitor.Provider);
    }

    private static async Task<SoftAuthenticator> AddPasskey(PageVisitor visitor)
    {
        var phone = new SoftAuthenticator { Origin = Origin };
        (await (await visitor.App.CreateUser(Ann)).AddPasskey(phone)).ShouldBeOk();
        return phone;
    }

    private static async Task<Visit> SignIn(PageVisitor visitor, bool canMakePasskey)
    {
        var login = (await visitor.Authorize(("prompt", "login"))).ShouldBePage("login");
        return await visitor.Browser.Submit(
            login,
            "sign-in",
            ("handle", Ann),
            ("password", App.Password),
            ("passkeys", canMakePasskey ? "1" : "")
        );
    }

    private static Task<Visit> Sign(PageVisitor visitor, Visit page, SoftAuthenticator phone) =>
        visitor.Browser.Post(page.Url.AbsoluteUri, Signed(page, phone));

    private static Task<Visit> Register(PageVisitor visitor, Visit page, SoftAuthenticator phone) =>
        visitor.Browser.Post(page.Url.AbsoluteUri, Filled(page, phone.Register(Asked(page))));

    private static (string Name, string Value)[] Signed(Visit page, SoftAuthenticator phone) => Filled(page, phone.Sign(Asked(page)));

    private static (string Name, string Value)[] Tampered(Visit page, SoftAuthenticator phone)
    {
        phone.Origin = "https://evil.example";
        var fields = Signed(page, phone);
        phone.Origin = Origin;
        return fields;
    }

    /// <summary>What the script would send.</summary>
    private static (string Name, string Value)[] Filled(Visit page, string credential) =>
        [
            .. FormOf(page)
                .QuerySelectorAll("input[type=hidden]")
                .Select(input => (input.GetAttribute("name")!, input.GetAttribute("value") ?? ""))
                .Select(field => field.Item1 == "credential" ? (field.Item1, credential) : field),
        ];

    /// <summary>As the API answers it.</summary>
    private static JsonElement Asked(Visit page) =>
        JsonSerializer.SerializeToElement(new JsonObject { ["options"] = JsonNode.Parse(FormOf(page).GetAttribute("data-options")!) });

    private static (string Name, string Value) Key(Visit page) =>
        ("form-key", FormOf(page).QuerySelector("[name=form-key]")!.GetAttribute("value")!);

    private static IElement FormOf(Visit page) =>
        page.Document.QuerySelector("form[data-passkey]") ?? throw new InvalidOperationException($"no passkey is asked for: {page.Text}");
}
