using System.Net;

namespace Latchkey.Tests.Api.TwoFactor;

/// <summary>Codes of second factors that somebody guesses at who knows the password (security.md row 66).</summary>
public sealed class CodeGuessingLimitTests(ServerFixture servers)
{
    private const string Gus = "gus@example.com";

    [Fact]
    public async Task Five_wrong_codes_in_a_row_are_told_to_the_owner_once()
    {
        var (app, authenticator) = await WithGus();
        await Fail(app, authenticator, 4);
        (await app.MailKinds(Gus)).ShouldNotContain("codeGuessing");
        await Fail(app, authenticator, 4);
        (await app.MailKinds(Gus)).Count(kind => kind == "codeGuessing").ShouldBe(1);
    }

    [Fact]
    public async Task A_right_code_begins_the_count_anew()
    {
        var (app, authenticator) = await WithGus();
        await Fail(app, authenticator, 4);
        await app.ResetTotpSteps(Gus);
        app.ParseTokens(await app.LoginComplete(await Token(app), authenticator.Code()));
        await Fail(app, authenticator, 4);
        (await app.MailKinds(Gus)).ShouldNotContain("codeGuessing");
    }

    [Fact]
    public async Task From_the_tenth_on_each_makes_the_next_wait_longer()
    {
        var (app, authenticator) = await WithGus();
        await Fail(app, authenticator, 10);
        foreach (var seconds in new[] { 30, 60, 120, 240, 480, 900, 900 })
        {
            await app.ResetTotpSteps(Gus);
            var refused = await app.LoginComplete(await Token(app), authenticator.Code());
            refused.ShouldBeRateLimited();
            int.Parse(refused.Header("Retry-After")!).ShouldBeInRange(seconds / 2, seconds);
            await MoveLastFailure(app, seconds);
            await Fail(app, authenticator, 1);
        }

        await MoveLastFailure(app, 900);
        await app.ResetTotpSteps(Gus);
        app.ParseTokens(await app.LoginComplete(await Token(app), authenticator.Code()));
    }

    [Fact]
    public async Task After_fifty_nobody_gets_in_before_the_password_is_reset()
    {
        var (app, authenticator) = await WithGus();
        await app.Set("resetKeepsTwoFactor=1");
        await Fail(app, authenticator, 1);
        var pending = await Token(app);
        await app.Installation.Execute("UPDATE users SET failed_codes = 49, failed_code_at = 1 WHERE app_id = @Id", new { app.Id });
        await Fail(app, authenticator, 1);
        (await app.MailKinds(Gus))[^1].ShouldBe("userLocked");
        await app.ResetTotpSteps(Gus);
        (await app.LoginComplete(pending, authenticator.Code())).ShouldFailWith(404);
        (await app.TryLogin(Gus)).ShouldFailWith(404);
        await app.ForgetMessages();
        (await app.ForgotPassword(Gus)).ShouldBeTrue();
        (await app.ResetPassword(Gus, await app.LastCodeFor(Gus))).ShouldBeTrue();
        await app.TryLogin(Gus, AppFlows.NewPassword);
    }

    [Fact]
    public async Task Whom_fifty_wrong_codes_lock_is_shown_as_locked_and_can_be_unlocked()
    {
        var (app, authenticator) = await WithGus();
        using var editor = await PortalVisitor.Member(app, "editor");
        (await ListLocked()).ShouldBe(0);
        await app.Installation.Execute("UPDATE users SET failed_codes = 50 WHERE app_id = @Id", new { app.Id });
        (await app.Installation.Run("user", "show", app.Id, Gus, "--json")).Json.GetProperty("locked").GetBoolean().ShouldBeTrue();
        (await ListLocked()).ShouldBe(1);
        var id = await app.Installation.Query<string>("SELECT id FROM users WHERE app_id = @Id", new { app.Id });
        (await editor.SubmitAndFollow($"/portal/applications/{app.Id}/users/{id}", "unlock")).Text("main").ShouldContain("Unlocked");
        (await ListLocked()).ShouldBe(0);
        await app.ResetTotpSteps(Gus);
        app.ParseTokens(await app.LoginComplete(await Token(app), authenticator.Code()));

        async Task<int> ListLocked()
        {
            var page = await editor.Get($"/portal/applications/{app.Id}/users?status=locked");
            return page.Document.QuerySelectorAll("tbody tr").Length;
        }
    }

    [Fact]
    public async Task Where_accounts_are_hidden_the_lock_looks_like_a_wrong_password()
    {
        var (app, _) = await WithGus();
        await app.Set("signupFlow=code", "hideAccountExistence=1");
        await app.Installation.Execute("UPDATE users SET failed_codes = 50 WHERE app_id = @Id", new { app.Id });
        var (locked, wrong) = (await app.TryLogin(Gus), await app.TryLogin("nobody@example.com"));
        (locked.Status, locked.Text).ShouldBe((wrong.Status, wrong.Text));
        wrong.ShouldFailWith(600);
    }

