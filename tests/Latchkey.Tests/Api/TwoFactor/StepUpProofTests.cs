using Latchkey.Tests.Api.SocialLogin;
using static Latchkey.Tests.Api.TwoFactor.FactorFlows;

namespace Latchkey.Tests.Api.TwoFactor;

/// <summary>stepUp: a proof in the last 15 minutes, by a factor where the user has one.</summary>
public sealed class StepUpProofTests(ServerFixture servers, SocialLoginFixture social) : IClassFixture<SocialLoginFixture>
{
    /// <summary>What a thief of an access token would change, as function and parameter.</summary>
    public static TheoryData<string, string> Changes =>
        new()
        {
            { "recoveryCodes", "" },
            { "setTwoFactorGoogleVerification", "twoFactor=true" },
            { "setTwoFactorGoogleVerification", "twoFactor=false" },
            { "setPhone", $"phone={Number}" },
            { "setTwoFactorPhoneVerification", "twoFactor=false" },
        };

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task A_stolen_access_token_changes_nothing_without_a_factor(string function, string parameter)
    {
        var app = await (await servers.Unlimited()).CreateAppWithPolicy("optional");
        var ann = await app.CreateUser(Ann);
        var authenticator = await ann.EnableAuthenticator();
        await (await ann.StepUpWith(authenticator)).EnablePhone(Number);
        await app.AgeProofs(16);
        (await Change()).ShouldFailWith(710);
        (await Change(App.Password)).ShouldFailWith(710); // the password is not a factor
        (await ann.Post("stepUp", new { password = App.Password })).ShouldFailWith(403);
        (await ann.Post("stepUp", new { code = authenticator.WrongCode() })).ShouldFailWith(600);
        (await Change()).ShouldFailWith(710);
        await ann.StepUpWith(authenticator);
        (await Change()).ShouldBeOk();

        Task<Reply> Change(string? password = null)
        {
            var fields = new Dictionary<string, string>(StringComparer.Ordinal);
            if (parameter.Split('=') is [var name, var value])
            {
                fields[name] = value;
            }

            if (password is not null)
            {
                fields["password"] = password;
            }

            return ann.Post(function, fields);
        }
    }

    [Fact]
    public async Task A_fresh_login_without_the_factor_is_no_proof()
    {
        var app = await (await servers.Unlimited()).CreateAppWithPolicy("optional", "rememberDeviceDays=30");
        var ann = await app.CreateUser(Ann);
        var authenticator = await ann.EnableAuthenticator();
        var completed = (await (await app.BeginLogin()).Complete(authenticator.Code(), remember: true)).ShouldBeOk();
        (await app.ParseTokens(completed).Post("recoveryCodes", new { })).ShouldBeOk();
        var device = completed.Json.GetProperty("device-token").GetString();
        var byDevice = app.ParseTokens(
            await app.Post(
                "login",
                new
                {
                    handle = Ann,
                    password = App.Password,
                    deviceToken = device,
                }
            )
        );
        (await byDevice.Post("recoveryCodes", new { })).ShouldFailWith(710);
        (await ann.Post("recoveryCodes", new { })).ShouldFailWith(710); // a login of before the factor was switched on
    }

    [Fact]
    public async Task No_setting_opens_recovery_codes_to_an_access_token_alone()
    {
        var app = await (await servers.Unlimited()).CreateAppWithPolicy("optional", "stepUpRequired=0");
        var ann = await app.CreateUser(Ann);
        await ann.EnableAuthenticator();
        await app.AgeProofs(16);
        (await ann.Post("recoveryCodes", new { })).ShouldFailWith(710);
        (await ann.Post("setTwoFactorGoogleVerification", new { twoFactor = true })).ShouldFailWith(710); // it could replace the owner's
        (await ann.Post("setTwoFactorGoogleVerification", new { twoFactor = false })).ShouldFailWith(710);
    }

    [Fact]
    public async Task An_access_token_alone_does_not_use_up_the_SMS_of_the_owners_logins()
    {
        var app = await (await servers.Start()).CreateAppWithPolicy("optional");
        var ann = await app.CreateUser(Ann);
        await ann.EnablePhone(Number);
        var answers = new List<int>();
        for (var i = 0; i < 4; i++)
        {
            await app.Installation.Execute("DELETE FROM limits WHERE bucket NOT LIKE '%step-up%'"); // as if hours lay between them
            answers.Add((await ann.Post("stepUpFactor", new { method = "sms" })).Code ?? 0);
        }

        answers.ShouldBe([0, 0, 700, 700]);
    }

