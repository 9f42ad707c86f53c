using System.Net;
using Latchkey.Tests.Provider;
using static Latchkey.Tests.HostedPages.PageVisitor;

namespace Latchkey.Tests.HostedPages;

/// <summary>Signing up on the hosted pages, with each signup flow.</summary>
public sealed class SignUpPageTests(ServerFixture servers)
{
    private const string Fields = """
        metaData=[{"path":"who.given","fieldName":"firstName","required":true},{"path":"who.born","fieldName":"born","required":true},
        {"path":"note","fieldName":"note"},{"path":"mail","fieldName":"email","required":true}]
        """;

    [Fact]
    public async Task With_a_code_the_new_user_is_at_the_client_then()
    {
        using var visitor = await Create(servers);
        var mailed = (await visitor.SignUp(await visitor.OpenSignUp(), Ann)).ShouldBePage("signup/mail");
        mailed.Steps[0].ShouldBe(HttpStatusCode.SeeOther);
        var code = Code(await visitor.NewestMail(Ann));
        (await visitor.CountUsers(Ann)).ShouldBe(0);
        var wrong = (await visitor.Browser.Submit(mailed, "code", ("code", App.WrongCodeFor(code)))).ShouldBePage("signup/mail");
        wrong.Text.ShouldContain("The code is wrong");
        wrong.Document.QuerySelector("#code")!.GetAttribute("aria-invalid").ShouldBe("true");
        var info = await visitor.UserInfo(await visitor.Browser.Submit(wrong, "code", ("code", $" {code[..3]}-{code[3..]} ")));
        info.GetProperty("sub").GetString().ShouldNotBeNullOrEmpty();
        (await visitor.App.TryLogin(Ann)).ShouldBeOk();
        visitor.Browser.Cookie("latchkey-signup").ShouldBeNull();
    }

    [Fact]
    public async Task A_code_works_once()
    {
        using var visitor = await Create(servers);
        var mailed = await visitor.SignUp(await visitor.OpenSignUp(), Ann);
        var cookie = visitor.Browser.Cookie("latchkey-signup")!;
        var code = Code(await visitor.NewestMail(Ann));
        (await visitor.Browser.Submit(mailed, "code", ("code", code))).ShouldHaveCode(visitor.Provider);

        using var other = visitor.Elsewhere();
        other.Browser.Cookies.Add(new Cookie("latchkey-signup", cookie, $"/apps/{visitor.Provider.Id}", "127.0.0.1"));
        var again = (await other.Browser.Open("signup/mail")).ShouldBePage("signup/mail");
        (await other.Browser.Submit(again, "code", ("code", code))).Text.ShouldContain("There is an account with this address already");
        other.Browser.Cookie("latchkey-session").ShouldBeNull();
    }

    [Fact]
    public async Task An_expired_code_is_refused()
    {
        using var visitor = await Create(servers);
        var mailed = await visitor.SignUp(await visitor.OpenSignUp(), Ann);
        var code = Code(await visitor.NewestMail(Ann));
        await visitor.Provider.Installation.Execute("UPDATE signups SET expires_at = 1 WHERE app_id = @Id", new { visitor.Provider.Id });
        (await visitor.Browser.Submit(mailed, "code", ("code", code))).ShouldBePage("signup/mail").Text.ShouldContain("no longer valid");
        (await visitor.CountUsers(Ann)).ShouldBe(0);
    }

    [Fact]
    public async Task Five_codes_can_be_tried_and_the_right_one_is_refused_then()
    {
        using var visitor = await WithLimits(servers);
        var page = await visitor.SignUp(await visitor.OpenSignUp(), Ann);
        var code = Code(await visitor.NewestMail(Ann));
        for (var i = 0; i < 5; i++)
        {
            page = (await visitor.Browser.Submit(page, "code", ("code", App.WrongCodeFor(code)))).ShouldBePage("signup/mail");
        }

        var late = (await visitor.Browser.Submit(page, "code", ("code", code))).ShouldBePage("signup/mail");
        late.Status.ShouldBe(HttpStatusCode.TooManyRequests);
        late.Text.ShouldContain("too many attempts");
        (await visitor.CountUsers(Ann)).ShouldBe(0);
    }

