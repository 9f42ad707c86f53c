using System.Net;

namespace Latchkey.Tests.Accounts;

/// <summary>Signing in to the portal: sessions, and the second factor.</summary>
public sealed class PortalSignInTests(ServerFixture servers)
{
    private const string CodePage = "/portal/sign-in/code";

    [Fact]
    public async Task A_wrong_password_and_an_unknown_address_are_answered_alike()
    {
        var account = await PortalAccount.Create(servers.Main);
        var known = await new PortalClient(servers.Main).SignIn(account.Email, "not the password");
        var unknown = await new PortalClient(servers.Main).SignIn(PortalAccount.UniqueEmail("dev"), "not the password");
        known.Status.ShouldBe(HttpStatusCode.OK);
        (unknown.Status, Said(unknown)).ShouldBe((known.Status, Said(known)));
    }

    [Theory]
    [InlineData("\uFFFE")]
    [InlineData("\uFFFE@example.com")]
    public async Task What_no_text_may_hold_is_refused_before_anybody_looks_for_an_account(string text)
    {
        var account = await PortalAccount.Create(servers.Main);
        var client = new PortalClient(servers.Main, "127.41.1.1");
        foreach (var (email, password) in new[] { (text, PortalAccount.Password), (account.Email, text) })
        {
            var reply = await client.SignIn(email, password);
            reply.Status.ShouldBe(HttpStatusCode.BadRequest);
            Said(reply).ShouldContain("characters that no text may have");
        }
    }

    [Fact]
    public async Task A_session_that_somebody_planted_is_worth_nothing_after_signing_in()
    {
        var account = await PortalAccount.Create(servers.Main);
        var victim = new PortalClient(servers.Main);
        victim.Cookies[PortalClient.SessionCookie] = "planted-by-somebody";
        await victim.SignIn(account.Email, PortalAccount.Password);
        victim.Session.ShouldNotBe("planted-by-somebody");
        (await victim.IsSignedIn()).ShouldBeTrue();
        var attacker = new PortalClient(servers.Main);
        attacker.Cookies[PortalClient.SessionCookie] = "planted-by-somebody";
        (await attacker.IsSignedIn()).ShouldBeFalse();
    }

    [Fact]
    public async Task Signing_in_gives_a_new_session_and_ends_the_one_that_the_browser_had()
    {
        var (mallory, victim) = (await PortalAccount.Create(servers.Main, "mallory"), await PortalAccount.Create(servers.Main, "victim"));
        var planted = await mallory.SignIn();
        var browser = planted.Copy();
        var form = await browser.Fields("/portal/account", "name");
        await browser.Send("/portal/sign-in", form, ("_handler", "sign-in"), ("email", victim.Email), ("password", PortalAccount.Password));
        browser.Session.ShouldNotBe(planted.Session);
        (await browser.Get("/portal/account")).Text.ShouldContain(victim.Email);
        (await planted.IsSignedIn()).ShouldBeFalse();
    }

    [Fact]
    public async Task Signing_out_kills_the_session_on_the_server()
    {
        var client = await (await PortalAccount.Create(servers.Main)).SignIn();
        var stolen = client.Copy();
        (await stolen.IsSignedIn()).ShouldBeTrue();
        await client.Send("/portal/sign-out", await client.Fields("/portal/account", "name"));
        client.Session.ShouldBeNull();
        (await stolen.IsSignedIn()).ShouldBeFalse();
    }

    [Theory]
    [InlineData("seen_at", 61)]
    [InlineData("expires_at", 24 * 60 + 1)]
    public async Task A_session_ends_when_it_idles_for_an_hour_or_is_a_day_old(string column, int minutes)
    {
        var account = await PortalAccount.Create(servers.Main);
        var client = await account.SignIn();
        (await client.IsSignedIn()).ShouldBeTrue();
        await servers.Main.Installation.Execute(
            $"UPDATE portal_sessions SET {column} = {column} - @past WHERE developer_id = @Id",
            new { past = minutes * 60_000L, account.Id }
        );
        (await client.IsSignedIn()).ShouldBeFalse();
    }

