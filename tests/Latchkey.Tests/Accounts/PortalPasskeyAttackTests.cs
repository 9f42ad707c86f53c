using static Latchkey.Tests.Accounts.PortalPasskeyFlows;

namespace Latchkey.Tests.Accounts;

/// <summary>Passkeys of portal accounts that are wrong, stolen, replayed or somebody else's.</summary>
public sealed class PortalPasskeyAttackTests(ServerFixture servers)
{
    private const string Refused = "This passkey was not accepted";

    public static TheoryData<string, string> Errors =>
        new()
        {
            { "origin", "is not one of" },
            { "rp", "RPID hash does not match" },
            { "type", "another kind of request" },
            { "challenge", "another challenge" },
            { "frame", "frame of another origin" },
            { "presence", "User Present flag not set" },
            { "verification", "User Verified flag not set" },
            { "unknown", "no account has this passkey" },
        };

    [Theory]
    [MemberData(nameof(Errors))]
    public async Task A_wrong_answer_signs_nobody_in_and_its_cause_is_in_the_log(string error, string cause)
    {
        var (_, _, passkey, _) = await servers.Main.WithPasskey();
        using var stranger = servers.Main.NewPasskey();
        using (passkey)
        {
            var used = error == "unknown" ? stranger : passkey;
            Err(used, error);
            stranger.UserHandle = passkey.UserHandle;
            var browser = new PortalClient(servers.Main);
            (await browser.UsePasskey(SignInPage, used)).Text.ShouldContain(Refused);
            browser.Session.ShouldBeNull();
            await servers.Main.LogLine(cause);
        }
    }

    [Fact]
    public async Task Unknown_passkeys_and_wrong_answers_of_known_ones_are_answered_alike()
    {
        var (_, _, passkey, _) = await servers.Main.WithPasskey();
        using var __ = passkey;
        using var stranger = servers.Main.NewPasskey();
        stranger.UserHandle = passkey.UserHandle;
        var unknown = await new PortalClient(servers.Main).UsePasskey(SignInPage, stranger);
        passkey.UserVerified = false;
        var known = await new PortalClient(servers.Main).UsePasskey(SignInPage, passkey);
        (unknown.Status, Said(unknown)).ShouldBe((known.Status, Said(known)));
    }

    [Fact]
    public async Task An_answer_counts_once()
    {
        var (_, _, passkey, _) = await servers.Main.WithPasskey();
        using var __ = passkey;
        var browser = new PortalClient(servers.Main);
        var (options, form) = await browser.AskedBy(SignInPage);
        var credential = passkey.Sign(options);
        var thief = browser.Copy();
        (await browser.Send(SignInPage, form, ("credential", credential))).Header("Location").ShouldBe("/portal");
        (await thief.Send(SignInPage, form, ("credential", credential))).Text.ShouldContain(Refused);
        thief.Session.ShouldBeNull();
        await servers.Main.LogLine("the request token was used before");
    }

    [Fact]
    public async Task An_answer_that_two_send_at_once_opens_one_session()
    {
        var (_, _, passkey, _) = await (await servers.Unlimited()).WithPasskey();
        using var __ = passkey;
        for (var round = 0; round < TestScale.Size(10, 200); round++)
        {
            var browser = new PortalClient(await servers.Unlimited());
            var (options, form) = await browser.AskedBy(SignInPage);
            var credential = passkey.Sign(options);
            PortalClient[] both = [browser, browser.Copy()];
            await Task.WhenAll(both.Select(one => one.Send(SignInPage, form, ("credential", credential))));
            both.Count(one => one.Session is not null).ShouldBe(1, $"round {round}");
        }
    }

    [Fact]
    public async Task A_wrong_answer_uses_its_challenge_up()
    {
        var (_, _, passkey, _) = await servers.Main.WithPasskey();
        using var __ = passkey;
        var browser = new PortalClient(servers.Main);
        var (options, form) = await browser.AskedBy(SignInPage);
        passkey.UserVerified = false;
        (await browser.Send(SignInPage, form, ("credential", passkey.Sign(options)))).Text.ShouldContain(Refused);
        passkey.UserVerified = true;
        (await browser.Send(SignInPage, form, ("credential", passkey.Sign(options)))).Text.ShouldContain(Refused);
        (await browser.UsePasskey(SignInPage, passkey)).Header("Location").ShouldBe("/portal");
    }

