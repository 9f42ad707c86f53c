using Latchkey.Tests.Api.SocialLogin;
using Latchkey.Tests.Api.TwoFactor;
using static Latchkey.Tests.Api.LoginCodes.LoginCodeFlows;

namespace Latchkey.Tests.Api.LoginCodes;

/// <summary>loginCode and loginCodeComplete: signing in with a mailed code.</summary>
public sealed class LoginCodeTests(ServerFixture servers, SocialLoginFixture social) : IClassFixture<SocialLoginFixture>
{
    [Fact]
    public async Task A_mailed_code_signs_in()
    {
        var app = await WithAnn();
        var request = await app.BeginCodeLogin(" ANN@example.com ");
        var mail = (await app.Mails(Ann))[0];
        mail.Kind.ShouldBe("loginCode");
        mail.Text.ShouldContain(mail.Code!);
        mail.Text.ShouldContain("127.0.0.1"); // from where it was asked for
        var ann = app.ParseTokens(await request.Complete($" {mail.Code![..3]} {mail.Code[3..]} "));
        ann.ShouldHaveProved("1", "mail");
        (await ann.IsSignedIn()).ShouldBeTrue();
        (await app.HasLogLine("loginCode", "by mail")).ShouldBeTrue();
        (await app.HasLogLine("loginCodeComplete")).ShouldBeTrue();
    }

    [Theory]
    [InlineData("ann＠example.com")]
    [InlineData("Ａnn@EXAMPLE.com")]
    public async Task Every_spelling_of_an_address_is_the_address(string handle)
    {
        var app = await WithAnn();
        var request = await app.BeginCodeLogin(handle);
        (await (request with { Handle = Ann }).Complete(await app.LastCodeFor(Ann))).ShouldBeOk();
    }

    [Fact]
    public async Task The_session_has_the_name_of_the_device()
    {
        var app = await WithAnn();
        var request = await app.BeginCodeLogin();
        var ann = app.ParseTokens(
            await app.Post(
                "loginCodeComplete",
                new
                {
                    handle = Ann,
                    code = await app.LastCodeFor(Ann),
                    requestToken = request.Token,
                    deviceName = "Ann's phone",
                }
            )
        );
        var sessions = (await ann.Get("sessions")).ShouldBeOk().Json.GetProperty("sessions").EnumerateArray();
        sessions.Single(one => one.GetProperty("current").GetBoolean()).GetProperty("deviceName").GetString().ShouldBe("Ann's phone");
    }

    [Fact]
    [Covers(730)]
    public async Task Each_way_needs_its_switch()
    {
        var app = await (await servers.Unlimited()).CreateApp();
        await app.CreateUserByCode(Ann);
        (await app.AskForCode()).ShouldFailWith(730);
        (await new CodeRequest(app, Ann, "x").Complete("123456")).ShouldFailWith(730);
        await app.Set("smsCodeLogin=1");
        (await app.AskForCode()).ShouldFailWith(730);
        (await new CodeRequest(app, Ann, "x").Complete("123456")).ShouldFailWith(730);
        await app.Set("smsCodeLogin=0", "emailCodeLogin=1");
        (await app.AskForCode(Number)).ShouldFailWith(730);
        await app.LoginByCode();
    }

    [Theory]
    [InlineData("ANON_1")]
    [InlineData("ann")]
    [InlineData("1234")]
    [InlineData("a b@example.com")]
    [InlineData("@")]
    public async Task Only_addresses_and_numbers_get_codes(string handle)
    {
        var app = await WithAnn("smsCodeLogin=1", "userNamesEnabled=1", "anonymousLoginEnabled=1");
        await app.LoginAnonymous("ANON_1");
        (await app.AskForCode(handle)).ShouldFailWith(602);
    }

    [Fact]
    public async Task What_is_missing_is_said()
    {
        var app = await WithAnn();
        (await app.Post("loginCode", new { })).ShouldFailWith(403);
        (await app.Post("loginCodeComplete", new { handle = Ann, code = "123456" })).ShouldFailWith(403);
        (await app.Post("loginCodeComplete", new { handle = Ann, requestToken = "x" })).ShouldFailWith(403);
        (await app.AskForCode(locale: "XX")).ShouldFailWith(602);
    }

    [Fact]
    public async Task An_unknown_or_suspended_user_gets_none()
    {
        var app = await WithAnn();
        (await app.AskForCode("nobody@example.com")).ShouldFailWith(603);
        var request = await app.BeginCodeLogin();
        (await app.SendAsServer(HttpMethod.Post, $"users/{Ann}/suspend")).ShouldBeTrue();
        (await request.Complete(await app.LastCodeFor(Ann))).ShouldFailWith(731); // a suspension ends all codes
        (await app.AskForCode()).ShouldFailWith(404);
        (await app.MailKinds(Ann)).Count(kind => kind == "loginCode").ShouldBe(1);
    }