    [Fact]
    public async Task With_an_authenticator_the_password_alone_opens_nothing()
    {
        var account = await PortalAccount.Create(servers.Main);
        var (app, _) = await account.EnableSecondFactor(await account.SignIn());
        var client = await account.SignIn();
        client.Session.ShouldBeNull();
        var waiting = client.Cookies[PortalClient.LoginCookie];
        var thief = new PortalClient(servers.Main);
        thief.Cookies[PortalClient.SessionCookie] = waiting;
        (await thief.IsSignedIn()).ShouldBeFalse();

        (await client.Post(CodePage, "code", ("code", app.WrongCode()))).Text.ShouldContain("wrong");
        client.Session.ShouldBeNull();
        (await client.Post(CodePage, "code", ("code", app.Code(1)))).Header("Location").ShouldBe("/portal");
        client.Session.ShouldNotBeNull().ShouldNotBe(waiting);
        client.Cookies.ShouldNotContainKey(PortalClient.LoginCookie);
        (await client.IsSignedIn()).ShouldBeTrue();

        thief.Cookies.Clear();
        thief.Cookies[PortalClient.LoginCookie] = waiting;
        (await thief.Get(CodePage)).Header("Location")!.ShouldStartWith("/portal/sign-in?again=1");
    }

    [Fact]
    public async Task The_code_that_switched_the_authenticator_on_signs_nobody_in()
    {
        var account = await PortalAccount.Create(servers.Main);
        var client = await account.SignIn();
        var app = await account.BeginSecondFactor(client);
        var code = app.Code(1); // good for at least thirty seconds
        await account.ConfirmSecondFactor(client, code);
        var thief = await account.SignIn();
        (await thief.Post(CodePage, "code", ("code", code))).Text.ShouldContain("wrong");
        thief.Session.ShouldBeNull();
        await account.ResetTotpSteps();
        (await thief.Post(CodePage, "code", ("code", app.Code()))).Header("Location").ShouldBe("/portal");
    }

    [Fact]
    public async Task A_code_signs_one_browser_in_though_two_send_it_at_once()
    {
        var server = await servers.Unlimited();
        var account = await PortalAccount.Create(server);
        var (app, _) = await account.EnableSecondFactor(await account.SignIn());
        for (var round = 0; round < TestScale.Size(15, 200); round++)
        {
            await account.ResetTotpSteps();
            (await SignedIn(account, app.Code())).ShouldBe(1, $"round {round}");
        }
    }

    [Fact]
    public async Task A_recovery_code_works_once_though_two_send_it_at_once()
    {
        var server = await servers.Unlimited();
        var account = await PortalAccount.Create(server);
        var (_, codes) = await account.EnableSecondFactor(await account.SignIn());
        codes.Count.ShouldBe(10);
        foreach (var code in codes)
        {
            (await SignedIn(account, code.ToUpperInvariant())).ShouldBe(1, code);
        }

        (await SignedIn(account, codes[0])).ShouldBe(0);
        (await PortalAccount.LastMailTo(server, account.Email))!.Body.Text.ShouldContain("Codes left: 0");
        (
            await server.Installation.Query<long>(
                "SELECT COUNT(*) FROM developer_recovery_codes WHERE developer_id = @Id",
                new { account.Id }
            )
        ).ShouldBe(0);
    }

    [Fact]
    public async Task Ten_wrong_codes_close_the_second_step_to_the_right_one_too()
    {
        var account = await PortalAccount.Create(servers.Main);
        var (app, _) = await account.EnableSecondFactor(await account.SignIn()); // takes one of the ten
        var tries = 1;
        while (tries < 10)
        {
            var client = await account.SignIn();
            for (var at = 0; at < 5 && tries < 10; at++, tries++)
            {
                (await client.Post(CodePage, "code", ("code", app.WrongCode()))).Status.ShouldBeOneOf(
                    HttpStatusCode.OK,
                    HttpStatusCode.SeeOther
                );
            }
        }

        var last = await account.SignIn();
        (await last.Post(CodePage, "code", ("code", app.Code(1)))).Text.ShouldContain("Too many attempts");
        last.Session.ShouldBeNull();
    }