    [Fact]
    public async Task Another_mail_is_sent_on_request_and_not_at_once()
    {
        using var visitor = await WithLimits(servers);
        var mailed = await visitor.SignUp(await visitor.OpenSignUp(), Ann);
        await visitor.NewestMail(Ann);
        var refused = (await visitor.Browser.Submit(mailed, "again")).ShouldBePage("signup/mail");
        refused.Status.ShouldBe(HttpStatusCode.TooManyRequests);
        refused.Text.ShouldContain("Try again in");
        (await visitor.App.Mails(Ann)).Count.ShouldBe(1);

        await visitor.App.ForgetMessages();
        var again = (await visitor.Browser.Submit(refused, "again")).ShouldBePage("signup/mail");
        again.Text.ShouldContain("on its way once more");
        var second = Code(await visitor.NewestMail(Ann));
        (await visitor.App.Mails(Ann)).Count.ShouldBe(2);
        (await visitor.Browser.Submit(again, "code", ("code", second))).ShouldHaveCode(visitor.Provider);
        (await visitor.App.TryLogin(Ann)).ShouldBeOk();
    }

    [Fact]
    public async Task With_a_link_the_button_signs_in_in_the_browser_that_signed_up()
    {
        using var visitor = await Create(servers, "signupFlow=link");
        var mailed = (await visitor.SignUp(await visitor.OpenSignUp(), Ann)).ShouldBePage("signup/mail");
        mailed.Document.QuerySelector("#code").ShouldBeNull();
        var link = Link(await visitor.NewestMail(Ann));
        link.ShouldStartWith($"{visitor.Provider.Issuer}/signup/confirm?");
        for (var i = 0; i < 3; i++)
        {
            (await visitor.Browser.Open(link)).ShouldBePage("signup/confirm"); // opening it changes nothing
        }

        (await visitor.CountUsers(Ann)).ShouldBe(0);
        var confirm = await visitor.Browser.Open(link);
        (await visitor.Browser.Submit(confirm, null)).ShouldHaveCode(visitor.Provider);
        (await visitor.Browser.Submit(await visitor.Browser.Open(link), null)).Text.ShouldContain("There is an account with this address");
    }

    [Fact]
    public async Task In_another_browser_a_link_confirms_the_address_and_signs_nobody_in()
    {
        using var visitor = await Create(servers, "signupFlow=link");
        await visitor.SignUp(await visitor.OpenSignUp(), Ann);
        var link = Link(await visitor.NewestMail(Ann));
        using var other = visitor.Elsewhere();
        var done = (await other.Browser.Submit(await other.Browser.Open(link), null)).ShouldBePage("signup/confirmed");
        done.Heading.ShouldBe("Your address is confirmed");
        other.Browser.Cookie("latchkey-session").ShouldBeNull();
        (await visitor.CountUsers(Ann)).ShouldBe(1);

        // The browser that signed up goes on with its own page.
        var mailed = (await visitor.Browser.Open("signup/mail")).ShouldBePage("signup/mail");
        mailed.Text.ShouldContain("I have opened the link");
        (await visitor.Browser.SignIn(await visitor.Authorize(("prompt", "login")), Ann)).ShouldHaveCode(visitor.Provider);
    }

    [Fact]
    public async Task A_link_that_was_cut_changed_or_is_too_old_says_so()
    {
        using var visitor = await Create(servers, "signupFlow=link");
        await visitor.SignUp(await visitor.OpenSignUp(), Ann);
        var link = Link(await visitor.NewestMail(Ann));
        foreach (var bad in new[] { link[..link.IndexOf("&code", StringComparison.Ordinal)], $"{visitor.Provider.Issuer}/signup/confirm" })
        {
            var cut = await visitor.Browser.Open(bad);
            cut.Text.ShouldContain("This link was used or has expired");
            cut.Document.QuerySelector("main form").ShouldBeNull();
        }

        var changed = await visitor.Browser.Open(link.Replace("&code=", "&code=A", StringComparison.Ordinal));
        (await visitor.Browser.Submit(changed, null)).Text.ShouldContain("This link was used or has expired");
        await visitor.Provider.Installation.Execute("UPDATE signups SET expires_at = 1 WHERE app_id = @Id", new { visitor.Provider.Id });
        (await visitor.Browser.Submit(await visitor.Browser.Open(link), null)).Text.ShouldContain("This link was used or has expired");
        (await visitor.CountUsers(Ann)).ShouldBe(0);
    }

