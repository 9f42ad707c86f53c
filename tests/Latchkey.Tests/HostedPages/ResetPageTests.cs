using System.Net;
using Latchkey.Tests.Provider;
using static Latchkey.Tests.HostedPages.PageVisitor;

namespace Latchkey.Tests.HostedPages;

/// <summary>A forgotten password on the hosted pages, by code and by link.</summary>
public sealed class ResetPageTests(ServerFixture servers)
{
    [Fact]
    public async Task A_code_and_a_new_password_lead_to_the_sign_in_and_to_the_client()
    {
        using var visitor = await WithUser();
        var reset = await Forget(visitor, Ann);
        var mail = await visitor.NewestMail(Ann);
        var wrong = (await Save(visitor, reset, App.WrongCodeFor(Code(mail)))).ShouldBePage("reset");
        wrong.Text.ShouldContain("The code is wrong");
        var weak = (await Save(visitor, wrong, Code(mail), "short")).ShouldBePage("reset");
        weak.Text.ShouldContain("does not follow the rules");
        weak.Document.QuerySelector("#code")!.HasAttribute("aria-invalid").ShouldBeFalse();
        var login = (await Save(visitor, weak, Code(mail))).ShouldBePage("login");
        login.Status.ShouldBe(HttpStatusCode.OK);
        login.Document.QuerySelector("[role=status]")!.TextContent.ShouldContain("Your password is changed");
        login.Document.QuerySelector("#handle")!.GetAttribute("value").ShouldBe(Ann);
        (await visitor.Browser.SignIn(login, Ann, NewPassword)).ShouldHaveCode(visitor.Provider);
        (await visitor.App.TryLogin(Ann)).ShouldFailWith(600);
        visitor.Browser.Cookie("latchkey-reset").ShouldBeNull();
    }