    [Fact]
    public async Task An_authenticator_of_before_does_not_stand_for_the_phone_in_the_contract()
    {
        var app = await (await servers.Unlimited()).CreateApp("signupFlow=none", "twoFactorVerification=google");
        var ann = await app.CreateUser(Ann);
        var authenticator = await ann.EnableAuthenticator();
        await app.Set("twoFactorVerification=phone");
        await ann.EnablePhone(Number);
        var step = await app.BeginLogin();
        (await step.Complete(authenticator.Code(), "otp")).ShouldFailWith(600);
        (await ann.Post("stepUp", new { code = authenticator.Code(), method = "otp" })).ShouldFailWith(602);
        (await step.Complete(await app.LastCodeFor(Number), "otp")).ShouldBeOk(); // a field that the contract does not know
    }

    [Fact]
    public async Task Two_factors_that_are_switched_off_at_once_leave_one_where_one_is_required()
    {
        var app = await (await servers.Unlimited()).CreateAppWithPolicy("required");
        var ann = await app.CreateUser(Ann);
        var authenticator = await ann.EnableAuthenticator();
        await (await ann.StepUpWith(authenticator)).EnablePhone(Number);
        var replies = await Task.WhenAll(
            ann.Post("setTwoFactorGoogleVerification", new { twoFactor = false }),
            ann.Post("setTwoFactorPhoneVerification", new { twoFactor = false })
        );
        replies.Select(reply => reply.Code ?? 0).Order().ShouldBe([0, 715]);
    }

    [Fact]
    public async Task Each_factor_proves_and_raises_the_level_of_the_session()
    {
        var app = await (await servers.Unlimited()).CreateAppWithPolicy("optional", "sessionMode=refresh");
        var ann = await app.CreateUser(Ann);
        ann.Acr().ShouldBe("1");
        var authenticator = await ann.EnableAuthenticator();
        await (await ann.StepUpWith(authenticator)).EnablePhone(Number);
        var codes = await ann.MakeRecoveryCodes(authenticator);

        (await Prove(codes[0], "recovery")).Amr().ShouldBe(["pwd", "otp", "rcv", "mfa"]);
        (await app.MailKinds(Ann))[^1].ShouldBe("recoveryCodeUsed");
        (await ann.Post("stepUp", new { code = codes[0], method = "recovery" })).ShouldFailWith(600);
        (await ann.Post("stepUpFactor", new { method = "sms" })).ShouldBeTrue();
        var sms = await app.LastCodeFor(Number);
        var proved = await Prove(sms, "sms");
        proved.ShouldHaveProved("2", "pwd", "otp", "rcv", "sms", "mfa");
        (await ann.Post("stepUp", new { code = sms, method = "sms" })).ShouldFailWith(600);
        (await ann.Refresh()).Amr().ShouldBe(proved.Amr());
        (await app.HasLogLine("stepUp", "sms")).ShouldBeTrue();
        (await app.HasLogLine("stepUpFactor")).ShouldBeTrue();

        async Task<LoggedInUser> Prove(string code, string method) => app.ParseTokens(await ann.Post("stepUp", new { code, method }));
    }

    [Fact]
    public async Task A_user_without_a_factor_sends_the_password()
    {
        var app = await (await servers.Unlimited()).CreateApp("signupFlow=none", "twoFactorVerification=google", "sessionMode=refresh");
        var ann = await app.CreateUser(Ann);
        await app.AgeProofs(16);
        (await ann.Post("setTwoFactorGoogleVerification", new { twoFactor = true })).ShouldFailWith(710);
        (await ann.Post("stepUp", new { })).ShouldFailWith(403);
        (await ann.Post("stepUp", new { password = "wrong" })).ShouldFailWith(600);
        (await ann.Post("stepUp", new { code = "123456" })).ShouldFailWith(403);
        var proved = app.ParseTokens(await ann.Post("stepUp", new { password = App.Password }));
        proved.ShouldHaveProved("1", "pwd");
        (await ann.Post("setTwoFactorGoogleVerification", new { twoFactor = true })).ShouldBeOk();
    }

    [Fact]
    public async Task A_password_and_a_mailed_code_are_one_factor()
    {
        var app = await (await servers.Unlimited()).CreateApp("sessionMode=refresh");
        var ann = await app.CreateUserByCode(Ann);
        ann.Amr().ShouldBe(["mail"]);
        var proved = app.ParseTokens(await ann.Post("stepUp", new { password = App.Password }));
        proved.ShouldHaveProved("1", "mail", "pwd");
    }

