using System.Net;

namespace Latchkey.Tests.Portal.Account;

/// <summary>The page "Confirm that it is you", and what it stands before.</summary>
public sealed class StepUpTests(ServerFixture servers)
{
    private const string ConfirmPage = "/portal/confirm";
    private const string PasswordPage = "/portal/account/password";
    private const string Next = "another long portal password";

    [Fact]
    public async Task A_sign_in_counts_for_a_quarter_of_an_hour()
    {
        var account = await PortalAccount.Create(servers.Main);
        var client = await account.SignIn();
        await MoveProof(account, -14 * 60_000);
        (await client.Get(PasswordPage)).ShouldBeOk();
        await MoveProof(account, -61_000);
        (await client.Get(PasswordPage)).Header("Location").ShouldBe($"{ConfirmPage}?returnUrl=%2Fportal%2Faccount%2Fpassword");
        (await client.Get("/portal/account")).ShouldBeOk();
    }

    [Fact]
    public async Task The_password_leads_back_to_what_one_was_doing()
    {
        var account = await PortalAccount.Create(servers.Main);
        var client = await account.SignIn();
        await account.LetProofExpire();
        var asked = (await client.Get($"{PasswordPage}?from=here")).Header("Location")!;
        (await client.Post(asked, "confirm", ("password", PortalAccount.Password)))
            .Header("Location")
            .ShouldBe($"{PasswordPage}?from=here");
        (await client.Post(PasswordPage, "password", ("password", Next))).Header("Location").ShouldBe("/portal/account?done=password");
        await account.SignIn(Next);
    }

    [Fact]
    public async Task A_form_that_waited_too_long_changes_nothing_and_comes_back_after_the_proof()
    {
        var account = await PortalAccount.Create(servers.Main);
        var client = await account.SignIn();
        var form = await client.Fields(PasswordPage, "password");
        await account.LetProofExpire();
        var asked = (await client.Send(PasswordPage, form, ("password", Next))).Header("Location")!;
        asked.ShouldStartWith(ConfirmPage);
        await account.SignIn(); // still the old password
        (await client.Post(asked, "confirm", ("password", PortalAccount.Password))).Header("Location").ShouldBe(PasswordPage);
        (await client.Get(PasswordPage)).ShouldBeOk();
    }

    [Fact]
    public async Task What_an_earlier_form_did_is_not_said_of_one_that_was_not_taken()
    {
        var (ada, ben) = (
            await PortalAccount.Create(servers.Main, "ada", isOperator: true),
            await PortalAccount.Create(servers.Main, "ben")
        );
        var client = await ada.SignIn();
        var page = $"/portal/operator/developers/{ben.Id}";
        await ada.LetProofExpire();
        var form = await client.Fields($"{page}?done=suspended", "make");
        var asked = (await client.Send($"{page}?done=suspended&x=1", form)).Header("Location")!;
        asked.ShouldNotContain("done");
        (await client.Get(asked)).Text.ShouldContain("Nothing was changed yet");
        (await client.Post(asked, "confirm", ("password", PortalAccount.Password))).Header("Location").ShouldBe($"{page}?x=1");
    }

    [Theory]
    [InlineData("/portal/operator/mailbox")]
    [InlineData("/portal/operator/mailbox/01900000-0000-7000-8000-000000000001")]
    [InlineData("/portal/operator/mailbox/01900000-0000-7000-8000-000000000001/html")]
    public async Task The_mailbox_with_the_links_of_password_resets_asks_before_it_shows_them(string page)
    {
        var account = await PortalAccount.Create(servers.Main, "operator", isOperator: true);
        var client = await account.SignIn();
        (await client.Get(page)).Status.ShouldBeOneOf(HttpStatusCode.OK, HttpStatusCode.NotFound);
        await account.LetProofExpire();
        (await client.Get(page)).Header("Location")!.ShouldStartWith(ConfirmPage);
    }