    [Fact]
    public async Task The_link_opens_the_page_that_asks_for_the_password_alone()
    {
        using var visitor = await WithUser();
        await Forget(visitor, Ann);
        var link = Link(await visitor.NewestMail(Ann));
        link.ShouldStartWith($"{visitor.Provider.Issuer}/reset?");
        using var other = visitor.Elsewhere();
        var elsewhere = (await other.Browser.Open(link)).ShouldBePage("reset");
        elsewhere.Document.QuerySelector("#code").ShouldBeNull();
        (await other.Browser.Submit(elsewhere, "save", ("password", "short"))).Text.ShouldContain("does not follow the rules");

        // In the browser that asked, the client's request is still there.
        var here = (await visitor.Browser.Open(link)).ShouldBePage("reset");
        var login = (await visitor.Browser.Submit(here, "save", ("password", NewPassword))).ShouldBePage("login");
        (await visitor.Browser.SignIn(login, Ann, NewPassword)).ShouldHaveCode(visitor.Provider);
        (await other.Browser.Submit(elsewhere, "save", ("password", "yet another battery")))
            .ShouldBePage("reset")
            .Text.ShouldContain("This link was used or has expired");
        (await visitor.App.TryLogin(Ann, NewPassword)).ShouldBeOk();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Nobody_learns_who_has_an_account_but_its_owner(int hides)
    {
        const string stranger = "not@example.com";
        using var visitor = await WithUser();
        await visitor.App.Set("signupFlow=code", $"hideAccountExistence={hides}");
        using var other = visitor.Elsewhere();
        var (known, unknown) = (await Forget(visitor, Ann), await Forget(other, stranger));
        ShouldBeAlike(known, unknown);
        ShouldBeAlike(await visitor.Browser.Submit(known, "again"), await other.Browser.Submit(unknown, "again"));
        ShouldBeAlike(await Save(visitor, known, "123456"), await Save(other, unknown, "123456"));
        await visitor.App.WaitForDeferredWork();
        (await visitor.App.MailKinds(Ann)).Count(kind => kind == "resetPassword").ShouldBe(2);
        (await visitor.App.Mails(stranger)).ShouldBeEmpty();
        (await visitor.App.TryLogin(Ann)).ShouldBeOk();

        static void ShouldBeAlike(Visit known, Visit unknown)
        {
            unknown.Status.ShouldBe(known.Status);
            WithoutKeys(unknown).Replace(stranger, Ann, StringComparison.Ordinal).ShouldBe(WithoutKeys(known));
        }
    }

    [Fact]
    public async Task A_used_an_expired_and_a_foreign_code_are_refused()
    {
        using var visitor = await WithUser();
        await visitor.App.CreateUser("bob@example.com");
        using var bob = visitor.Elsewhere();
        var reset = await Forget(visitor, Ann);
        var used = Code(await visitor.NewestMail(Ann));
        var bobs = await Forget(bob, "bob@example.com");
        (await Save(bob, bobs, used)).Text.ShouldContain("The code is wrong");
        await Save(visitor, reset, used);
        var again = await Forget(visitor, Ann);
        (await Save(visitor, again, used, "yet another battery")).Text.ShouldContain("The code is wrong");
        var expired = Code(await visitor.NewestMail(Ann));
        await visitor.Provider.Installation.Execute("UPDATE user_codes SET expires_at = 1 WHERE app_id = @Id", new { visitor.Provider.Id });
        (await Save(visitor, again, expired, "yet another battery")).Text.ShouldContain("The code is wrong");
        (await visitor.App.TryLogin(Ann, NewPassword)).ShouldBeOk();
    }

    [Fact]
    public async Task Five_codes_can_be_tried_and_the_link_still_works()
    {
        using var visitor = await WithLimits(servers, "signupFlow=none");
        await visitor.App.CreateUser(Ann);
        var page = await Forget(visitor, Ann);
        var mail = await visitor.NewestMail(Ann);
        for (var i = 0; i < 5; i++)
        {
            page = (await Save(visitor, page, App.WrongCodeFor(Code(mail)))).ShouldBePage("reset");
        }

        var late = (await Save(visitor, page, Code(mail))).ShouldBePage("reset");
        late.Status.ShouldBe(HttpStatusCode.TooManyRequests);
        late.Text.ShouldContain("too many attempts");
        var link = await visitor.Browser.Open(Link(mail));
        (await visitor.Browser.Submit(link, "save", ("password", NewPassword))).ShouldBePage("login");
        (await visitor.App.TryLogin(Ann, NewPassword)).ShouldBeOk();
    }

    [Fact]
    public async Task Another_mail_is_sent_on_request_and_not_at_once()
    {
        using var visitor = await WithLimits(servers, "signupFlow=none");
        await visitor.App.CreateUser(Ann);
        await visitor.App.ForgetMessages();
        var page = await Forget(visitor, Ann);
        var refused = (await visitor.Browser.Submit(page, "again")).ShouldBePage("reset");
        refused.Status.ShouldBe(HttpStatusCode.TooManyRequests);
        refused.Text.ShouldContain("Try again in");
        await visitor.App.WaitForDeferredWork();
        await visitor.App.ForgetMessages();
        (await visitor.Browser.Submit(refused, "again")).Text.ShouldContain("on its way once more");
        await visitor.App.WaitForDeferredWork();
        (await visitor.App.MailKinds(Ann)).Count(kind => kind == "resetPassword").ShouldBe(2);
    }

    [Fact]
    public async Task A_second_factor_stays_and_is_asked_for()
    {
        using var visitor = await WithUser("twoFactorVerification=google", "resetKeepsTwoFactor=1");
        await visitor.Provider.Installation.Execute(
            "UPDATE users SET email_verified = @yes WHERE app_id = @Id",
            new { visitor.Provider.Id, yes = true }
        );
        var authenticator = await (await visitor.App.Login(Ann)).EnableAuthenticator();
        await visitor.App.ResetTotpSteps(Ann);
        var reset = await Forget(visitor, Ann);
        var login = await Save(visitor, reset, Code(await visitor.NewestMail(Ann)));
        var factor = (await visitor.Browser.SignIn(login, Ann, NewPassword)).ShouldBePage("login/factor");
        (await visitor.Browser.Submit(factor, null, ("code", authenticator.Code()))).ShouldHaveCode(visitor.Provider);
    }

    [Fact]
    public async Task All_sessions_end_and_the_browser_is_asked_again()
    {
        using var visitor = await WithUser();
        (await visitor.Browser.SignIn(await visitor.Authorize(), Ann)).ShouldHaveCode(visitor.Provider);
        using var other = visitor.Elsewhere();
        var reset = await Forget(other, Ann);
        await Save(other, reset, Code(await visitor.NewestMail(Ann)));
        (await visitor.Authorize(("prompt", "none"))).ShouldBeRefused(visitor.Provider, "login_required");
    }

    [Fact]
    public async Task A_user_name_is_enough_where_there_are_user_names()
    {
        using var visitor = await WithUser();
        var forgot = await visitor.Browser.Open("forgot");
        (await visitor.Browser.Submit(forgot, null, ("handle", "ann")))
            .ShouldBePage("forgot")
            .Text.ShouldContain("complete e-mail address");
        (await visitor.Browser.Submit(forgot, null, ("handle", " "))).ShouldBePage("forgot").Text.ShouldContain("complete e-mail address");
        await visitor.App.Set("userNamesEnabled=1");
        (await (await visitor.App.Login(Ann)).Post("setUserName", new { userName = "ann" })).ShouldBeTrue();
        var reset = (await visitor.Browser.Submit(forgot, null, ("handle", "Ann"))).ShouldBePage("reset");
        reset.Text.ShouldNotContain(Ann);
        (await Save(visitor, reset, Code(await visitor.NewestMail(Ann)))).ShouldBePage("login");
        (await visitor.App.TryLogin(Ann, NewPassword)).ShouldBeOk();
    }

    private async Task<PageVisitor> WithUser(params string[] settings)
    {
        var visitor = await Create(servers, ["signupFlow=none", .. settings]);
        await visitor.App.CreateUser(Ann);
        return visitor;
    }

    /// <summary>From the client over the sign-in page, as people do.</summary>
    private static async Task<Visit> Forget(PageVisitor visitor, string handle)
    {
        var login = (await visitor.Authorize(("prompt", "login"))).ShouldBePage("login");
        var forgot = await visitor.Browser.Open(login.Document.QuerySelector("a[href*='/forgot']")!.GetAttribute("href")!);
        return (await visitor.Browser.Submit(forgot, null, ("handle", handle))).ShouldBePage("reset");
    }

    private static Task<Visit> Save(PageVisitor visitor, Visit page, string code, string password = NewPassword) =>
        visitor.Browser.Submit(page, "save", ("code", code), ("password", password));
}
