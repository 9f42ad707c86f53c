namespace Latchkey.Tests.Api.SocialLogin;

/// <summary>socialSignup, socialLogin and deleteAccount with good tokens of Apple and Google.</summary>
public sealed class SocialAccountTests(SocialLoginFixture social) : IClassFixture<SocialLoginFixture>
{
    private const string Ada = "ada@example.com";

    [Theory]
    [InlineData("apple")]
    [InlineData("google")]
    public async Task A_person_signs_up_and_logs_in(string provider)
    {
        var app = await social.CreateApp();
        var token = social.Provider.Token(provider, Ada);
        (await app.SocialLogin(provider, token)).ShouldFailWith(603);
        var ada = app.ParseTokens(await app.SocialSignup(provider, token, " ADA@example.com"));
        ada.Claims.GetProperty("email_verified").GetBoolean().ShouldBeTrue();
        var user = await ada.GetUser();
        user.GetProperty("loginProvider").GetString().ShouldBe(provider);
        user.GetProperty("handle").GetString().ShouldBe(Ada);
        var again = await app.SocialLogin(provider, social.Provider.Token(provider, Ada));
        again.ShouldBeOk().Json.EnumerateObject().Select(p => p.Name).ShouldBe(["jwt", "access-token", "handle"]);
        again.Json.GetProperty("handle").GetString().ShouldBe(Ada);
        app.ParseTokens(again).Id().ShouldBe(ada.Id());
        (await app.MailKinds(Ada)).ShouldBe(["signUpSuccess"]);
    }

    [Fact]
    public async Task Es256_is_as_good_as_rs256()
    {
        var app = await social.CreateApp();
        app.ParseTokens(
            await app.SocialSignup("apple", social.Provider.Sign("apple", FakeIdentityProvider.Claims("apple", Ada), "ES256"), Ada)
        );
    }

    [Theory]
    [InlineData("apple", "appleLoginEnabled=0", 415)]
    [InlineData("apple", "appleBundleId= , ", 415)]
    [InlineData("google", "googleLoginEnabled=0", 416)]
    [InlineData("google", "googleClientId=", 416)]
    [Covers(415)]
    [Covers(416)]
    public async Task A_provider_that_is_off_or_has_no_id_is_off(string provider, string setting, int code)
    {
        var app = await social.CreateApp(setting);
        (await app.SocialSignup(provider, social.Provider.Token(provider, Ada), Ada)).ShouldFailWith(code);
        (await app.SocialLogin(provider, social.Provider.Token(provider, Ada))).ShouldFailWith(code);
    }

    [Fact]
    public async Task Another_provider_is_invalid_data()
    {
        var app = await social.CreateApp();
        (await app.SocialSignup("facebook", social.Provider.Token("google", Ada), Ada)).ShouldFailWith(602);
        (await app.SocialLogin("Apple ", social.Provider.Token("apple", Ada))).ShouldFailWith(602);
        (await app.Post("socialLogin", new { provider = "apple" })).ShouldFailWith(403);
        (await app.Post("socialSignup", new { provider = "apple", token = "x" })).ShouldFailWith(403);
    }

    [Fact]
    public async Task Several_audiences_are_taken()
    {
        var app = await social.CreateApp($"googleClientId=web.example , {FakeIdentityProvider.GoogleClient},ios.example");
        var claims = FakeIdentityProvider.Claims("google", Ada);
        app.ParseTokens(await app.SocialSignup("google", social.Provider.Sign("google", claims), Ada));
        claims = FakeIdentityProvider.Claims("google", Ada);
        claims["aud"] = "ios.example";
        app.ParseTokens(await app.SocialLogin("google", social.Provider.Sign("google", claims)));
        claims = FakeIdentityProvider.Claims("google", Ada);
        claims["aud"] = new System.Text.Json.Nodes.JsonArray("elsewhere", "web.example");
        app.ParseTokens(await app.SocialLogin("google", social.Provider.Sign("google", claims)));
        claims = FakeIdentityProvider.Claims("google", Ada);
        claims["aud"] = "web.example , ios.example";
        (await app.SocialLogin("google", social.Provider.Sign("google", claims))).ShouldFailWith(613);
    }