    [Fact]
    [Covers(731)]
    public async Task A_code_is_good_once_for_ten_minutes()
    {
        var app = await WithAnn();
        var used = await app.BeginCodeLogin();
        var code = await app.LastCodeFor(Ann);
        (await used.Complete(App.WrongCodeFor(code))).ShouldFailWith(600);
        (await used.Complete("12345")).ShouldFailWith(602);
        (await used.Complete(code)).ShouldBeOk();
        (await used.Complete(code)).ShouldFailWith(731);
        var expired = await app.BeginCodeLogin();
        code = await app.LastCodeFor(Ann);
        await app.Installation.Execute(
            "UPDATE login_codes SET expires_at = @at WHERE app_id = @Id",
            new { at = AppFlows.FromNow(-1), app.Id }
        );
        (await expired.Complete(code)).ShouldFailWith(731);
    }

    [Fact]
    public async Task Whoever_reads_the_mail_cannot_sign_in_without_the_request_token()
    {
        var app = await WithAnn();
        await app.CreateUserByCode("bob@example.com");
        var request = await app.BeginCodeLogin();
        var (code, link) = (await app.LastCodeFor(Ann), await app.LastLinkTokenFor());
        foreach (var proof in new[] { code, link })
        {
            (await (request with { Token = "x" }).Complete(proof)).ShouldFailWith(731);
            (await (request with { Handle = "bob@example.com" }).Complete(proof)).ShouldFailWith(731);
            (await (request with { App = await WithAnn() }).Complete(proof)).ShouldFailWith(731);
        }

        (await request.Complete(code)).ShouldBeOk();
    }

    [Fact]
    public async Task A_new_password_ends_the_codes_that_are_out()
    {
        var app = await WithAnn();
        var request = await app.BeginCodeLogin();
        var code = await app.LastCodeFor(Ann);
        (await app.ForgotPassword(Ann)).ShouldBeTrue();
        (await app.ResetPassword(Ann, await app.LastCodeFor(Ann))).ShouldBeTrue();
        (await request.Complete(code)).ShouldFailWith(731);
    }

    [Fact]
    public async Task Wrong_passwords_that_locked_the_user_do_not_lock_the_code()
    {
        var app = await WithAnn("maxLoginAttempts=2");
        (await app.TryLogin(Ann, "wrong")).ShouldFailWith(600);
        (await app.TryLogin(Ann, "wrong")).ShouldFailWith(600);
        (await app.TryLogin(Ann)).ShouldFailWith(404);
        await app.LoginByCode();
        (await app.TryLogin(Ann)).ShouldBeOk();
    }

    [Fact]
    public async Task A_user_of_a_provider_signs_in_by_the_verified_address_too()
    {
        var app = await social.CreateApp("emailCodeLogin=1");
        var ada = app.ParseTokens(await app.SocialSignup("google", social.Provider.Token("google", Ann), Ann));
        (await app.LoginByCode()).Id().ShouldBe(ada.Id());
        (await app.SocialLogin("google", social.Provider.Token("google", Ann))).ShouldBeOk();
    }

    [Fact]
    public async Task A_user_gets_the_mail_in_their_own_language()
    {
        var app = await WithAnn("locales=EN,DE,FR");
        (await (await app.LoginByCode()).Post("setLocale", new { locale = "DE" })).ShouldBeTrue();
        await app.AskForCode(locale: "FR");
        var mail = (await app.Mails(Ann))[0];
        mail.Subject.ShouldContain("Ihr Code");
        mail.Link!.ShouldContain("locale=DE");
    }

    [Fact]
    public async Task Erasing_an_address_erases_its_requests()
    {
        var app = await WithAnn("signupByCode=1");
        await app.BeginCodeLogin();
        await app.BeginCodeLogin("nobody@example.com");
        (await app.Installation.Run("user", "erase", app.Id, "nobody@example.com")).ShouldSucceed();
        (await Requests()).ShouldBe(1);
        (await app.SendAsServer(HttpMethod.Delete, $"users/{Ann}")).ShouldBeTrue();
        (await Requests()).ShouldBe(0);

        Task<long> Requests() => app.Installation.Query<long>("SELECT COUNT(*) FROM login_codes WHERE app_id = @Id", new { app.Id });
    }

    private async Task<App> WithAnn(params string[] settings)
    {
        var app = await (await servers.Unlimited()).CreateAppWithCodes(settings);
        await app.CreateUserByCode(Ann);
        return app;
    }
}