    [Fact]
    public async Task Without_confirmation_the_user_is_signed_in_at_once()
    {
        using var visitor = await Create(servers, "signupFlow=none");
        (await visitor.SignUp(await visitor.OpenSignUp(), Ann)).ShouldHaveCode(visitor.Provider);
        using var other = visitor.Elsewhere();
        var known = (await other.SignUp(await other.OpenSignUp(), Ann, ("password", "another horse battery"))).ShouldBePage("signup");
        known.Text.ShouldContain("There is an account with this address already");
        (await visitor.App.TryLogin(Ann)).ShouldBeOk();
    }

    [Theory]
    [InlineData("code", 0)]
    [InlineData("code", 1)]
    [InlineData("link", 0)]
    [InlineData("link", 1)]
    public async Task Nobody_learns_who_has_an_account_but_its_owner(string flow, int hides)
    {
        const string stranger = "not@example.com";
        using var visitor = await Create(servers, "signupFlow=none");
        await visitor.App.CreateUser(Ann);
        await visitor.App.Set($"signupFlow={flow}", $"hideAccountExistence={hides}");
        using var other = visitor.Elsewhere();
        var known = (await visitor.SignUp(await visitor.OpenSignUp(), Ann)).ShouldBePage("signup/mail");
        var unknown = (await other.SignUp(await other.OpenSignUp(), stranger)).ShouldBePage("signup/mail");
        ShouldBeAlike(known, unknown);
        ShouldBeAlike(await visitor.Browser.Submit(known, "again"), await other.Browser.Submit(unknown, "again"));
        if (flow == "code")
        {
            ShouldBeAlike(
                await visitor.Browser.Submit(known, "code", ("code", "123456")),
                await other.Browser.Submit(unknown, "code", ("code", "123456"))
            );
        }

        await visitor.App.WaitForDeferredWork();
        (await visitor.App.MailKinds(Ann)).Where(kind => kind != "signUpSuccess").ShouldAllBe(kind => kind == "accountExists");
        (await visitor.App.MailKinds(stranger)).ShouldAllBe(kind => kind == (flow == "code" ? "signUp" : "signUpLink"));
        (await visitor.App.TryLogin(Ann)).ShouldBeOk(); // the old password

        static void ShouldBeAlike(Visit known, Visit unknown)
        {
            unknown.Status.ShouldBe(known.Status);
            WithoutKeys(unknown).Replace(stranger, Ann, StringComparison.Ordinal).ShouldBe(WithoutKeys(known));
        }
    }

