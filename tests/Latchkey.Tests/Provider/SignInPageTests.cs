using System.Net;
using Latchkey.Provider.Clients;

namespace Latchkey.Tests.Provider;

/// <summary>The pages on which users sign in.</summary>
public sealed class SignInPageTests(ServerFixture servers)
{
    [Fact]
    public async Task Row_9700_05_Parameters_that_look_like_addresses_lead_nowhere()
    {
        using var ann = await ProviderVisitor.Create(servers);
        foreach (var name in new[] { "url", "next", "redirect", "return", "returnUrl", "continue", "goto" })
        {
            var login = (await ann.Browser.Open($"login?{name}=https%3A%2F%2Fevil.example")).ShouldBePage("login");
            login.Html.ShouldNotContain("evil.example");
            (
                await ann.Browser.Submit(login, "sign-in", ("handle", ann.Handle), ("password", "wrong"), (name, "https://evil.example"))
            ).ShouldBePage("login");
        }
    }

    [Fact]
    public async Task Row_9700_21_Pages_load_nothing_from_elsewhere()
    {
        using var ann = await ProviderVisitor.Create(servers);
        var login = await ann.Authorize();
        login.Headers["Content-Security-Policy"].ShouldStartWith("default-src 'none'");
        login.Document.QuerySelectorAll("script, iframe, object").ShouldBeEmpty();
        login
            .Document.QuerySelectorAll("[src], link[href]")
            .Select(element => element.GetAttribute("src") ?? element.GetAttribute("href"))
            .ShouldAllBe(address => address!.StartsWith('/') && !address.StartsWith("//"));
    }

    [Fact]
    public async Task Row_9700_22_After_a_password_the_answer_is_303()
    {
        using var ann = await ProviderVisitor.Create(servers);
        (await ann.Browser.SignIn(await ann.Authorize(), ann.Handle)).Steps[0].ShouldBe(HttpStatusCode.SeeOther);
    }

    [Fact]
    public async Task Row_9700_23_Pages_forbid_framing_in_both_ways()
    {
        using var ann = await ProviderVisitor.Create(servers);
        var login = await ann.Authorize();
        login.Headers["X-Frame-Options"].ShouldBe("DENY");
        login.Headers["Content-Security-Policy"].ShouldContain("frame-ancestors 'none'");
    }

    [Fact]
    public async Task A_form_may_lead_to_the_client_of_this_request_only()
    {
        using var ann = await ProviderVisitor.Create(servers);
        (await ann.Authorize()).Headers["Content-Security-Policy"].ShouldContain("form-action 'self' https://client.example.com;");
        (await ann.Browser.Open("login")).Headers["Content-Security-Policy"].ShouldContain("form-action 'self';");
        var native = await ann.Provider.AddClient(
            ClientType.Native,
            settings => settings with { RedirectUris = ["com.example.app:/x", "http://[::1]/x", "http://127.0.0.1/x"] }
        );
        foreach (
            var (uri, target) in new[]
            {
                ("com.example.app:/x", "com.example.app:"),
                ("http://[::1]:99/x", "http:"),
                ("http://127.0.0.1:99/x", "http://127.0.0.1:99"),
            }
        )
        {
            var visit = await ann.Browser.Authorize(native, ("redirect_uri", uri));
            visit.Headers["Content-Security-Policy"].ShouldContain($"form-action 'self' {target};");
        }
    }

    [Fact]
    public async Task A_wrong_password_and_an_unknown_address_look_the_same()
    {
        using var ann = await ProviderVisitor.Create(servers);
        var login = await ann.Authorize();
        var wrong = (await ann.Browser.SignIn(login, ann.Handle, "wrong")).ShouldBePage("login");
        var unknown = (await ann.Browser.SignIn(login, "not@example.com", "wrong")).ShouldBePage("login");
        wrong.Document.QuerySelector("#problem")!.TextContent.ShouldBe("The address or the password is wrong.");
        WithoutForm(unknown).ShouldBe(WithoutForm(wrong).Replace(ann.Handle, "not@example.com", StringComparison.Ordinal));
        (await ann.Count("sessions")).ShouldBe(1); // of the signup

        static string WithoutForm(Visit visit) =>
            System.Text.RegularExpressions.Regex.Replace(visit.Html, "name=\"form-key\" value=\"[^\"]*\"", "");
    }

