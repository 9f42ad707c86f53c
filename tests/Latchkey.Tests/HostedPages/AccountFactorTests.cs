using Latchkey.Tests.Provider;

namespace Latchkey.Tests.HostedPages;

/// <summary>Second factors and recovery codes on the account pages.</summary>
public sealed class AccountFactorTests(ServerFixture servers)
{
    private const string Ann = AccountVisitor.Ann;
    private static readonly string[] Optional = ["secondFactorPolicy=optional", "secondFactors=authenticator,sms", "rememberDeviceDays=30"];

    [Fact]
    public async Task An_authenticator_app_is_on_after_its_first_code_and_gives_recovery_codes_once()
    {
        using var ann = await AccountVisitor.Create(servers, Optional);
        var page = await ann.Submit(await ann.Open("account/factors/authenticator"), "start");
        page.ShouldBePage("account/factors/authenticator")
            .Document.QuerySelector(".picture img")!
            .GetAttribute("src")!
            .ShouldStartWith("data:image/png;base64,");
        var key = page.Document.QuerySelector(".key")!.TextContent;
        var app = new Authenticator(key);
        page = (await ann.Submit(page, "confirm", ("code", app.WrongCode()))).ShouldRefuse("wrong or has expired");
        (await ann.Count("users", "two_factor_google = TRUE")).ShouldBe(0);
        page = (await ann.Submit(page, "confirm", ("code", app.Code()))).ShouldBePage("account/recovery-codes/new");
        page.ShouldSay("The second factor is on.").Document.QuerySelectorAll(".codes li").Length.ShouldBe(10);
        (await ann.Provider.App.MailKinds(Ann)).ShouldContain("secondFactorOn");
        (await ann.Provider.App.Mails(Ann)).ShouldAllBe(mail => !mail.Text.Contains(key.Replace(" ", "")) && !mail.Text.Contains(key));
        page = (await ann.Submit(page, null)).ShouldBePage("account/factors");
        page.Text.ShouldContain("Codes left: 10");
        (await ann.Open("account/recovery-codes/new")).ShouldBePage("account/factors"); // once
        (await ann.Open("account/factors/authenticator")).Html.ShouldNotContain(key);
    }

    [Fact]
    public async Task Under_a_policy_a_proof_is_a_factor_and_every_kind_of_it_works()
    {
        using var ann = await AccountVisitor.Create(servers, Optional);
        var (app, codes) = await AddAuthenticator(ann);
        await ann.Wait();
        var page = (await ann.Open("account/recovery-codes")).ShouldBePage("account/proof");
        page.Document.QuerySelector("input[type=password]").ShouldBeNull();
        page = (await ann.Submit(page, null, ("code", app.WrongCode()))).ShouldRefuse("That was not right");
        await ann.Provider.App.ResetTotpSteps(Ann);
        (await ann.Submit(page, null, ("code", app.Code()))).ShouldBePage("account/recovery-codes");
        await ann.Wait();
        page = await ann.Open("account/proof?continue=account/recovery-codes&method=recovery");
        page = await ann.Submit(page, null, ("code", codes[0]));
        page = (await ann.Submit(page.ShouldBePage("account/recovery-codes"), null)).ShouldBePage("account/recovery-codes/new");
        page.Document.QuerySelectorAll(".codes li").Select(code => code.TextContent).ShouldNotContain(codes[1]);
    }

    [Fact]
    public async Task A_code_by_sms_proves_where_it_is_the_factor()
    {
        using var ann = await AccountVisitor.Create(servers, Optional);
        await AddPhone(ann);
        (await ann.Submit(await ann.Open("account/factors"), "sms-on"))
            .ShouldBePage("account/factors")
            .ShouldSay("The second factor is on.");
        var page = (await ann.Open("account/delete")).ShouldBePage("account/proof"); // the sign-in had no factor
        page = await ann.Submit(page, "send");
        page = (await ann.Submit(page, null, ("code", "000000"))).ShouldRefuse("That was not right");
        page.Document.QuerySelector("#code").ShouldNotBeNull(); // the code that was sent still counts
        (await ann.Submit(page, null, ("code", await ann.Provider.App.LastCodeFor("+14155550101")))).ShouldBePage("account/delete");
    }