    [Fact]
    [Covers(610)]
    [Covers(611)]
    [Covers(612)]
    public async Task A_handle_that_signed_up_otherwise_is_told_how()
    {
        var app = await social.CreateApp("signupFlow=none");
        await app.CreateUser("mail@example.com");
        app.ParseTokens(await app.SocialSignup("apple", social.Provider.Token("apple", "apple@example.com"), "apple@example.com"));
        app.ParseTokens(await app.SocialSignup("google", social.Provider.Token("google", "google@example.com"), "google@example.com"));
        await Told(app, "apple", "mail@example.com", 610);
        await Told(app, "google", "mail@example.com", 610);
        await Told(app, "google", "apple@example.com", 611);
        await Told(app, "apple", "google@example.com", 612);
        (await app.SocialSignup("apple", social.Provider.Token("apple", "apple@example.com"), "apple@example.com")).ShouldFailWith(611);
        (await app.ForgotPassword("apple@example.com")).ShouldFailWith(611);
        (await app.ForgotPassword("google@example.com")).ShouldFailWith(612);
        (await app.Mails("google@example.com"))[0].Kind.ShouldBe("socialAccount");
        (await app.Signup("apple@example.com")).ShouldFailWith(601);
        (await app.TryLogin("apple@example.com")).ShouldFailWith(600);
    }

    [Fact]
    public async Task A_hidden_social_account_is_told_by_mail_how_it_logs_in()
    {
        var app = await social.CreateApp("hideAccountExistence=1");
        app.ParseTokens(await app.SocialSignup("google", social.Provider.Token("google", Ada), Ada));
        (await app.ForgotPassword(Ada)).ShouldBeTrue();
        var mail = (await app.Mails(Ada))[0];
        mail.Kind.ShouldBe("socialAccount");
        mail.Text.ShouldContain("Google");
    }

    [Fact]
    public async Task A_suspended_person_is_refused()
    {
        var app = await social.CreateApp();
        app.ParseTokens(await app.SocialSignup("google", social.Provider.Token("google", Ada), Ada));
        (await app.SendAsServer(HttpMethod.Post, $"users/{Ada}/suspend")).ShouldBeTrue();
        (await app.SocialLogin("google", social.Provider.Token("google", Ada))).ShouldFailWith(404);
    }

    [Fact]
    public async Task The_handle_must_be_the_tokens_address()
    {
        var app = await social.CreateApp();
        (await app.SocialSignup("google", social.Provider.Token("google", Ada), "eve@example.com")).ShouldFailWith(613);
        var claims = FakeIdentityProvider.Claims("google", Ada);
        claims.Remove("email");
        (await app.SocialSignup("google", social.Provider.Sign("google", claims), Ada)).ShouldFailWith(613);
        (await app.SocialSignup("google", social.Provider.Token("google", Ada), "ada")).ShouldFailWith(602);
        (await app.CountUsers(Ada)).ShouldBe(0);
    }

    [Fact]
    public async Task Signup_needs_its_switch_and_login_does_not()
    {
        var app = await social.CreateApp();
        app.ParseTokens(await app.SocialSignup("google", social.Provider.Token("google", Ada), Ada));
        await app.Set("signupEnabled=0");
        (await app.SocialSignup("google", social.Provider.Token("google", "bob@example.com"), "bob@example.com")).ShouldFailWith(407);
        app.ParseTokens(await app.SocialLogin("google", social.Provider.Token("google", Ada)));
    }

    [Fact]
    public async Task Metadata_is_asked_for_as_at_signup()
    {
        var app = await social.CreateApp("""metaData=[{"path":"user_data.name","fieldName":"name","required":true}]""");
        var token = social.Provider.Token("google", Ada);
        (await app.SocialSignup("google", token, Ada)).ShouldFailWith(604);
        var ada = app.ParseTokens(await app.SocialSignup("google", token, Ada, """{"user_data":{"name":" Ada "}}"""));
        ada.Claims.GetProperty("user_data").GetProperty("name").GetString().ShouldBe("Ada");
    }