    [Fact]
    public async Task Nobody_is_made_an_operator_from_a_browser_that_was_left_open()
    {
        var (ada, ben) = (
            await PortalAccount.Create(servers.Main, "ada", isOperator: true),
            await PortalAccount.Create(servers.Main, "ben")
        );
        var client = await ada.SignIn();
        var page = $"/portal/operator/developers/{ben.Id}";
        await ada.LetProofExpire();
        var asked = (await client.Post(page, "make")).Header("Location")!;
        (await RoleOf(ben)).ShouldBe("developer");
        (await client.Post(asked, "confirm", ("password", PortalAccount.Password))).Header("Location").ShouldBe(page);
        await client.Post(page, "make");
        (await RoleOf(ben)).ShouldBe("operator");
    }

    [Fact]
    public async Task With_an_authenticator_the_password_alone_proves_nothing()
    {
        var account = await PortalAccount.Create(servers.Main);
        var client = await account.SignIn();
        var (app, _) = await account.EnableSecondFactor(client);
        await account.LetProofExpire();
        (await client.Post(ConfirmPage, "confirm", ("password", PortalAccount.Password))).Text.ShouldContain("This code is wrong");
        (await client.Post(ConfirmPage, "confirm", ("password", "wrong"), ("code", app.Code(1)))).Text.ShouldContain("not your password");
        (await client.Get(PasswordPage)).Header("Location")!.ShouldStartWith(ConfirmPage);
        (await client.Post(ConfirmPage, "confirm", ("password", PortalAccount.Password), ("code", app.Code(1))))
            .Header("Location")
            .ShouldBe("/portal");
        (await client.Get(PasswordPage)).ShouldBeOk();

        await account.LetProofExpire();
        (await client.Post(ConfirmPage, "confirm", ("password", PortalAccount.Password), ("code", app.Code(1)))).Text.ShouldContain(
            "already used"
        );
    }

    [Fact]
    public async Task A_recovery_code_proves_once_and_is_told_by_mail()
    {
        var account = await PortalAccount.Create(servers.Main);
        var client = await account.SignIn();
        var (_, codes) = await account.EnableSecondFactor(client);
        await account.LetProofExpire();
        (await client.Post(ConfirmPage, "confirm", ("password", PortalAccount.Password), ("code", codes[0])))
            .Header("Location")
            .ShouldBe("/portal");
        (await PortalAccount.LastMailTo(servers.Main, account.Email))!.Body.Text.ShouldContain("Codes left: 9");
        await account.LetProofExpire();
        (await client.Post(ConfirmPage, "confirm", ("password", PortalAccount.Password), ("code", codes[0]))).Text.ShouldContain("wrong");
    }

    [Fact]
    public async Task With_two_recovery_codes_left_the_mail_asks_for_new_ones()
    {
        var server = await servers.Unlimited();
        var account = await PortalAccount.Create(server);
        var client = await account.SignIn();
        var (_, codes) = await account.EnableSecondFactor(client);
        foreach (var (code, at) in codes.Take(8).Select((code, at) => (code, at)))
        {
            await account.LetProofExpire();
            await client.Post(ConfirmPage, "confirm", ("password", PortalAccount.Password), ("code", code));
            var mail = (await PortalAccount.LastMailTo(server, account.Email))!;
            mail.Body.Text.ShouldContain($"Codes left: {9 - at}");
            (mail.Body.Link is not null).ShouldBe(at == 7, $"{9 - at} left");
        }

        (await PortalAccount.LastLinkTo(server, account.Email)).ShouldBe("/portal/account/recovery-codes");
        (await client.Get("/portal/account")).Text.ShouldContain("You have 2 recovery codes");
    }

    [Fact]
    public async Task The_proof_gives_the_browser_a_new_session_and_the_old_one_is_dead()
    {
        var account = await PortalAccount.Create(servers.Main);
        var client = await account.SignIn();
        var stolen = client.Copy();
        await account.LetProofExpire();
        await client.Post(ConfirmPage, "confirm", ("password", PortalAccount.Password));
        client.Session.ShouldNotBe(stolen.Session);
        (await client.IsSignedIn()).ShouldBeTrue();
        (await stolen.IsSignedIn()).ShouldBeFalse();
    }