    [Fact]
    public async Task Factors_are_removed_but_not_the_last_one_where_one_is_required()
    {
        using var ann = await AccountVisitor.Create(servers, Optional);
        await AddAuthenticator(ann);
        await AddPhone(ann);
        await ann.Submit(await ann.Open("account/factors"), "sms-on");
        await ann.Provider.App.Set("secondFactorPolicy=required");
        var page = (await ann.Open("account/factors/remove?id=otp")).ShouldBePage("account/factors/remove");
        (await ann.Submit(page, null)).ShouldBePage("account/factors").ShouldSay("The second factor is removed.");
        page = (await ann.Open("account/factors/remove?id=sms")).ShouldBePage("account/factors/remove");
        (await ann.Submit(page, null)).ShouldRefuse("You need at least one second factor here");
        (await ann.Count("users", "two_factor_phone = TRUE")).ShouldBe(1);
        (await ann.Provider.App.MailKinds(Ann)).ShouldContain("secondFactorOff");
        (await ann.Open("account/factors/remove?id=passkey")).ShouldBePage("account/factors");
    }

    [Fact]
    public async Task Without_a_policy_the_contracts_factor_is_switched_on_and_off()
    {
        using var ann = await AccountVisitor.Create(servers, "twoFactorVerification=google");
        var page = await ann.Submit(await ann.Open("account/factors/authenticator"), "start");
        var app = new Authenticator(page.Document.QuerySelector(".key")!.TextContent);
        (await ann.Submit(page, "confirm", ("code", app.Code()))).ShouldBePage("account/factors").ShouldSay("The second factor is on.");
        (await ann.Provider.App.TryLogin(Ann)).Json.TryGetProperty("login-token", out _).ShouldBeTrue();
        page = await ann.Open("account/factors/remove?id=otp");
        (await ann.Submit(page, null)).ShouldBePage("account/factors");
        (await ann.Provider.App.TryLogin(Ann)).Json.TryGetProperty("access-token", out _).ShouldBeTrue();
        (await ann.Open("account/recovery-codes")).ShouldBePage("account");
    }

    [Fact]
    public async Task A_key_of_another_session_is_not_taken()
    {
        using var ann = await AccountVisitor.Create(servers, Optional);
        using var other = await AccountVisitor.SignIn(ann.Provider, Ann);
        var page = await ann.Submit(await ann.Open("account/factors/authenticator"), "start");
        var app = new Authenticator(page.Document.QuerySelector(".key")!.TextContent);
        foreach (System.Net.Cookie cookie in ann.Browser.Cookies.GetAllCookies())
        {
            if (cookie.Name.EndsWith("account-step", StringComparison.Ordinal))
            {
                other.Browser.Cookies.Add(new System.Net.Cookie(cookie.Name, cookie.Value, cookie.Path, cookie.Domain));
            }
        }

        page = await other.Open("account/factors/authenticator");
        page.Document.QuerySelector(".key").ShouldBeNull();
        await other.Submit(page, "start", ("code", app.Code()));
        (await ann.Count("users", "two_factor_google = TRUE")).ShouldBe(0);
    }

    [Fact]
    public async Task Remembered_devices_are_listed_and_forgotten()
    {
        using var ann = await AccountVisitor.Create(servers, Optional);
        await AddAuthenticator(ann);
        await ann.Installation.Execute(
            """
            INSERT INTO remembered_devices (app_id, id, user_id, token_hash, device_name, client, created_at, expires_at)
            SELECT app_id, 'd1', id, 'h1', @name, '127.0.0.1', @now, @now + 86400000 FROM users WHERE app_id = @Id
            """,
            new
            {
                ann.Provider.Id,
                name = "<script>alert(1)</script>",
                now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(),
            }
        );
        var page = await ann.Open("account/factors");
        page.Document.QuerySelector("script").ShouldBeNull();
        page.Text.ShouldContain("<script>alert(1)</script>");
        (await ann.Submit(page, "forget")).ShouldSay("All remembered devices are forgotten.").Text.ShouldNotContain("alert(1)");
        (await ann.Count("remembered_devices")).ShouldBe(0);
    }

    private static async Task<(Authenticator App, string[] Codes)> AddAuthenticator(AccountVisitor ann)
    {
        var page = await ann.Submit(await ann.Open("account/factors/authenticator"), "start");
        var app = new Authenticator(page.Document.QuerySelector(".key")!.TextContent);
        page = (await ann.Submit(page, "confirm", ("code", app.Code()))).ShouldBePage("account/recovery-codes/new");
        string[] codes = [.. page.Document.QuerySelectorAll(".codes li").Select(code => code.TextContent)];
        await ann.Submit(page, null);
        return (app, codes);
    }

    private static async Task AddPhone(AccountVisitor ann)
    {
        var page = await ann.Submit(await ann.Open("account/phone"), null, ("phone", "+14155550101"));
        var code = await ann.Provider.App.LastCodeFor("+14155550101");
        (await ann.Submit(page.ShouldBePage("account/phone/code"), null, ("code", code))).ShouldBePage("account/profile");
    }
}