    [Fact]
    public async Task A_login_that_waits_for_its_code_takes_five_tries()
    {
        var account = await PortalAccount.Create(servers.Main);
        var (app, _) = await account.EnableSecondFactor(await account.SignIn());
        var client = await account.SignIn();
        var hidden = await client.Fields(CodePage, "code");
        var cookies = client.Copy();
        for (var at = 0; at < 5; at++)
        {
            await cookies.Copy().Send(CodePage, hidden, ("code", app.WrongCode()));
        }

        (await cookies.Send(CodePage, hidden, ("code", app.Code(1)))).Status.ShouldNotBe(HttpStatusCode.OK);
        cookies.Session.ShouldBeNull();
    }

    [Fact]
    public async Task The_second_step_leads_to_a_page_of_the_portal_and_nowhere_else()
    {
        var server = await servers.Unlimited();
        var account = await PortalAccount.Create(server);
        var (app, _) = await account.EnableSecondFactor(await account.SignIn());
        foreach (
            var asked in new[]
            {
                "//evil.example",
                "/\\evil.example",
                "https://evil.example",
                "http:evil.example",
                "///evil.example",
                "/\t/evil.example",
                "javascript:alert(1)",
                "/portal/..//evil.example",
                "/portal@evil.example",
                "/portal.evil.example",
                "/portal//evil.example",
                "/portal\r\nLocation: https://evil.example",
            }
        )
        {
            await account.ResetTotpSteps();
            var client = await account.SignIn();
            (await client.Post($"{CodePage}?returnUrl={Uri.EscapeDataString(asked)}", "code", ("code", app.Code())))
                .Header("Location")
                .ShouldBe("/portal", asked);
        }

        await account.ResetTotpSteps();
        var last = await account.SignIn();
        (await last.Post($"{CodePage}?returnUrl=%2Fportal%2Faccount", "code", ("code", app.Code())))
            .Header("Location")
            .ShouldBe("/portal/account");
    }

    [Fact]
    public async Task Seeds_and_recovery_codes_are_not_in_the_database_as_they_are()
    {
        var account = await PortalAccount.Create(servers.Main);
        var client = await account.SignIn();
        var (_, codes) = await account.EnableSecondFactor(client);
        var stored = await servers.Main.Installation.Query<string>(
            "SELECT MAX(code_hash) FROM developer_recovery_codes WHERE developer_id = @Id",
            new { account.Id }
        );
        codes.ShouldAllBe(code => !stored.Contains(code.Replace("-", "", StringComparison.Ordinal)));
        (
            await servers.Main.Installation.Query<string>("SELECT totp_seed_sealed FROM developers WHERE id = @Id", new { account.Id })
        ).ShouldStartWith("v1.");
        (await client.Get("/portal/account/authenticator")).Text.ShouldNotContain(codes[0]);
    }

    /// <summary>Two browsers past the password send the same code at once; how many get in.</summary>
    private static async Task<int> SignedIn(PortalAccount account, string code)
    {
        var browsers = await Task.WhenAll(account.SignIn(), account.SignIn());
        var forms = await Task.WhenAll(browsers.Select(browser => browser.Fields(CodePage, "code")));
        await Task.WhenAll(browsers.Zip(forms, (browser, form) => browser.Send(CodePage, form, ("code", code))));
        var signedIn = 0;
        foreach (var browser in browsers.Where(browser => browser.Session is not null))
        {
            signedIn += await browser.IsSignedIn() ? 1 : 0;
        }

        return signedIn;
    }

    /// <summary>What a page says, without its tokens and what was typed.</summary>
    private static string Said(Reply reply) =>
        new AngleSharp.Html.Parser.HtmlParser().ParseDocument(reply.Text).QuerySelector("main")!.TextContent;
}