    [Fact]
    public async Task A_form_that_another_site_sends_signs_nobody_in()
    {
        using var ann = await ProviderVisitor.Create(servers);
        var login = await ann.Authorize();
        var fields = Browser.FieldsOf(login, "sign-in", ("handle", ann.Handle), ("password", App.Password)).ToList();
        foreach (var origin in new[] { "https://evil.example", "null", "http://127.0.0.1:1" })
        {
            (await ann.Browser.Post(login.Url.AbsoluteUri, fields, origin)).ShouldBePage("login").Html.ShouldContain("Please try again");
        }

        ann.Browser.Cookie("latchkey-session").ShouldBeNull();
        (await ann.Browser.Post(login.Url.AbsoluteUri, fields)).ShouldBePage("consent");
    }

    [Fact]
    public async Task A_form_of_another_browser_signs_nobody_in()
    {
        using var ann = await ProviderVisitor.Create(servers);
        using var victim = new Browser(ann.Provider);
        var login = await ann.Authorize();
        var fields = Browser.FieldsOf(login, "sign-in", ("handle", ann.Handle), ("password", App.Password)).ToList();
        await victim.Authorize(ann.Client);
        (await victim.Post(login.Url.AbsoluteUri, fields)).ShouldBePage("login");
        victim.Cookie("latchkey-session").ShouldBeNull();
        (await victim.Post("login", fields.Where(field => field.Name != "form-key"))).ShouldBePage("login");
        victim.Cookie("latchkey-session").ShouldBeNull();
    }

    [Fact]
    public async Task A_session_that_was_planted_is_replaced_at_sign_in()
    {
        using var ann = await ProviderVisitor.Create(servers);
        await ann.Provider.App.CreateUser("mallory@example.com");
        using var mallory = new Browser(ann.Provider);
        await mallory.SignInAndAllow(ann.Client, "mallory@example.com");
        var planted = mallory.Cookie("latchkey-session")!;
        var path = $"/apps/{ann.Provider.Id}";
        ann.Browser.Cookies.Add(new Cookie("latchkey-session", planted, path, "127.0.0.1"));
        (await ann.Browser.Open("login")).Text.ShouldContain("mallory@example.com");
        var login = await ann.Authorize(("prompt", "login"));
        await ann.Browser.SignIn(login, ann.Handle);
        ann.Browser.Cookie("latchkey-session").ShouldNotBe(planted);
        var after = await mallory.Open("login"); // what was planted is over, and is not Ann's
        after.Heading.ShouldStartWith("Sign in");
        after.Text.ShouldNotContain(ann.Handle);
    }

    [Fact]
    public async Task The_session_cookie_of_another_application_counts_nothing_here()
    {
        using var ann = await ProviderVisitor.Create(servers);
        using var other = await ProviderVisitor.Create(servers);
        await other.SignIn();
        var foreign = other.Browser.Cookie("latchkey-session")!;
        ann.Browser.Cookies.Add(new Cookie("latchkey-session", foreign, $"/apps/{ann.Provider.Id}", "127.0.0.1"));
        (await ann.Authorize(("prompt", "none"))).ShouldBeRefused(ann.Provider, "login_required");
    }

    [Fact]
    public async Task A_request_of_another_application_is_none_here()
    {
        using var ann = await ProviderVisitor.Create(servers);
        using var other = await ProviderVisitor.Create(servers);
        var foreign = (await other.Authorize()).Url.Query;
        (await ann.Browser.Open($"login{foreign}")).ShouldBeErrorPage("invalid_request_uri");
    }

