using System.Net;
using Latchkey.Tests.Api.Passkeys;
using Latchkey.Tests.Provider;

namespace Latchkey.Tests.HostedPages;

/// <summary>Who gets to the account pages, and what they show of an account.</summary>
public sealed class AccountEntryTests(ServerFixture servers)
{
    private const string Ann = AccountVisitor.Ann;

    [Fact]
    public async Task Nobody_signed_in_signs_in_and_comes_to_the_very_page()
    {
        var provider = await ProviderApp.Create(servers, AccountVisitor.Passkeys);
        await provider.App.CreateUser(Ann);
        foreach (var page in new[] { "account", "account/sessions", "account/passkeys", "account/profile", "account/apps" })
        {
            using var browser = new Browser(provider);
            var login = (await browser.Open(page)).ShouldBePage("login");
            login = await browser.Submit(login, "sign-in", ("handle", Ann), ("password", "wrong")); // the way back survives
            (await browser.SignIn(login, Ann)).ShouldBePage(page);
        }
    }

    [Fact]
    public async Task The_way_back_keeps_what_the_page_is_about()
    {
        var provider = await ProviderApp.Create(servers, AccountVisitor.Passkeys);
        using var phone = new SoftAuthenticator();
        (await (await provider.App.CreateUser(Ann)).AddPasskey(phone, "Key")).ShouldBeOk();
        var id = await provider.Installation.Query<string>("SELECT id FROM passkeys WHERE app_id = @Id", new { provider.Id });
        using var browser = new Browser(provider);
        var page = await browser.SignIn(await browser.Open($"account/passkeys/passkey?id={id}"), Ann);
        page.ShouldBePage("account/passkeys/passkey").Document.QuerySelector("#name")!.GetAttribute("value").ShouldBe("Key");
    }

    [Theory]
    [InlineData("https%3A%2F%2Fevil.example.com")]
    [InlineData("%2F%2Fevil.example.com")]
    [InlineData("account%2F..%2F..%2Fevil")]
    [InlineData("account/deleted")]
    [InlineData("account/proof")]
    [InlineData("Account")]
    [InlineData("account%0d%0aSet-Cookie:x=1")]
    [InlineData("account@evil.example.com")]
    [InlineData("account&continue=//evil.example.com")]
    public async Task Nothing_but_a_page_of_the_account_can_be_gone_on_to(string target)
    {
        using var ann = await AccountVisitor.Create(servers);
        (await ann.Open($"login?continue={target}")).ShouldBePage("login");
        await ann.Wait();
        var proof = (await ann.Open($"account/proof?continue={target}")).ShouldBePage("account/proof");
        (await ann.Prove(proof)).ShouldBePage("account");
    }

    [Fact]
    public async Task An_id_that_cannot_be_one_is_not_carried_along()
    {
        using var ann = await AccountVisitor.Create(servers, AccountVisitor.Passkeys);
        await ann.Wait();
        var proof = await ann.Open("account/passkeys/remove?id=%22%3E%3Cscript%3E%2F%2Fevil");
        proof.ShouldBePage("account/proof").Html.ShouldNotContain("evil");
        (await ann.Prove(proof)).ShouldBePage("account/passkeys").Url.Query.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_overview_says_who_it_is_and_shows_only_what_the_application_allows()
    {
        using var ann = await AccountVisitor.Create(servers, "twoFactorVerification=none");
        var page = await ann.Open("account");
        page.Text.ShouldContain(Ann);
        Sections(page).ShouldBe(["profile", "password", "sessions", "links", "apps", "data", "delete"]);
        await ann.Provider.App.Set("passkeysEnabled=1", "passkeyRpId=example.org", "secondFactorPolicy=optional");
        Sections(await ann.Open("account"))
            .ShouldBe(["profile", "password", "factors", "passkeys", "sessions", "links", "apps", "data", "delete"]);
    }

    [Theory]
    [InlineData("account/factors")]
    [InlineData("account/factors/authenticator")]
    [InlineData("account/factors/remove?id=otp")]
    [InlineData("account/recovery-codes")]
    [InlineData("account/recovery-codes/new")]
    [InlineData("account/phone")]
    [InlineData("account/phone/code")]
    [InlineData("account/passkeys")]
    [InlineData("account/passkeys/add")]
    [InlineData("account/passkeys/passkey?id=x")]
    [InlineData("account/passkeys/remove?id=x")]
    public async Task A_page_that_the_application_does_not_offer_leads_to_the_overview(string page)
    {
        using var ann = await AccountVisitor.Create(servers, "twoFactorVerification=none");
        (await ann.Open(page)).ShouldBePage("account");
        if (page != "account/passkeys") // which has no form
        {
            (await ann.Browser.Post(page, [])).ShouldBePage("account");
        }
    }

    [Fact]
    public async Task Without_the_setting_there_are_no_account_pages()
    {
        using var ann = await AccountVisitor.Create(servers);
        (await ann.Open("login")).Document.QuerySelector("a[href$='/account']").ShouldNotBeNull();
        await ann.Provider.App.Set("accountPages=0");
        foreach (var page in new[] { "account", "account/sessions", "account/data", "account/deleted" })
        {
            (await ann.Open(page)).Status.ShouldBe(HttpStatusCode.NotFound, page);
            (await ann.Browser.Post(page, [])).Status.ShouldNotBe(HttpStatusCode.OK, page);
        }

        (await ann.Open("login")).Document.QuerySelector("a[href$='/account']").ShouldBeNull();
    }

    [Fact]
    public async Task What_needs_attention_is_said()
    {
        using var ann = await AccountVisitor.Create(servers, "secondFactorPolicy=optional");
        (await ann.Open("account")).Text.ShouldContain("Set up a second factor");
        await ann.Installation.Execute("UPDATE users SET email_verified = FALSE WHERE app_id = @Id", new { ann.Provider.Id });
        (await ann.Open("account")).Text.ShouldContain("not confirmed");
    }

    [Fact]
    public async Task The_session_of_another_application_counts_nothing()
    {
        using var ann = await AccountVisitor.Create(servers);
        var other = await ProviderApp.Create(servers);
        await other.App.CreateUser(Ann);
        foreach (Cookie cookie in ann.Browser.Cookies.GetAllCookies())
        {
            ann.Browser.Cookies.Add(new Cookie(cookie.Name, cookie.Value, $"/apps/{other.Id}", cookie.Domain));
        }

        var page = await ann.Open($"{other.Issuer}/account");
        page.Away.ShouldBe($"{other.Issuer}/login?continue=account"); // the browser of the tests stays at its own
    }

    [Fact]
    public async Task A_session_that_is_over_opens_nothing()
    {
        using var ann = await AccountVisitor.Create(servers);
        var form = await ann.Open("account/profile");
        await ann.Installation.Execute("UPDATE sessions SET ended_at = 1 WHERE app_id = @Id", new { ann.Provider.Id });
        (await ann.Open("account/sessions")).ShouldBePage("login");
        (await ann.Browser.Post("account/sessions", [("action", "others")])).ShouldBePage("login");
        form.ShouldBePage("account/profile");
    }

    private static IEnumerable<string> Sections(Visit page) =>
        page.Document.QuerySelectorAll("nav a").Skip(1).Select(link => link.GetAttribute("href")!.Split('/')[^1]);
}