    [Fact]
    public async Task A_counter_that_goes_back_signs_nobody_in()
    {
        var (_, _, passkey, _) = await servers.Main.WithPasskey();
        using var __ = passkey;
        passkey.SignCount = 5;
        (await new PortalClient(servers.Main).UsePasskey(SignInPage, passkey)).Header("Location").ShouldBe("/portal");
        (await new PortalClient(servers.Main).UsePasskey(SignInPage, passkey)).Text.ShouldContain(Refused);
        await servers.Main.LogLine("the counter did not rise");
    }

    [Fact]
    public async Task The_passkey_of_another_account_is_no_second_factor_and_confirms_nothing()
    {
        var (victim, client, passkey, _) = await servers.Main.WithPasskey();
        var (_, _, other, _) = await servers.Main.WithPasskey();
        using var _ = passkey;
        using var __ = other;
        var thief = await victim.SignIn(); // who knows the password
        (await thief.UsePasskey(SecondFactorPage, other)).Text.ShouldContain(Refused);
        thief.Session.ShouldBeNull();

        await victim.LetProofExpire();
        (await client.UsePasskey(ConfirmPage, other)).Text.ShouldContain(Refused);
        (await client.Get("/portal/account/password")).Header("Location")!.ShouldStartWith(ConfirmPage);
    }

    [Fact]
    public async Task What_one_page_asks_for_is_good_for_no_other()
    {
        var (account, client, passkey, _) = await servers.Main.WithPasskey();
        using var __ = passkey;
        await account.LetProofExpire();
        var (toSignIn, signInForm) = await new PortalClient(servers.Main).AskedBy(SignInPage);
        var form = await client.Fields(ConfirmPage, "passkey");
        (
            await client.Send(ConfirmPage, form, ("requestToken", signInForm["requestToken"]), ("credential", passkey.Sign(toSignIn)))
        ).Text.ShouldContain(Refused);
        await servers.Main.LogLine("not confirmed: the request token is for something else");

        var (first, second) = (await account.SignIn(), await account.SignIn());
        var (options, asked) = await first.AskedBy(SecondFactorPage);
        var waiting = await second.Fields(SecondFactorPage, "passkey");
        (
            await second.Send(SecondFactorPage, waiting, ("requestToken", asked["requestToken"]), ("credential", passkey.Sign(options)))
        ).Text.ShouldContain(Refused);
        await servers.Main.LogLine("s request token");
    }

    [Fact]
    public async Task A_passkey_of_an_applications_user_opens_no_portal()
    {
        var app = await servers.Main.CreateApp("signupFlow=none", "passkeysEnabled=1", "passkeyRpId=localhost");
        using var passkey = servers.Main.NewPasskey();
        var user = await app.CreateUser("ann@example.com");
        var asked = (await user.Post("passkeyOptions", new { })).ShouldBeOk().Json;
        (
            await user.Post(
                "passkeyRegister",
                new { requestToken = asked.GetProperty("request-token").GetString(), credential = passkey.Register(asked) }
            )
        ).ShouldBeOk();
        (await new PortalClient(servers.Main).UsePasskey(SignInPage, passkey)).Text.ShouldContain(Refused);

        var (_, _, own, _) = await servers.Main.WithPasskey();
        using var __ = own;
        var options = (await app.Post("passkeyLoginOptions", new { })).ShouldBeOk().Json;
        var browser = new PortalClient(servers.Main);
        var form = await browser.Fields(SignInPage, "passkey");
        (
            await browser.Send(
                SignInPage,
                form,
                ("requestToken", options.GetProperty("request-token").GetString()!),
                ("credential", own.Sign(options))
            )
        ).Text.ShouldContain(Refused);
    }

    [Fact]
    public async Task A_registration_belongs_to_the_session_that_asked()
    {
        var account = await PortalAccount.Create(servers.Main);
        var (one, other) = (await account.SignIn(), await account.SignIn());
        using var passkey = servers.Main.NewPasskey();
        var (options, asked) = await one.AskedBy(PasskeysPage);
        var form = await other.Fields(PasskeysPage, "passkey");
        var credential = passkey.Register(options);
        (await other.Send(PasskeysPage, form, ("requestToken", asked["requestToken"]), ("credential", credential))).Text.ShouldContain(
            Refused
        );
        (await one.Send(PasskeysPage, asked, ("credential", credential))).Header("Location")!.ShouldContain("recovery-codes");
        (await one.Send(PasskeysPage, asked, ("credential", credential))).Text.ShouldContain(Refused);
    }

    [Fact]
    public async Task A_credential_is_one_accounts_only()
    {
        var (_, _, passkey, _) = await servers.Main.WithPasskey();
        using var __ = passkey;
        var other = await (await PortalAccount.Create(servers.Main)).SignIn();
        (await other.AddPasskey(passkey)).Text.ShouldContain(Refused);
        await servers.Main.LogLine("the credential is registered already");
    }