    [Fact]
    public async Task Codes_by_SMS_count_alike()
    {
        var app = await servers.Main.CreateApp("signupFlow=none", "twoFactorVerification=phone");
        await (await app.CreateUser(Gus)).EnablePhone("+4915112345678");
        await app.ForgetMessages();
        var token = await app.LoginToken(Gus);
        var code = await app.LastCodeFor("+4915112345678");
        for (var i = 0; i < 5; i++)
        {
            (await app.LoginComplete(token, App.WrongCodeFor(code))).ShouldFailWith(600);
        }

        (await app.MailKinds(Gus)).ShouldContain("codeGuessing");
    }

    [Fact]
    public async Task Parallel_wrong_codes_are_all_counted()
    {
        var (app, authenticator) = await WithGus();
        var tokens = new List<string>();
        for (var i = 0; i < 8; i++)
        {
            tokens.Add(await Token(app));
        }

        await Task.WhenAll(tokens.Select(token => Task.Run(() => app.LoginComplete(token, authenticator.WrongCode()))));
        (await app.Installation.Query<int>("SELECT failed_codes FROM users WHERE app_id = @Id", new { app.Id })).ShouldBe(8);
    }

    [Fact]
    public async Task A_portal_account_is_told_waits_and_must_reset_alike()
    {
        var account = await PortalAccount.Create(servers.Main);
        var (app, _) = await account.EnableSecondFactor(await account.SignIn());
        var client = await account.SignIn();
        for (var i = 0; i < 5; i++)
        {
            await client.Post("/portal/sign-in/code", "code", ("code", app.WrongCode()));
        }

        (await PortalAccount.LastMailTo(servers.Main, account.Email))!.Envelope.Kind.ShouldBe("portalCodeGuessing");
        await SetFailures(account, 10, AppFlows.FromNow(0));
        (await (await account.SignIn()).Post("/portal/sign-in/code", "code", ("code", app.Code(1)))).Text.ShouldContain(
            "Too many attempts"
        );
        await SetFailures(account, 49, 1);
        await (await account.SignIn()).Post("/portal/sign-in/code", "code", ("code", app.WrongCode()));
        (await PortalAccount.LastMailTo(servers.Main, account.Email))!.Envelope.Kind.ShouldBe("portalResetRequired");
        var locked = await new PortalClient(servers.Main, "127.65.1.1").SignIn(account.Email, PortalAccount.Password);
        locked.Status.ShouldBe(HttpStatusCode.OK);
        locked.Text.ShouldContain("no longer works");
        await PortalAccount.ResetMailLimits(servers.Main, account.Email);
        await new PortalClient(servers.Main, "127.65.1.2").Post("/portal/forgot", "forgot", ("email", account.Email));
        var link = await PortalAccount.LastLinkTo(servers.Main, account.Email);
        await new PortalClient(servers.Main, "127.65.1.2").Post(link, "reset", ("password", "another long portal password"));
        await account.SignIn("another long portal password", "127.65.1.2");
    }

    private static Task SetFailures(PortalAccount account, int failures, long at) =>
        account.Server.Installation.Execute(
            "UPDATE developers SET failed_codes = @failures, failed_code_at = @at WHERE id = @Id",
            new
            {
                failures,
                at,
                account.Id,
            }
        );

    private async Task<(App App, Authenticator Authenticator)> WithGus()
    {
        var app = await servers.Main.CreateApp("signupFlow=none", "twoFactorVerification=google", "callsPerSecond=1000000");
        var gus = await app.CreateUser(Gus);
        return (app, await gus.EnableAuthenticator());
    }

    private static async Task<string> Token(App app)
    {
        await app.ForgetLogins();
        return await app.LoginToken(Gus);
    }

    /// <summary>Wrong codes, as if each of them were a day's first.</summary>
    private static async Task Fail(App app, Authenticator authenticator, int times)
    {
        for (var i = 0; i < times; i++)
        {
            var token = await Token(app);
            await ForgetWindow(app);
            (await app.LoginComplete(token, authenticator.WrongCode())).ShouldFailWith(600);
        }

        await ForgetWindow(app);
    }

    /// <summary>The ten of ten minutes bound a row of failures too; here it is about the row.</summary>
    private static Task ForgetWindow(App app) =>
        app.Installation.Execute("DELETE FROM limits WHERE bucket LIKE @window", new { window = $"{app.Id}|authenticator codes%" });

    private static async Task MoveLastFailure(App app, int seconds) =>
        (
            await app.Installation.Execute(
                "UPDATE users SET failed_code_at = failed_code_at - @back WHERE app_id = @Id",
                new { back = seconds * 1000L, app.Id }
            )
        ).ShouldBe(1);
}
