using Latchkey.Tests.Provider;

namespace Latchkey.Tests.HostedPages;

/// <summary>The password on the account pages.</summary>
public sealed class AccountPasswordTests(ServerFixture servers)
{
    private const string Ann = AccountVisitor.Ann;

    [Fact]
    public async Task The_password_is_changed_with_the_current_one_and_all_other_sessions_end()
    {
        using var ann = await AccountVisitor.Create(servers);
        using var other = await AccountVisitor.SignIn(ann.Provider, Ann);
        var page = await ann.Open("account/password");
        page = await Change(ann, page, "wrong", AccountVisitor.NewPassword);
        page.ShouldRefuse("current password is wrong").Html.ShouldNotContain(AccountVisitor.NewPassword);
        page = (await Change(ann, page, App.Password, "short")).ShouldRefuse("too easy to guess");
        page = (await Change(ann, page, App.Password, App.Password)).ShouldRefuse("the new one is the same");
        (await Change(ann, page, App.Password, AccountVisitor.NewPassword))
            .ShouldBePage("account")
            .ShouldSay("Your password is changed. All other sessions have ended.");
        (await ann.Open("account/sessions")).ShouldBePage("account/sessions");
        (await other.Open("account")).ShouldBePage("login");
        (await ann.Provider.App.TryLogin(Ann)).ShouldFailWith(600);
        (await ann.Provider.App.TryLogin(Ann, AccountVisitor.NewPassword)).ShouldBeOk();
        (await ann.Provider.App.MailKinds(Ann)).ShouldContain("passwordChanged");
    }

    [Fact]
    public async Task A_first_password_needs_a_proof_and_no_current_one()
    {
        using var ann = await AccountVisitor.Create(servers, "emailCodeLogin=1");
        await ann.Installation.Execute(
            "UPDATE users SET password_hash = NULL, email_verified = TRUE WHERE app_id = @Id",
            new { ann.Provider.Id }
        );
        await ann.Wait();
        var proof = (await ann.Open("account/password")).ShouldBePage("account/proof");
        var page = await ann.Submit(proof, "send");
        page = await ann.Submit(page.ShouldBePage("account/proof"), null, ("code", await ann.Provider.App.LastCodeFor(Ann)));
        page.ShouldBePage("account/password").Document.QuerySelector("#password").ShouldBeNull();
        (await ann.Submit(page, null, ("new-password", AccountVisitor.NewPassword))).ShouldBePage("account");
        (await ann.Provider.App.TryLogin(Ann, AccountVisitor.NewPassword)).ShouldBeOk();
    }

    [Fact]
    public async Task A_user_of_a_provider_alone_has_no_such_page()
    {
        using var ann = await AccountVisitor.Create(servers);
        await ann.Installation.Execute(
            "UPDATE users SET password_hash = NULL, login_provider = 'google' WHERE app_id = @Id",
            new { ann.Provider.Id }
        );
        (await ann.Open("account/password")).ShouldBePage("account").Document.QuerySelector("a[href$=password]").ShouldBeNull();
    }

    [Fact]
    public async Task Passwords_typed_where_apps_send_them_hashed_work_too()
    {
        using var ann = await AccountVisitor.Create(servers, "passwordFormat=both");
        await ann.Provider.App.Set("passwordFormat=md5");
        var page = await ann.Open("account/password");
        (await Change(ann, page, App.Password, AccountVisitor.NewPassword))
            .ShouldBePage("account")
            .ShouldSay("Your password is changed. All other sessions have ended.");
        ann.Browser.Cookies.GetAllCookies().Clear();
        using var again = await AccountVisitor.SignIn(ann.Provider, Ann, AccountVisitor.NewPassword);
    }

    private static Task<Visit> Change(AccountVisitor ann, Visit page, string current, string next) =>
        ann.Submit(page.ShouldBePage("account/password"), null, ("password", current), ("new-password", next));
}