    [Fact]
    public async Task A_proof_in_one_browser_proves_nothing_in_another()
    {
        var account = await PortalAccount.Create(servers.Main);
        var (here, there) = (await account.SignIn(), await account.SignIn());
        await account.LetProofExpire();
        await here.Post(ConfirmPage, "confirm", ("password", PortalAccount.Password));
        (await here.Get(PasswordPage)).ShouldBeOk();
        (await there.Get(PasswordPage)).Header("Location")!.ShouldStartWith(ConfirmPage);
    }

    [Fact]
    public async Task After_five_wrong_passwords_the_right_one_waits_too()
    {
        var account = await PortalAccount.Create(servers.Main);
        var client = await account.SignIn();
        await account.LetProofExpire();
        for (var at = 0; at < 5; at++)
        {
            (await client.Post(ConfirmPage, "confirm", ("password", $"wrong {at}"))).Text.ShouldContain("not your password");
        }

        (await client.Post(ConfirmPage, "confirm", ("password", PortalAccount.Password))).Text.ShouldContain("Too many attempts");
        (await client.Get(PasswordPage)).Header("Location")!.ShouldStartWith(ConfirmPage);
    }

    [Fact]
    public async Task Guesses_at_the_code_count_with_those_at_the_sign_in()
    {
        var account = await PortalAccount.Create(servers.Main);
        var client = await account.SignIn();
        var (app, _) = await account.EnableSecondFactor(client); // takes one of the ten
        await account.LetProofExpire();
        for (var at = 0; at < 9; at++)
        {
            await client.Post(ConfirmPage, "confirm", ("password", PortalAccount.Password), ("code", app.WrongCode()));
        }

        (await client.Post(ConfirmPage, "confirm", ("password", PortalAccount.Password), ("code", app.Code(1)))).Text.ShouldContain(
            "Too many attempts"
        );
        var thief = await account.SignIn();
        (await thief.Post("/portal/sign-in/code", "code", ("code", app.Code(1)))).Text.ShouldContain("Too many attempts");
        (await servers.Main.Installation.Query<int>("SELECT failed_codes FROM developers WHERE id = @Id", new { account.Id })).ShouldBe(9);
    }

    [Fact]
    public async Task A_parallel_guess_gets_no_more_tries()
    {
        var account = await PortalAccount.Create(servers.Main);
        var client = await account.SignIn();
        await account.LetProofExpire();
        var form = await client.Fields(ConfirmPage, "confirm");
        await Task.WhenAll(Enumerable.Range(0, 12).Select(at => client.Copy().Send(ConfirmPage, form, ("password", $"wrong {at}"))));
        (await client.Send(ConfirmPage, form, ("password", PortalAccount.Password))).Text.ShouldContain("Too many attempts");
    }

    [Theory]
    [InlineData("//evil.example")]
    [InlineData("https://evil.example")]
    [InlineData("/portal/..//evil.example")]
    [InlineData("/portal/sign-out")]
    public async Task The_page_leads_to_the_portal_and_nowhere_else(string asked)
    {
        var account = await PortalAccount.Create(servers.Main);
        var client = await account.SignIn();
        var address = $"{ConfirmPage}?returnUrl={Uri.EscapeDataString(asked)}";
        (await client.Get(address)).Header("Location").ShouldBe("/portal"); // the sign-in is fresh
        await account.LetProofExpire();
        (await client.Post(address, "confirm", ("password", PortalAccount.Password))).Header("Location").ShouldBe("/portal");
    }

    [Fact]
    public async Task It_is_there_for_nobody_who_is_not_signed_in() =>
        (await new PortalClient(servers.Main).Get(ConfirmPage)).Header("Location")!.ShouldStartWith("/portal/sign-in");

    private Task<string> RoleOf(PortalAccount account) =>
        servers.Main.Installation.Query<string>("SELECT role FROM developers WHERE id = @Id", new { account.Id });

    private static Task MoveProof(PortalAccount account, long by) =>
        account.Server.Installation.Execute(
            "UPDATE portal_sessions SET proved_at = proved_at + @by WHERE developer_id = @Id",
            new { by, account.Id }
        );
}