    [Fact]
    public async Task Social_login_asks_for_the_second_factor()
    {
        var app = await social.CreateApp("twoFactorVerification=google");
        var ada = app.ParseTokens(await app.SocialSignup("google", social.Provider.Token("google", Ada), Ada));
        var authenticator = await ada.EnableAuthenticator();
        var token = social.Provider.Token("google", Ada);
        var reply = (await app.SocialLogin("google", token)).ShouldBeOk();
        reply.Json.EnumerateObject().Select(field => field.Name).ShouldBe(["login-token"]);
        var loginToken = reply.Json.GetProperty("login-token").GetString()!;
        (await app.SocialLogin("google", token)).ShouldFailWith(613); // it worked once
        (await app.LoginComplete(loginToken, App.WrongCodeFor(authenticator.Code()))).ShouldFailWith(600);
        app.ParseTokens(await app.LoginComplete(loginToken, authenticator.Code())).Id().ShouldBe(ada.Id());
    }

    [Fact]
    public async Task A_phone_is_a_second_factor_of_social_login_too()
    {
        var app = await social.CreateApp("twoFactorVerification=phone");
        var ada = app.ParseTokens(await app.SocialSignup("google", social.Provider.Token("google", Ada), Ada));
        await ada.EnablePhone("+4915112345678");
        var reply = (await app.SocialLogin("google", social.Provider.Token("google", Ada))).ShouldBeOk();
        var loginToken = reply.Json.GetProperty("login-token").GetString()!;
        app.ParseTokens(await app.LoginComplete(loginToken, await app.LastCodeFor("+4915112345678")));
    }

    [Fact]
    public async Task A_setting_lets_social_login_go_round_the_second_factor()
    {
        var app = await social.CreateApp("twoFactorVerification=google", "socialLoginTwoFactor=0");
        var ada = app.ParseTokens(await app.SocialSignup("google", social.Provider.Token("google", Ada), Ada));
        await ada.EnableAuthenticator();
        app.ParseTokens(await app.SocialLogin("google", social.Provider.Token("google", Ada)));
    }

    [Fact]
    public async Task The_subject_is_found_after_the_address_has_changed_at_the_provider()
    {
        var app = await social.CreateApp();
        var ada = app.ParseTokens(await app.SocialSignup("google", social.Provider.Token("google", Ada, "ada-1"), Ada));
        var moved = await app.SocialLogin("google", social.Provider.Token("google", "ada@elsewhere.example", "ada-1"));
        app.ParseTokens(moved).Id().ShouldBe(ada.Id());
        moved.Json.GetProperty("handle").GetString().ShouldBe(Ada);
        (await app.SocialLogin("google", social.Provider.Token("google", Ada, "somebody-else"))).ShouldFailWith(612);
        (await app.SocialLogin("apple", social.Provider.Token("apple", "x@example.com", "ada-1"))).ShouldFailWith(603);
        (
            await app.SocialSignup("google", social.Provider.Token("google", "ada@elsewhere.example", "ada-1"), "ada@elsewhere.example")
        ).ShouldFailWith(612);
    }

    [Fact]
    public async Task Apple_may_keep_the_address_back_once_the_person_is_known()
    {
        var app = await social.CreateApp();
        var ada = app.ParseTokens(await app.SocialSignup("apple", social.Provider.Token("apple", Ada, "ada-1"), Ada));
        var claims = FakeIdentityProvider.Claims("apple", Ada, "ada-1");
        claims.Remove("email");
        claims.Remove("email_verified");
        app.ParseTokens(await app.SocialLogin("apple", social.Provider.Sign("apple", claims))).Id().ShouldBe(ada.Id());
        claims["sub"] = "nobody";
        (await app.SocialLogin("apple", social.Provider.Sign("apple", claims))).ShouldFailWith(603);
    }

