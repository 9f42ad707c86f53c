using System.Net.Http.Json;

namespace Latchkey.Tests.Api.TwoFactor;

/// <summary>setTwoFactorGoogleVerification and loginComplete with an authenticator app.</summary>
public sealed class AuthenticatorAppTests(ServerFixture servers)
{
    private const string Gus = "gus@example.com";

    [Fact]
    public async Task Login_asks_for_the_code_and_loginComplete_signs_in()
    {
        var (app, authenticator) = await WithGus();
        var gus = app.ParseTokens(await app.LoginComplete(await app.LoginToken(Gus), authenticator.Code()));
        (await gus.GetUser()).GetProperty("twoFactorGoogleVerification").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    [Covers(408)]
    public async Task An_application_without_it_refuses()
    {
        var app = await (await servers.Unlimited()).CreateApp("signupFlow=none", "twoFactorVerification=phone");
        var gus = await app.CreateUser(Gus);
        (await gus.Post("setTwoFactorGoogleVerification", new { twoFactor = true })).ShouldFailWith(408);
        (await gus.Post("setTwoFactorGoogleVerification", new { })).ShouldFailWith(403);
    }

    [Fact]
    public async Task The_secret_comes_in_groups_of_four_with_a_png_and_a_mail_that_shows_both()
    {
        var app = await (await servers.Unlimited()).CreateApp(
            "signupFlow=none",
            "twoFactorVerification=google",
            "googleHeading=Heading & Co"
        );
        var gus = await app.CreateUser(Gus);
        var answer = (await gus.Post("setTwoFactorGoogleVerification", new { twoFactor = "true" })).ShouldBeOk().Json;
        var secret = answer.GetProperty("googleSecretKey").GetString()!;
        secret.Split(' ').ShouldAllBe(group => group.Length == 4);
        secret.Split(' ').Length.ShouldBe(8);
        var image = answer.GetProperty("QRDataImage").GetString()!;
        image.ShouldStartWith("data:image/png;base64,");
        var png = Convert.FromBase64String(image["data:image/png;base64,".Length..]);
        png[..8].ShouldBe([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
        var mail = (await app.Mails(Gus))[0];
        mail.Kind.ShouldBe("qrCode");
        mail.Html.ShouldContain("cid:qrcode");
        mail.Text.ShouldContain(secret);
    }

    [Fact]
    public async Task The_picture_names_the_heading_the_handle_and_the_secret()
    {
        var app = await (await servers.Unlimited()).CreateApp(
            "signupFlow=none",
            "twoFactorVerification=google",
            "googleHeading=Heading & Co"
        );
        var answer = (await (await app.CreateUser(Gus)).Post("setTwoFactorGoogleVerification", new { twoFactor = true })).ShouldBeOk().Json;
        var picture = Path.Combine(app.Installation.DataFolder, $"{app.Id}.png");
        await File.WriteAllBytesAsync(picture, Convert.FromBase64String(answer.GetProperty("QRDataImage").GetString()!.Split(',')[1]));
        var secret = answer.GetProperty("googleSecretKey").GetString()!.Replace(" ", "", StringComparison.Ordinal);
        (await ChildProcess.Run("/usr/bin/zbarimg", "--nodbus", "--quiet", "--raw", picture)).ShouldContain(
            $"otpauth://totp/Heading%20%26%20Co:gus%40example.com?secret={secret}&issuer=Heading%20%26%20Co"
        );
    }

    [Fact]
    public async Task A_setting_stops_the_mail_with_the_key_but_not_the_notice()
    {
        var app = await (await servers.Unlimited()).CreateApp("signupFlow=none", "twoFactorVerification=google", "mailsQrCode=0");
        var gus = await app.CreateUser(Gus);
        await gus.EnableAuthenticator();
        (await gus.Post("setTwoFactorGoogleVerification", new { twoFactor = false })).ShouldBeTrue();
        (await gus.Post("setTwoFactorGoogleVerification", new { twoFactor = false })).ShouldBeTrue();
        (await app.MailKinds(Gus)).ShouldBe(["signUpSuccess", "secondFactorOn", "secondFactorOff"]);
        await app.Login(Gus);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_clock_may_be_one_step_off(int away)
    {
        var (app, authenticator) = await WithGus();
        app.ParseTokens(
            await InOneStep(async () =>
            {
                await app.ResetTotpSteps(Gus);
                var token = await app.LoginToken(Gus);
                return await app.LoginComplete(token, authenticator.Code(away));
            })
        );
    }

    [Theory]
    [InlineData(-2)]
    [InlineData(2)]
    public async Task A_clock_two_steps_off_is_wrong(int away)
    {
        var (app, authenticator) = await WithGus();
        var token = await app.LoginToken(Gus);
        (await InOneStep(() => app.LoginComplete(token, authenticator.Code(away)))).ShouldFailWith(600);
    }

    [Fact]
    public async Task A_step_is_never_accepted_twice_nor_one_before_it()
    {
        var (app, authenticator) = await WithGus();
        var step = Authenticator.CurrentStep;
        app.ParseTokens(await app.LoginComplete(await app.LoginToken(Gus), authenticator.CodeOf(step)));
        (await app.LoginComplete(await app.LoginToken(Gus), authenticator.CodeOf(step))).ShouldFailWith(600);
        (await app.LoginComplete(await app.LoginToken(Gus), authenticator.CodeOf(step - 1))).ShouldFailWith(600);
        app.ParseTokens(await app.LoginComplete(await app.LoginToken(Gus), authenticator.CodeOf(step + 1)));
    }

    [Fact]
    public async Task A_login_token_completes_one_login()
    {
        var (app, authenticator) = await WithGus();
        var token = await app.LoginToken(Gus);
        app.ParseTokens(await app.LoginComplete(token, authenticator.Code()));
        await app.ResetTotpSteps(Gus);
        (await app.LoginComplete(token, authenticator.Code())).ShouldFailWith(600);
    }

    [Fact]
    public async Task A_login_token_has_five_tries()
    {
        var (app, authenticator) = await WithGus();
        var (four, five) = (await app.LoginToken(Gus), await app.LoginToken(Gus));
        for (var i = 0; i < 5; i++)
        {
            (await app.LoginComplete(five, authenticator.WrongCode())).ShouldFailWith(600);
        }

        for (var i = 0; i < 4; i++)
        {
            (await app.LoginComplete(four, authenticator.WrongCode())).ShouldFailWith(600);
        }

        (await app.LoginComplete(five, authenticator.Code())).ShouldFailWith(600);
        app.ParseTokens(await app.LoginComplete(four, authenticator.Code()));
    }

    [Fact]
    public async Task A_login_token_is_good_for_ten_minutes()
    {
        var (app, authenticator) = await WithGus();
        var token = await app.LoginToken(Gus);
        (
            await app.Installation.Query<long>(
                "SELECT expires_at - created_at FROM user_codes WHERE app_id = @id AND purpose = 'login'",
                new { id = app.Id }
            )
        ).ShouldBe(600_000);
        await Expire(app, -1);
        (await app.LoginComplete(token, authenticator.Code())).ShouldFailWith(600);
        await Expire(app, 5);
        app.ParseTokens(await app.LoginComplete(token, authenticator.Code()));
    }

    [Fact]
    public async Task A_login_token_is_refused_on_every_other_route()
    {
        var (app, _) = await WithGus();
        var token = await app.LoginToken(Gus);
        foreach (var get in new[] { "getUser", "userNameAvailable?userName=x" })
        {
            (await app.Server.Send(app.Server.Request(HttpMethod.Get, $"/api/appuser/{get}", ("access-token", token)))).ShouldFailWith(405);
        }

        foreach (
            var post in new[]
            {
                "invite",
                "changePassword",
                "setUserName",
                "setLocale",
                "setUserMetadata",
                "setPhone",
                "verifyPhone",
                "setTwoFactorGoogleVerification",
                "setTwoFactorPhoneVerification",
                "deleteAccount",
                "logout",
            }
        )
        {
            (await app.PostRaw(post, JsonContent.Create(new { }), ("access-token", token))).ShouldFailWith(405);
        }

        foreach (var named in new[] { "completeSignup", "loginComplete", "socialLogin", "register", "forgotPassword", "resetPassword" })
        {
            (await app.PostRaw(named, JsonContent.Create(new { }), ("access-token", token))).ShouldFailWith(405);
            (await app.PostRaw(named, JsonContent.Create(new { }), ("app-token", token))).ShouldFailWith(400);
        }

        (
            await app.PostRaw(
                "signup",
                JsonContent.Create(new { handle = "x@example.com", password = App.Password }),
                ("app-token", app.Token),
                ("access-token", token)
            )
        ).ShouldFailWith(405);
        (await app.SendAsServer(HttpMethod.Post, "verify", new { token })).ShouldFailWith(405);
        (await app.SendAsServer(HttpMethod.Get, "users", secret: token)).ShouldFailWith(400);
    }

    [Fact]
    public async Task Another_kind_of_token_or_another_applications_completes_nothing()
    {
        var (app, authenticator) = await WithGus();
        var (other, _) = await WithGus();
        foreach (var wrong in new[] { app.Token, "garbled", await other.LoginToken(Gus) })
        {
            (await app.LoginComplete(wrong, authenticator.Code())).ShouldFailWith(600);
        }
    }

    [Fact]
    public async Task A_missing_or_malformed_code_costs_no_try()
    {
        var (app, authenticator) = await WithGus();
        var token = await app.LoginToken(Gus);
        for (var i = 0; i < 3; i++)
        {
            (await app.Post("loginComplete", new { loginToken = token })).ShouldFailWith(403);
            (await app.LoginComplete(token, "abcdef")).ShouldFailWith(602);
        }

        (await app.Post("loginComplete", new { code = "123456" })).ShouldFailWith(403);
        app.ParseTokens(await app.LoginComplete(token, authenticator.Code()));
    }

    [Fact]
    public async Task A_new_secret_ends_the_old_one_and_the_logins_under_way()
    {
        var (app, old) = await WithGus();
        var gus = app.ParseTokens(await app.LoginComplete(await app.LoginToken(Gus), old.Code()));
        var underWay = await app.LoginToken(Gus);
        var fresh = await gus.EnableAuthenticator();
        (await app.LoginComplete(underWay, fresh.Code())).ShouldFailWith(600);
        (await app.LoginComplete(await app.LoginToken(Gus), old.Code(1))).ShouldFailWith(600);
        app.ParseTokens(await app.LoginComplete(await app.LoginToken(Gus), fresh.Code()));
    }

    [Fact]
    public async Task A_user_suspended_between_the_steps_does_not_get_in()
    {
        var (app, authenticator) = await WithGus();
        var token = await app.LoginToken(Gus);
        (await app.SendAsServer(HttpMethod.Post, $"users/{Gus}/suspend")).ShouldBeTrue();
        (await app.LoginComplete(token, authenticator.Code())).Code.ShouldBeOneOf(404, 600);
        (await app.SendAsServer(HttpMethod.Post, $"users/{Gus}/activate")).ShouldBeTrue();
        (await app.LoginComplete(token, authenticator.Code())).ShouldFailWith(600);
    }

    [Fact]
    public async Task Ten_codes_in_ten_minutes_are_the_most()
    {
        var app = await servers.Main.CreateApp("signupFlow=none", "twoFactorVerification=google");
        var authenticator = await (await app.CreateUser(Gus)).EnableAuthenticator();
        var tokens = new[] { await app.LoginToken(Gus), await app.LoginToken(Gus), await app.LoginToken(Gus) };
        for (var i = 0; i < 10; i++)
        {
            (await app.LoginComplete(tokens[i % 2], authenticator.WrongCode())).ShouldFailWith(600);
        }

        (await app.LoginComplete(tokens[2], authenticator.Code())).ShouldBeRateLimited();
    }

    [Fact]
    public async Task The_seed_is_sealed_in_the_database()
    {
        var (app, _) = await WithGus();
        var stored = await app.Installation.Query<string>("SELECT totp_seed_sealed FROM users WHERE app_id = @id", new { id = app.Id });
        stored.ShouldNotBeNullOrEmpty();
        (await app.Mails(Gus))[0].Text.ShouldNotContain(stored);
    }

    private async Task<(App App, Authenticator Authenticator)> WithGus()
    {
        var app = await (await servers.Unlimited()).CreateApp("signupFlow=none", "twoFactorVerification=google");
        return (app, await (await app.CreateUser(Gus)).EnableAuthenticator());
    }

    /// <summary>Asks again when a new step began meanwhile, or was near: the server's clock may be a moment off ours.</summary>
    private static async Task<Reply> InOneStep(Func<Task<Reply>> ask)
    {
        while (true)
        {
            var before = Authenticator.StepIn(-1);
            var reply = await ask();
            if (before == Authenticator.StepIn(1))
            {
                return reply;
            }
        }
    }

    private static Task Expire(App app, long seconds) =>
        app.Installation.Execute(
            "UPDATE user_codes SET expires_at = @at WHERE app_id = @id",
            new { at = AppFlows.FromNow(seconds), id = app.Id }
        );
}
