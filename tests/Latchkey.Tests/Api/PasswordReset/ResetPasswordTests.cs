namespace Latchkey.Tests.Api.PasswordReset;

/// <summary>resetPassword: a new password with the mailed code, and what it ends.</summary>
public sealed class ResetPasswordTests(ServerFixture servers)
{
    private const string Una = "una@example.com";

    [Fact]
    public async Task The_new_password_logs_in_and_the_old_one_does_not()
    {
        var app = await WithUna();
        (await app.ResetPassword(Una, await Code(app))).ShouldBeTrue();
        await app.Login(Una, AppFlows.NewPassword);
        (await app.TryLogin(Una)).ShouldFailWith(600);
        (await app.MailKinds(Una))[^1].ShouldBe("passwordChanged");
    }

    [Fact]
    public async Task Every_session_ends()
    {
        var app = await WithUna();
        var (phone, tablet) = (await app.Login(Una), await app.Login(Una));
        (await app.ResetPassword(Una, await Code(app))).ShouldBeTrue();
        (await phone.TryGetUser()).ShouldFailWith(405);
        (await tablet.TryGetUser()).ShouldFailWith(405);
    }

    [Fact]
    public async Task A_wrong_used_or_superfluous_code_is_refused()
    {
        var app = await WithUna();
        var first = await Code(app);
        var second = await Code(app);
        (await app.ResetPassword(Una, "111111" == second || "111111" == first ? "333333" : "111111")).ShouldFailWith(602);
        (await app.ResetPassword("nobody@example.com", second)).ShouldFailWith(602);
        (await app.ResetPassword(Una, "12345")).ShouldFailWith(602);
        (await app.ResetPassword(Una, second)).ShouldBeTrue();
        (await app.ResetPassword(Una, second, "yet another horse")).ShouldFailWith(602);
        (await app.ResetPassword(Una, first, "yet another horse")).ShouldFailWith(602);
        await app.Login(Una, AppFlows.NewPassword);
    }

    [Fact]
    public async Task A_code_may_come_as_a_number()
    {
        var app = await WithUna();
        var code = await Code(app);
        (
            await app.Post(
                "resetPassword",
                new
                {
                    handle = Una,
                    password = AppFlows.NewPassword,
                    code = int.Parse(code),
                }
            )
        ).ShouldBeTrue();
    }