    [Fact]
    public async Task An_imported_user_gets_its_subject_at_its_first_login()
    {
        var app = await social.CreateApp();
        var ada = app.ParseTokens(await app.SocialSignup("google", social.Provider.Token("google", Ada, "ada-1"), Ada));
        await app.Installation.Execute("DELETE FROM user_identities WHERE user_id = @id", new { id = ada.Id() });
        (await app.SocialLogin("apple", social.Provider.Token("apple", Ada, "ada-1"))).ShouldFailWith(612);
        app.ParseTokens(await app.SocialLogin("google", social.Provider.Token("google", Ada, "ada-2"))).Id().ShouldBe(ada.Id());
        (await app.SocialLogin("google", social.Provider.Token("google", Ada, "ada-3"))).ShouldFailWith(612);
        app.ParseTokens(await app.SocialLogin("google", social.Provider.Token("google", "new@example.com", "ada-2")))
            .Id()
            .ShouldBe(ada.Id());
    }

    [Fact]
    [Covers(613)]
    public async Task A_social_user_deletes_itself_with_a_fresh_token_of_its_own()
    {
        var app = await social.CreateApp();
        var ada = app.ParseTokens(await app.SocialSignup("google", social.Provider.Token("google", Ada), Ada));
        app.ParseTokens(await app.SocialSignup("google", social.Provider.Token("google", "bob@example.com"), "bob@example.com"));
        (await ada.Post("deleteAccount", new { handle = Ada, password = App.Password })).ShouldFailWith(403);
        (await ada.Post("deleteAccount", new { token = social.Provider.Token("google", "bob@example.com") })).ShouldFailWith(613);
        (await ada.Post("deleteAccount", new { token = social.Provider.Token("apple", Ada) })).ShouldFailWith(613);
        var stale = FakeIdentityProvider.Claims("google", Ada);
        stale["iat"] = stale["iat"]!.GetValue<long>() - 7200;
        (await ada.Post("deleteAccount", new { token = social.Provider.Sign("google", stale) })).ShouldFailWith(613);
        (await ada.IsSignedIn()).ShouldBeTrue();
        (await ada.Post("deleteAccount", new { token = social.Provider.Token("google", Ada) })).ShouldBeTrue();
        (await ada.IsSignedIn()).ShouldBeFalse();
        (await app.CountUsers(Ada)).ShouldBe(0);
        (await app.CountUsers("bob@example.com")).ShouldBe(1);
    }

    [Fact]
    public async Task An_anonymous_user_becomes_a_social_one_and_keeps_its_id()
    {
        var app = await social.CreateApp("anonymousLoginEnabled=1");
        var nobody = await app.LoginAnonymous("ANON_1");
        var ada = app.ParseTokens(await app.SocialSignup("apple", social.Provider.Token("apple", Ada), Ada, upgrading: nobody));
        ada.Id().ShouldBe(nobody.Id());
        (await nobody.TryGetUser()).ShouldFailWith(405);
        app.ParseTokens(await app.SocialLogin("apple", social.Provider.Token("apple", Ada))).Id().ShouldBe(nobody.Id());
    }

    [Fact]
    public async Task Sixteen_signups_of_one_person_at_once_make_one_user()
    {
        var app = await social.CreateApp();
        for (var round = 0; round < 10; round++)
        {
            var handle = $"p{round}@example.com";
            var token = social.Provider.Token("google", handle);
            var replies = await AppFlows.SendInParallel(16, _ => app.SocialSignup("google", token, handle));
            replies.Count(reply => reply.Code is null).ShouldBe(1);
            replies
                .Where(reply => reply.Code is not null)
                .ShouldAllBe(
                    reply => reply.Code == 612 || reply.Code == 610,
                    string.Join('\n', replies.Select(reply => reply.Text[..Math.Min(60, reply.Text.Length)]))
                );
        }
    }

    private async Task Told(App app, string provider, string handle, int code)
    {
        var token = social.Provider.Token(provider, handle);
        (await app.SocialSignup(provider, token, handle)).ShouldFailWith(code);
        (await app.SocialLogin(provider, token)).ShouldFailWith(code);
    }
}