    [Fact]
    public async Task Hostile_handles_are_only_texts()
    {
        using var ann = await ProviderVisitor.Create(servers);
        foreach (
            var handle in new[]
            {
                "<script>alert(1)</script>@x.example",
                "\"><img src=x onerror=alert(1)>",
                "%HANDLE%%APP_NAME%",
                "' OR 1=1 --",
                "\u202eevil@example.com",
                new string('a', 5000),
                "a\r\nSet-Cookie: x=1",
                "~/css/plain.css",
            }
        )
        {
            var login = await ann.Authorize(("login_hint", handle));
            var visit = (await ann.Browser.SignIn(login, handle, "x")).ShouldBePage("login");
            visit.Document.QuerySelectorAll("script, img").ShouldBeEmpty();
            visit.Document.QuerySelector("#problem").ShouldNotBeNull();
            visit.Headers.ContainsKey("x").ShouldBeFalse();
        }
    }

    [Fact]
    public async Task Going_back_after_the_sign_in_goes_on_and_asks_no_second_time()
    {
        using var ann = await ProviderVisitor.Create(servers);
        var login = await ann.Authorize();
        await ann.Browser.SignIn(login, ann.Handle);
        (await ann.Browser.Open(login.Url.AbsoluteUri)).ShouldBePage("consent");
    }

    [Fact]
    public async Task Two_tabs_end_each_at_its_own_client()
    {
        using var ann = await ProviderVisitor.Create(servers);
        var other = await ann.Provider.AddClient(change: settings => settings with { RedirectUris = ["https://other.example/back"] });
        var (one, two) = (await ann.Authorize(), await ann.Browser.Authorize(other));
        var consent = (await ann.Browser.SignIn(two, ann.Handle)).ShouldBePage("consent");
        (await ann.Browser.Submit(consent, "allow")).ShouldHaveCode(ann.Provider, "https://other.example/back");
        var again = (await ann.Browser.Open(one.Url.AbsoluteUri)).ShouldBePage("consent");
        (await ann.Browser.Submit(again, "allow")).ShouldHaveCode(ann.Provider);
    }

    [Fact]
    public async Task Without_a_request_the_page_says_who_is_signed_in()
    {
        using var ann = await ProviderVisitor.Create(servers);
        var login = await ann.Browser.Open("login");
        login.Document.QuerySelector("button[value=cancel]").ShouldBeNull();
        var done = await ann.Browser.SignIn(login, ann.Handle);
        done.Heading.ShouldBe("You are signed in");
        done.Text.ShouldContain(ann.Handle);
    }

    [Fact]
    public async Task The_sign_in_is_in_the_list_of_sessions_with_the_browsers_name()
    {
        using var ann = await ProviderVisitor.Create(servers);
        await ann.SignIn();
        var user = await ann.Provider.App.Login(ann.Handle);
        var reply = await ann.Provider.App.Get("sessions", ("access-token", user.AccessToken));
        reply.ShouldBeOk().Text.ShouldContain("Firefox");
    }

    [Fact]
    public async Task Too_many_wrong_passwords_show_how_long_to_wait()
    {
        var provider = new ProviderApp(await App.CreateRsa(servers.Main, ["signupFlow=none"]));
        using var browser = new Browser(provider);
        var login = await browser.Open("login");
        for (var i = 0; i < 40; i++)
        {
            login = await browser.SignIn(login, "somebody@example.com", $"wrong {i}");
            if (login.Status == HttpStatusCode.TooManyRequests)
            {
                login.Document.QuerySelector("#problem")!.TextContent.ShouldContain("too many attempts");
                return;
            }
        }

        Assert.Fail("forty guesses were all taken");
    }

    [Fact]
    public async Task A_suspended_user_is_told_so_with_the_right_password_and_gets_no_session()
    {
        using var ann = await ProviderVisitor.Create(servers);
        await ann.SignIn();
        await ann.Provider.Installation.Execute("UPDATE users SET status = 'suspend' WHERE app_id = @Id", new { ann.Provider.Id });
        var login = (await ann.Authorize()).ShouldBePage("login");
        (await ann.Browser.SignIn(login, ann.Handle)).Text.ShouldContain("locked or suspended");
        (await ann.Authorize(("prompt", "none"))).ShouldBeRefused(ann.Provider, "login_required");
    }