    [Fact]
    public async Task Where_nobody_can_sign_up_the_page_says_so_and_takes_no_form()
    {
        using var visitor = await Create(servers);
        var page = await visitor.OpenSignUp();
        await visitor.App.Set("signupEnabled=0");
        var refused = (await visitor.SignUp(page, Ann)).ShouldBePage("signup");
        refused.Status.ShouldBe(HttpStatusCode.Forbidden);
        refused.Text.ShouldContain("by invitation only");
        refused.Document.QuerySelector("main input").ShouldBeNull();
        (await visitor.Authorize()).ShouldBePage("login").Text.ShouldNotContain("Create an account");
        await visitor.App.Set("invitationEnabled=0");
        (await visitor.Browser.Open("signup")).Text.ShouldContain("takes no new accounts");
        await visitor.App.WaitForDeferredWork();
        (await visitor.App.Mails(Ann)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_sign_up_that_waits_ends_when_the_application_closes_it()
    {
        using var visitor = await Create(servers);
        var mailed = await visitor.SignUp(await visitor.OpenSignUp(), Ann);
        var code = Code(await visitor.NewestMail(Ann));
        await visitor.App.Set("signupEnabled=0");
        (await visitor.Browser.Submit(mailed, "code", ("code", code))).ShouldBePage("signup").Status.ShouldBe(HttpStatusCode.Forbidden);
        (await visitor.CountUsers(Ann)).ShouldBe(0);
    }

    [Fact]
    public async Task Required_fields_are_asked_for_with_their_kind_and_nothing_else_is_taken()
    {
        using var visitor = await Create(servers, "signupFlow=none", Fields, "claimMappings=birthdate=who.born");
        var page = await visitor.OpenSignUp();
        page.Document.QuerySelector("[name='metaData.who.given']")!.GetAttribute("autocomplete").ShouldBe("given-name");
        page.Document.QuerySelector("[name='metaData.who.born']")!.GetAttribute("type").ShouldBe("date");
        page.Document.QuerySelectorAll("label").Select(label => label.TextContent).ShouldContain("First name");
        page.Document.QuerySelector("[name='metaData.note']").ShouldBeNull();

        var missing = (await visitor.SignUp(page, Ann, ("metaData.who.given", "Ann"))).ShouldBePage("signup");
        missing.Text.ShouldContain("Fill in the marked fields");
        missing.Document.QuerySelector("[name='metaData.who.given']")!.GetAttribute("value").ShouldBe("Ann");
        missing.Document.QuerySelector("[name='metaData.who.given']")!.HasAttribute("aria-invalid").ShouldBeFalse();
        missing.Document.QuerySelector("[name='metaData.who.born']")!.GetAttribute("aria-invalid").ShouldBe("true");
        missing.Document.QuerySelector("#handle")!.GetAttribute("value").ShouldBe(Ann);
        missing.Document.QuerySelector("#password")!.HasAttribute("value").ShouldBeFalse();
        (await visitor.CountUsers(Ann)).ShouldBe(0);

        (string, string)[] reserved =
        [
            ("metaData.note", "mine"),
            ("metaData.sub", "admin"),
            ("metaData.uid", "1"),
            ("sub", "admin"),
            ("email_verified", "true"),
            ("status", "active"),
            ("role", "owner"),
            ("appId", "x"),
            ("locale", "DE"),
            ("userName", "root"),
            ("metaData", """{"note":"mine"}"""),
        ];
        var done = await visitor.SignUp(missing, Ann, [("metaData.who.given", "Ann"), ("metaData.who.born", "1990-01-02"), .. reserved]);
        done.ShouldHaveCode(visitor.Provider);
        var stored = await visitor.Provider.Installation.Query<string>(
            "SELECT metadata || locale || COALESCE(user_name, '-') || status FROM users WHERE app_id = @Id",
            new { visitor.Provider.Id }
        );
        stored.ShouldBe("""{"who.given":"Ann","who.born":"1990-01-02"}EN-active""");
    }

    [Theory]
    [InlineData("short", "passwordFilter=0")]
    [InlineData("password1", "passwordFilter=0")]
    [InlineData("no digit here", "passwordFilter=1")]
    public async Task A_weak_password_is_refused_with_the_rules(string password, string setting)
    {
        using var visitor = await Create(servers, setting);
        var page = await visitor.OpenSignUp();
        page.Document.QuerySelectorAll("#rules li").Length.ShouldBe(setting.EndsWith('1') ? 6 : 2);
        foreach (var weak in new[] { password, new string('x', 257) + "A1!" })
        {
            var refused = (await visitor.SignUp(page, Ann, ("password", weak))).ShouldBePage("signup");
            refused.Text.ShouldContain("does not follow the rules");
            refused.Document.QuerySelector("#password")!.GetAttribute("aria-describedby").ShouldBe("problem rules");
            refused.Html.ShouldNotContain(weak);
        }

        await visitor.App.WaitForDeferredWork();
        (await visitor.App.Mails(Ann)).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_user_has_the_language_of_the_page_if_the_application_offers_it()
    {
        using var visitor = await Create(servers, "locales=EN,DE");
        var page = (await visitor.Authorize(("prompt", "create"), ("ui_locales", "de"))).ShouldBePage("signup");
        await visitor.SignUp(page, Ann);
        (await visitor.NewestMail(Ann)).Subject.ShouldContain("Ihr Code");
        var french = (await visitor.Authorize(("prompt", "create"), ("ui_locales", "fr"))).ShouldBePage("signup");
        french.Heading.ShouldStartWith("S’inscrire");
        await visitor.SignUp(french, "bob@example.com");
        (await visitor.NewestMail("bob@example.com")).Subject.ShouldContain("is your code");
    }

    [Fact]
    public async Task A_new_user_may_choose_a_user_name()
    {
        using var visitor = await Create(servers, "signupFlow=none", "userNamesEnabled=1");
        var name = (await visitor.SignUp(await visitor.OpenSignUp(), Ann)).ShouldBePage("signup/name");
        (await visitor.Browser.Submit(name, "set", ("userName", "Ann Lee"))).Text.ShouldContain("cannot be a user name");
        (await visitor.Browser.Submit(name, "set", ("userName", "Ann"))).ShouldHaveCode(visitor.Provider);
        (await visitor.App.TryLogin("ann")).ShouldBeOk();

        using var bob = visitor.Elsewhere();
        var second = (await bob.SignUp(await bob.OpenSignUp(), "bob@example.com")).ShouldBePage("signup/name");
        var taken = (await bob.Browser.Submit(second, "set", ("userName", "ann"))).ShouldBePage("signup/name");
        taken.Text.ShouldContain("Somebody has this user name");
        (await bob.Browser.Submit(taken, "later")).ShouldHaveCode(visitor.Provider);
        (await bob.Browser.Open("signup/name")).ShouldBePage("signup/name");
    }

    [Fact]
    public async Task Where_a_code_signs_up_nobody_needs_a_password()
    {
        using var visitor = await Create(servers, "emailCodeLogin=1", "signupByCode=1", Fields);
        var page = await visitor.OpenSignUp();
        (string, string)[] fields = [("metaData.who.given", "Ann"), ("metaData.who.born", "1990")];
        (await visitor.Browser.Submit(page, "passwordless", ("handle", Ann))).ShouldBePage("signup").Text.ShouldContain("marked fields");
        var code = (await visitor.Browser.Submit(page, "passwordless", [("handle", Ann), .. fields])).ShouldBePage("login/code");
        var mail = await visitor.NewestMail(Ann);
        (await visitor.Browser.Submit(code, null, ("code", Code(mail)))).ShouldHaveCode(visitor.Provider);
        (await visitor.App.TryLogin(Ann)).ShouldFailWith(600);
    }

    [Fact]
    public async Task Who_signs_up_by_a_code_may_choose_a_user_name_too_and_is_asked_once()
    {
        using var visitor = await Create(servers, "emailCodeLogin=1", "signupByCode=1", "userNamesEnabled=1");
        var code = await visitor.Browser.Submit(await visitor.OpenSignUp(), "passwordless", ("handle", Ann));
        var name = await visitor.Browser.Submit(code, null, ("code", Code(await visitor.NewestMail(Ann))));
        (await visitor.Browser.Submit(name.ShouldBePage("signup/name"), "later")).ShouldHaveCode(visitor.Provider);

        using var again = visitor.Elsewhere();
        code = await again.Browser.Submit(await again.Authorize(), "code", ("handle", Ann));
        var mailed = Code(await visitor.NewestMail(Ann));
        (await again.Browser.Submit(code.ShouldBePage("login/code"), null, ("code", mailed))).ShouldHaveCode(visitor.Provider);
    }

    [Fact]
    public async Task Without_leave_of_the_application_a_sign_up_needs_a_password()
    {
        using var visitor = await Create(servers);
        var page = await visitor.OpenSignUp();
        page.Document.QuerySelector("button[value=passwordless]").ShouldBeNull();
        var fields = Browser.FieldsOf(page, null, ("handle", Ann), ("action", "passwordless")).ToList();
        (await visitor.Browser.Post(page.Url.AbsoluteUri, fields)).ShouldBePage("signup").Text.ShouldContain("Please try again");
        (await visitor.SignUp(page, Ann, ("password", ""))).ShouldBePage("signup").Text.ShouldContain("does not follow the rules");
        await visitor.App.WaitForDeferredWork();
        (await visitor.App.Mails(Ann)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Prompt_create_leads_there_and_the_configuration_says_so()
    {
        using var visitor = await Create(servers, "signupFlow=none");
        (await PromptsOf(visitor)).ShouldContain("create");
        await visitor.App.CreateUser(Ann);
        (await visitor.Browser.SignIn(await visitor.Authorize(), Ann)).ShouldHaveCode(visitor.Provider);
        var signUp = await visitor.OpenSignUp(); // also with somebody signed in
        var login = (await visitor.Browser.Open(signUp.Document.QuerySelector("a[href*='/login']")!.GetAttribute("href")!));
        (await visitor.Browser.SignIn(login, Ann)).ShouldHaveCode(visitor.Provider); // who has an account signs in instead
        (await visitor.Authorize(("prompt", "none create"))).ShouldBeRefused(visitor.Provider, "invalid_request");
        (await visitor.Browser.Submit(await visitor.OpenSignUp(), "cancel")).ShouldBeRefused(visitor.Provider, "access_denied");
        await visitor.App.Set("signupEnabled=0");
        (await PromptsOf(visitor)).ShouldNotContain("create");

        static async Task<IEnumerable<string?>> PromptsOf(PageVisitor visitor) =>
            (
                await visitor.App.Server.Send(
                    visitor.App.Server.Request(HttpMethod.Get, $"/apps/{visitor.Provider.Id}/.well-known/openid-configuration")
                )
            )
                .ShouldBeOk()
                .Json.GetProperty("prompt_values_supported")
                .EnumerateArray()
                .Select(value => value.GetString());
    }
}