    [Fact]
    public async Task A_user_of_a_provider_sends_a_fresh_token_of_the_same_account()
    {
        var app = await social.CreateApp("twoFactorVerification=google");
        var ada = app.ParseTokens(await app.SocialSignup("google", social.Provider.Token("google", Ann), Ann));
        await app.AgeProofs(16);
        (await ada.Post("stepUp", new { password = App.Password })).ShouldFailWith(403);
        (await ada.Post("stepUp", new { token = social.Provider.Token("google", "eve@example.com", "eve") })).ShouldFailWith(613);
        (await ada.Post("setTwoFactorGoogleVerification", new { twoFactor = true })).ShouldFailWith(710);
        var token = social.Provider.Token("google", Ann);
        (await ada.Post("stepUp", new { token })).ShouldBeOk();
        (await ada.Post("stepUp", new { token })).ShouldFailWith(613);
        (await ada.Post("setTwoFactorGoogleVerification", new { twoFactor = true })).ShouldBeOk();
    }

    [Fact]
    public async Task Social_login_asks_where_a_factor_is_required_whatever_its_own_setting()
    {
        var app = await social.CreateApp(
            "secondFactorPolicy=required",
            "secondFactors=authenticator",
            "socialLoginTwoFactor=0",
            "sessionMode=refresh"
        );
        app.ParseTokens(await app.SocialSignup("google", social.Provider.Token("google", Ann), Ann));
        var step = LoginStep.Parse(app, (await app.SocialLogin("google", social.Provider.Token("google", Ann))).ShouldBeOk().Json);
        step.Enroll.ShouldBe(["otp"]);
        var ada = app.ParseTokens(await step.Complete((await step.StartAuthenticator()).Code()));
        ada.Amr().ShouldBe(["fed", "otp", "mfa"]);
    }

    [Fact]
    public async Task A_code_by_sms_belongs_to_the_session_that_asked()
    {
        var app = await (await servers.Unlimited()).CreateAppWithPolicy("optional");
        var ann = await app.CreateUser(Ann);
        await ann.EnablePhone(Number);
        var other = app.ParseTokens(await (await app.BeginLogin()).Complete(await app.LastCodeFor(Number)));
        (await ann.Post("stepUpFactor", new { method = "sms" })).ShouldBeTrue();
        var code = await app.LastCodeFor(Number);
        (await other.Post("stepUp", new { code, method = "sms" })).ShouldFailWith(600);
        (await ann.Post("stepUp", new { code, method = "sms" })).ShouldBeOk();
    }

    [Fact]
    public async Task The_code_of_an_authenticator_app_is_good_for_one_of_two_requests()
    {
        var app = await (await servers.Unlimited()).CreateAppWithPolicy("optional");
        var ann = await app.CreateUser(Ann);
        var authenticator = await ann.EnableAuthenticator();
        for (var round = 0; round < 5; round++)
        {
            await app.ResetTotpSteps(Ann);
            var (step, code) = (await app.BeginLogin(), authenticator.Code());
            var replies = await AppFlows.SendInParallel(2, i => i == 0 ? step.Complete(code) : ann.Post("stepUp", new { code }));
            replies.Count(reply => reply.Code is null).ShouldBe(1);
        }
    }

    [Fact]
    public async Task Guesses_count_as_at_a_login()
    {
        var app = await servers.Main.CreateAppWithPolicy("optional");
        var ann = await app.CreateUser(Ann);
        var authenticator = await ann.EnableAuthenticator();
        for (var i = 0; i < 10; i++)
        {
            (await ann.Post("stepUp", new { code = authenticator.WrongCode() })).ShouldFailWith(600);
        }

        (await ann.Post("stepUp", new { code = authenticator.Code() })).ShouldBeRateLimited();
        (await app.MailKinds(Ann)).Count(kind => kind == "codeGuessing").ShouldBe(1);
        await app.Installation.Execute("UPDATE users SET failed_codes = 50 WHERE app_id = @Id", new { app.Id });
        await app.Installation.Execute("DELETE FROM limits WHERE bucket LIKE @all", new { all = $"{app.Id}|%" });
        (await ann.Post("stepUp", new { code = authenticator.Code() })).ShouldFailWith(404);
    }

    [Fact]
    public async Task A_session_that_ended_proves_nothing()
    {
        var app = await (await servers.Unlimited()).CreateAppWithPolicy("optional");
        var ann = await app.CreateUser(Ann);
        (await ann.Post("logout", new { })).ShouldBeTrue();
        (await ann.Post("stepUp", new { password = App.Password })).ShouldFailWith(405);
    }
}