    [Fact]
    public async Task The_pages_language_is_the_requests_then_the_browsers()
    {
        using var ann = await ProviderVisitor.Create(servers);
        using var german = new Browser(ann.Provider, "fr-XX;q=0.1, de-AT, en;q=0.5");
        var page = await german.Authorize(ann.Client);
        page.Document.DocumentElement.GetAttribute("lang").ShouldBe("de");
        page.Text.ShouldContain("Passwort");
        (await german.Authorize(ann.Client, ("ui_locales", "xx en de"))).Text.ShouldContain("Password");
        (await german.Authorize(ann.Client, ("client_id", "unknown"))).Text.ShouldContain("Dieser Link funktioniert nicht");
    }

    [Fact]
    public async Task A_code_by_mail_signs_in_and_nobody_learns_who_has_an_account()
    {
        using var ann = await ProviderVisitor.Create(servers, settings: ["emailCodeLogin=true"]);
        var login = await ann.Authorize();
        var unknown = (await ann.Browser.Submit(login, "code", ("handle", "not@example.com"))).ShouldBePage("login/code");
        var known = (await ann.Browser.Submit(login, "code", ("handle", ann.Handle))).ShouldBePage("login/code");
        known.Text.Replace(ann.Handle, "not@example.com", StringComparison.Ordinal).ShouldBe(unknown.Text);
        var code = await ann.Provider.App.LastCodeFor(ann.Handle);
        var wrong = (await ann.Browser.Submit(known, null, ("code", App.WrongCodeFor(code)))).ShouldBePage("login/code");
        wrong.Text.ShouldContain("The code is wrong");
        (await ann.Browser.Submit(wrong, null, ("code", code))).ShouldBePage("consent");
    }

    [Fact]
    public async Task A_user_without_a_second_factor_sets_one_up_where_it_is_required()
    {
        using var ann = await ProviderVisitor.Create(servers, settings: ["secondFactorPolicy=newDevices", "rememberDeviceDays=30"]);
        var choice = (await ann.Browser.SignIn(await ann.Authorize(("prompt", "login")), ann.Handle)).ShouldBePage("login/factor");
        var picture = (await ann.Browser.Submit(choice, "enroll-otp")).ShouldBePage("login/factor");
        picture.Document.QuerySelector("img")!.GetAttribute("src").ShouldNotBeNull().ShouldStartWith("data:image/png");
        var key = picture.Document.QuerySelector(".key")!.TextContent;
        picture.Url.AbsoluteUri.ShouldNotContain(key.Replace(" ", "", StringComparison.Ordinal));
        var codes = await ann.Browser.Submit(
            picture,
            null,
            ("code", new Authenticator(key.Replace(" ", "", StringComparison.Ordinal)).Code())
        );
        codes.ShouldBePage("login/recovery-codes").Document.QuerySelectorAll("main li").Length.ShouldBe(10);
        var recovery = codes.Document.QuerySelector("li")!.TextContent;
        (await ann.Browser.Submit(codes, null)).ShouldBePage("consent");

        using var other = new Browser(ann.Provider);
        var factor = (await other.SignIn(await other.Authorize(ann.Client), ann.Handle)).ShouldBePage("login/factor");
        (await other.Submit(factor, null, ("code", "000000"))).Text.ShouldContain("The code is wrong");
        var typed = await other.Open(factor.Url.AbsoluteUri + "&method=recovery");
        (await other.Submit(typed, null, ("code", recovery), ("remember", "1"))).ShouldBePage("consent");
        var again = await other.Authorize(ann.Client, ("prompt", "login"));
        (await other.SignIn(again, ann.Handle)).ShouldBePage("consent");
    }
}