    [Fact]
    public async Task Somebody_elses_passkey_is_not_seen_renamed_or_removed()
    {
        var (victim, _, passkey, _) = await servers.Main.WithPasskey();
        var (_, mallory, own, _) = await servers.Main.WithPasskey();
        using var _ = passkey;
        own.Dispose();
        var id = await servers.Main.Installation.Query<string>(
            "SELECT id FROM developer_passkeys WHERE developer_id = @Id",
            new { victim.Id }
        );
        (await mallory.Get($"{PasskeysPage}/{id}")).Status.ShouldBe(System.Net.HttpStatusCode.NotFound);
        var token = await mallory.Fields(PasskeysPage, "passkey");
        foreach (var form in new[] { "rename", "remove" })
        {
            await mallory.Send($"{PasskeysPage}/{id}", token, ("_handler", form), ("name", "mine"));
        }

        (await servers.Main.Installation.Query<string>("SELECT name FROM developer_passkeys WHERE id = @id", new { id })).ShouldBe(
            "Passkey"
        );
        (await new PortalClient(servers.Main).UsePasskey(SignInPage, passkey)).Header("Location").ShouldBe("/portal");
    }

    [Fact]
    public async Task A_browser_that_was_left_open_gets_no_passkey()
    {
        var account = await PortalAccount.Create(servers.Main);
        var client = await account.SignIn();
        using var passkey = servers.Main.NewPasskey();
        var (options, form) = await client.AskedBy(PasskeysPage);
        await account.LetProofExpire();
        (await client.Get(PasskeysPage)).Header("Location")!.ShouldStartWith(ConfirmPage);
        (await client.Send(PasskeysPage, form, ("credential", passkey.Register(options)))).Header("Location")!.ShouldStartWith(ConfirmPage);
        (
            await servers.Main.Installation.Query<long>(
                "SELECT COUNT(*) FROM developer_passkeys WHERE developer_id = @Id",
                new { account.Id }
            )
        ).ShouldBe(0);
    }

    [Fact]
    public async Task A_suspended_account_is_refused()
    {
        var (account, _, passkey, _) = await servers.Main.WithPasskey();
        using var __ = passkey;
        await servers.Main.Installation.Execute("UPDATE developers SET status = 'suspended' WHERE id = @Id", new { account.Id });
        (await new PortalClient(servers.Main).UsePasskey(SignInPage, passkey)).Text.ShouldContain(Refused);
        await servers.Main.LogLine($"passkey refused: the account is suspended or gone, account {account.Id}");
    }

    [Fact]
    public async Task After_fifty_wrong_codes_the_passkey_waits_for_a_new_password_too()
    {
        var (account, _, passkey, _) = await servers.Main.WithPasskey();
        using var __ = passkey;
        await servers.Main.Installation.Execute("UPDATE developers SET failed_codes = 50 WHERE id = @Id", new { account.Id });
        (await new PortalClient(servers.Main).UsePasskey(SignInPage, passkey)).Text.ShouldContain("There were too many wrong codes");
        (await servers.Main.Installation.Query<long>("SELECT failed_codes FROM developers WHERE id = @Id", new { account.Id })).ShouldBe(
            50
        );
    }

    [Fact]
    public async Task A_login_takes_five_wrong_passkeys()
    {
        var (account, _, passkey, _) = await servers.Main.WithPasskey();
        using var __ = passkey;
        var browser = await account.SignIn();
        passkey.Challenge = "AAAA";
        for (var tries = 0; tries < 4; tries++)
        {
            (await browser.UsePasskey(SecondFactorPage, passkey)).Text.ShouldContain(Refused);
        }

        (await browser.UsePasskey(SecondFactorPage, passkey)).Header("Location")!.ShouldStartWith("/portal/sign-in?again=1");
    }

    private static void Err(SoftAuthenticator passkey, string error)
    {
        switch (error)
        {
            case "origin":
                passkey.Origin = "https://evil.example";
                break;
            case "rp":
                passkey.RpId = "evil.example";
                break;
            case "type":
                passkey.Type = "webauthn.create";
                break;
            case "challenge":
                passkey.Challenge = "AAAA";
                break;
            case "frame":
                passkey.CrossOrigin = true;
                break;
            case "presence":
                passkey.UserPresent = false;
                break;
            case "verification":
                passkey.UserVerified = false;
                break;
        }
    }

    private static string Said(Reply reply) => new AngleSharp.Html.Parser.HtmlParser().ParseDocument(reply.Text).Body!.TextContent;
}