    [Fact]
    public async Task Expiry_is_decided_when_the_code_is_used()
    {
        var app = await WithUna();
        var code = await Code(app);
        await Expire(app, -1);
        (await app.ResetPassword(Una, code)).ShouldFailWith(602);
        await Expire(app, 5);
        (await app.ResetPassword(Una, code)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_code_is_good_for_ten_minutes()
    {
        var app = await WithUna();
        await Code(app);
        (
            await app.Installation.Query<long>("SELECT expires_at - created_at FROM user_codes WHERE app_id = @id", new { id = app.Id })
        ).ShouldBe(600_000);
    }

    [Fact]
    public async Task A_password_below_the_policy_uses_no_code_up()
    {
        var app = await WithUna();
        var code = await Code(app);
        (await app.ResetPassword(Una, code, "short")).ShouldFailWith(702);
        (await app.ResetPassword(Una, code)).ShouldBeTrue();
    }

    [Fact]
    public async Task The_second_factor_goes_off_where_the_contract_holds()
    {
        var app = await WithUna("twoFactorVerification=google", "resetKeepsTwoFactor=0");
        await (await Verified(app)).EnableAuthenticator();
        (await app.ResetPassword(Una, await Code(app))).ShouldBeTrue();
        var una = await app.Login(Una, AppFlows.NewPassword);
        (await una.GetUser()).GetProperty("twoFactorGoogleVerification").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task The_second_factor_of_a_new_application_stays_on()
    {
        var app = await WithUna("twoFactorVerification=google");
        var authenticator = await (await Verified(app)).EnableAuthenticator();
        (await app.ResetPassword(Una, await Code(app))).ShouldBeTrue();
        app.ParseTokens(await app.LoginComplete(await app.LoginToken(Una, AppFlows.NewPassword), authenticator.Code()));
    }

    [Fact]
    public async Task A_reset_unverified_address_keeps_nothing_that_a_stranger_may_have_left()
    {
        var app = await WithUna("twoFactorVerification=phone", "resetKeepsTwoFactor=1", "userNamesEnabled=1");
        var stranger = await app.Login(Una);
        (await stranger.Post("setUserName", new { userName = "una" })).ShouldBeTrue();
        await stranger.EnablePhone("+4915112345678");
        (await app.ResetPassword(Una, await Code(app))).ShouldBeTrue();
        var user = await (await app.Login(Una, AppFlows.NewPassword)).GetUser();
        user.TryGetProperty("phone", out _).ShouldBeFalse();
        user.TryGetProperty("userName", out _).ShouldBeFalse();
        user.GetProperty("twoFactorPhoneVerification").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task A_verified_address_keeps_phone_and_name()
    {
        var app = await WithUna("twoFactorVerification=phone", "userNamesEnabled=1", "resetKeepsTwoFactor=0");
        var una = await Verified(app);
        (await una.Post("setUserName", new { userName = "una" })).ShouldBeTrue();
        await una.EnablePhone("+4915112345678");
        (await app.ResetPassword(Una, await Code(app))).ShouldBeTrue();
        var user = await (await app.Login(Una, AppFlows.NewPassword)).GetUser();
        user.GetProperty("phone").GetString().ShouldBe("+4915112345678");
        user.GetProperty("userName").GetString().ShouldBe("una");
        user.GetProperty("twoFactorPhoneVerification").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task A_login_token_from_before_completes_nothing_after()
    {
        var app = await WithUna("twoFactorVerification=google", "resetKeepsTwoFactor=1");
        var authenticator = await (await Verified(app)).EnableAuthenticator();
        var before = await app.LoginToken(Una);
        (await app.ResetPassword(Una, await Code(app))).ShouldBeTrue();
        (await app.LoginComplete(before, authenticator.Code())).ShouldFailWith(600);
    }

    /// <summary>Whoever read the owner's mail before does not take the account over afterwards.</summary>
    [Theory]
    [InlineData("the user changes the password")]
    [InlineData("an administrator sets the password")]
    [InlineData("an administrator suspends the user for a while")]
    public async Task A_code_from_before_sets_no_password_after(string happening)
    {
        var app = await WithUna();
        var una = await app.Login(Una);
        var code = await Code(app);
        switch (happening)
        {
            case "the user changes the password":
                (await una.Post("changePassword", new { password = App.Password, newPassword = "the second horse" })).ShouldBeTrue();
                break;
            case "an administrator sets the password":
                (
                    await app.SendAsServer(HttpMethod.Post, $"users/{Una}/resetPassword", new { password = "the second horse" })
                ).ShouldBeTrue();
                break;
            default:
                (await app.SendAsServer(HttpMethod.Post, $"users/{Una}/suspend")).ShouldBeTrue();
                (await app.SendAsServer(HttpMethod.Post, $"users/{Una}/activate")).ShouldBeTrue();
                break;
        }

        (await app.ResetPassword(Una, code)).ShouldFailWith(602);
        (await app.TryLogin(Una, AppFlows.NewPassword)).ShouldFailWith(600);
    }

    [Fact]
    public async Task A_locked_user_is_unlocked()
    {
        var app = await WithUna("maxLoginAttempts=2");
        (await app.TryLogin(Una, "wrong")).ShouldFailWith(600);
        (await app.TryLogin(Una, "wrong")).ShouldFailWith(600);
        (await app.TryLogin(Una)).ShouldFailWith(404);
        (await app.ResetPassword(Una, await Code(app))).ShouldBeTrue();
        await app.Login(Una, AppFlows.NewPassword);
    }

    [Fact]
    [Covers(404)]
    public async Task A_suspended_user_stays_suspended()
    {
        var app = await WithUna();
        (await app.SendAsServer(HttpMethod.Post, $"users/{Una}/suspend")).ShouldBeTrue();
        (await app.ResetPassword(Una, await Code(app))).ShouldBeTrue();
        (await app.TryLogin(Una, AppFlows.NewPassword)).ShouldFailWith(404);
    }

    [Fact]
    public async Task A_code_is_good_for_its_own_purpose_user_and_application_only()
    {
        var app = await WithUna("twoFactorVerification=phone");
        var other = await WithUna();
        var una = await app.Login(Una);
        var wes = await app.CreateUser("wes@example.com");
        var reset = await Code(app);
        (await una.Post("setPhone", new { phone = "+4915112345679" })).ShouldBeTrue();
        var phone = await app.LastCodeFor("+4915112345679");
        (await una.Post("verifyPhone", new { code = reset })).ShouldFailWith(602);
        (await app.ResetPassword(Una, phone)).ShouldFailWith(602);
        (await app.ResetPassword("wes@example.com", reset)).ShouldFailWith(602);
        (await wes.Post("verifyPhone", new { code = phone })).ShouldFailWith(602);
        (await other.ResetPassword(Una, reset)).ShouldFailWith(602);
        (await app.Complete(Una, reset)).ShouldFailWith(602);
        (await app.Register(Una, reset)).ShouldFailWith(602);
        (await app.ResetPassword(Una, reset)).ShouldBeTrue();
    }

    [Fact]
    public async Task The_codes_of_a_signup_and_of_an_invitation_are_not_each_others()
    {
        var app = await (await servers.Unlimited()).CreateApp();
        (await app.Signup("kim@example.com")).ShouldBeTrue();
        var signup = await app.LastCodeFor("kim@example.com");
        (await app.InviteByServer("kim@example.com")).ShouldBeTrue();
        var invitation = await app.LastCodeFor("kim@example.com");
        (await app.Register("kim@example.com", signup)).ShouldFailWith(602);
        (await app.Complete("kim@example.com", invitation)).ShouldFailWith(602);
        (await app.ResetPassword("kim@example.com", signup)).ShouldFailWith(602);
        app.ParseTokens(await app.Complete("kim@example.com", signup));
    }

    private async Task<App> WithUna(params string[] settings)
    {
        var app = await (await servers.Unlimited()).CreateApp(["signupFlow=none", .. settings]);
        await app.CreateUser(Una);
        return app;
    }

    /// <summary>Logs in after the address has been verified, as signup by code does.</summary>
    private static async Task<LoggedInUser> Verified(App app)
    {
        await app.Installation.Execute("UPDATE users SET email_verified = TRUE WHERE app_id = @id", new { id = app.Id });
        return await app.Login(Una);
    }

    private static async Task<string> Code(App app)
    {
        (await app.ForgotPassword(Una)).ShouldBeTrue();
        return await app.LastCodeFor(Una);
    }

    private static Task Expire(App app, long seconds) =>
        app.Installation.Execute(
            "UPDATE user_codes SET expires_at = @at WHERE app_id = @id",
            new { at = AppFlows.FromNow(seconds), id = app.Id }
        );
}
