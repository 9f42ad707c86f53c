using static Latchkey.Tests.Api.TwoFactor.FactorFlows;

namespace Latchkey.Tests.Api.TwoFactor;

/// <summary>The settings secondFactorPolicy and secondFactors: who is asked, when, and for what (docs/second-factors.md).</summary>
public sealed class SecondFactorPolicyTests(ServerFixture servers)
{
    private static readonly string[] Routes = ["loginFactor", "enrollFactor", "recoveryCodes", "forgetDevices"];

    [Fact]
    [Covers(714)]
    public async Task With_the_policy_off_the_contract_holds_and_nothing_else()
    {
        var app = await (await servers.Unlimited()).CreateApp("signupFlow=none", "twoFactorVerification=google");
        var ann = await app.CreateUser(Ann);
        var authenticator = await ann.EnableAuthenticator();
        var step = await app.BeginLogin(deviceToken: "whatever");
        (step.Methods, step.Enroll).ShouldBe((null, null));
        var answer = (await step.Complete(authenticator.Code(), remember: true)).ShouldBeOk().Json;
        answer.EnumerateObject().Select(field => field.Name).ShouldBe(["jwt", "access-token"]);
        foreach (var route in Routes)
        {
            var body = new { loginToken = step.Token, method = "sms" };
            (await (route.EndsWith("Factor", StringComparison.Ordinal) ? app.Post(route, body) : ann.Post(route, body))).ShouldFailWith(
                714
            );
        }

        (await ann.Get("secondFactors")).ShouldFailWith(714);
        (await ann.Post("setPhone", new { phone = Number })).ShouldFailWith(409);
    }

    [Fact]
    public async Task Optional_asks_those_who_switched_a_factor_on()
    {
        var app = await (await servers.Unlimited()).CreateAppWithPolicy("optional");
        var ann = await app.CreateUser(Ann);
        await app.Login(Ann);
        var authenticator = await ann.EnableAuthenticator();
        var step = await app.BeginLogin();
        step.Methods.ShouldBe(["otp"]);
        step.Enroll.ShouldBeNull();
        (await step.Complete(authenticator.WrongCode(), "otp")).ShouldFailWith(600);
        app.ParseTokens(await step.Complete(authenticator.Code(), "otp"));
    }

    [Fact]
    [Covers(410)]
    public async Task A_user_has_several_factors_and_any_of_them_completes_the_login()
    {
        var app = await (await servers.Unlimited()).CreateAppWithPolicy("optional", "sessionMode=refresh");
        var ann = await app.CreateUser(Ann);
        var authenticator = await ann.EnableAuthenticator();
        (await (await app.BeginLogin()).SendSms()).ShouldFailWith(410);
        await (await ann.StepUpWith(authenticator)).EnablePhone(Number);
        var codes = await ann.MakeRecoveryCodes(authenticator);
        var sent = (await app.Mails(Number)).Count;

        var step = await app.BeginLogin();
        step.Methods.ShouldBe(["otp", "sms", "recovery"]);
        (await app.Mails(Number)).Count.ShouldBe(sent); // only loginFactor sends it
        (await step.Complete("123456", "sms")).ShouldFailWith(600);
        (await step.SendSms()).ShouldBeTrue();
        var bySms = app.ParseTokens(await step.Complete(await app.LastCodeFor(Number), "sms"));
        bySms.ShouldHaveProved("2", "pwd", "sms", "mfa");

        var byApp = app.ParseTokens(await (await app.BeginLogin()).Complete(authenticator.Code()));
        byApp.ShouldHaveProved("2", "pwd", "otp", "mfa");
        var byRecovery = app.ParseTokens(await (await app.BeginLogin()).Complete(codes[0], "recovery"));
        byRecovery.ShouldHaveProved("2", "pwd", "rcv", "mfa");
    }

    [Fact]
    public async Task Without_a_method_a_code_that_was_sent_is_meant_and_otherwise_that_of_the_app()
    {
        var app = await (await servers.Unlimited()).CreateAppWithPolicy("optional");
        var ann = await app.CreateUser(Ann);
        await ann.EnablePhone(Number);
        var alone = await app.BeginLogin();
        alone.Methods.ShouldBe(["sms"]);
        var first = await app.LastCodeFor(Number); // sent with the answer, as in the contract
        (await alone.SendSms()).ShouldBeTrue();
        var second = await app.LastCodeFor(Number);
        if (first != second)
        {
            (await alone.Complete(first)).ShouldFailWith(600); // a new code replaces it
        }

        app.ParseTokens(await alone.Complete(second));
    }

    [Fact]
    public async Task Too_many_sms_do_not_keep_a_user_out_who_has_recovery_codes()
    {
        var app = await servers.Main.CreateAppWithPolicy("optional");
        var ann = await app.CreateUser(Ann);
        await ann.EnablePhone(Number);
        await app.ForgetMessages();
        (await ann.Post("stepUpFactor", new { method = "sms" })).ShouldBeTrue();
        (await ann.Post("stepUp", new { code = await app.LastCodeFor(Number) })).ShouldBeOk();
        (await app.TryLogin(Ann)).ShouldBeRateLimited(); // one SMS a minute
        var codes = Texts((await ann.Post("recoveryCodes", new { })).ShouldBeOk().Json, "recovery-codes")!;
        var step = await app.BeginLogin();
        step.Methods.ShouldBe(["sms", "recovery"]);
        (await step.SendSms()).ShouldBeRateLimited();
        app.ParseTokens(await step.Complete(codes[0], "recovery"));
    }

    [Fact]
    public async Task A_method_or_code_of_another_form_is_invalid_data()
    {
        var app = await (await servers.Unlimited()).CreateAppWithPolicy("optional");
        await (await app.CreateUser(Ann)).EnableAuthenticator();
        var step = await app.BeginLogin();
        (await step.Complete("123456", "fingerprint")).ShouldFailWith(602);
        (await step.Complete("abcd-efgh-jkmn")).ShouldFailWith(602);
        (await step.Complete("123456", "recovery")).ShouldFailWith(602);
        (await app.Post("loginFactor", new { loginToken = step.Token, method = "otp" })).ShouldFailWith(602);
        (await app.Post("loginFactor", new { loginToken = "x", method = "sms" })).ShouldFailWith(600);
        (await app.Post("loginFactor", new { loginToken = step.Token })).ShouldFailWith(403);
    }

    [Fact]
    public async Task A_factor_whose_kind_the_application_no_longer_allows_is_asked_still()
    {
        var app = await (await servers.Unlimited()).CreateAppWithPolicy("optional");
        var ann = await app.CreateUser(Ann);
        var authenticator = await ann.EnableAuthenticator();
        await app.Set("secondFactors=sms", "secondFactorPolicy=required");
        await app.ResetTotpSteps(Ann);
        var step = await app.BeginLogin(); // otherwise whoever knows the password could set a factor up
        step.Methods.ShouldBe(["otp"]);
        step.Enroll.ShouldBeNull();
        (await step.StartEnrollment("sms", Number)).ShouldFailWith(600);
        (await step.Complete(authenticator.Code(), "otp")).ShouldBeOk();
        (await ann.Post("setTwoFactorGoogleVerification", new { twoFactor = true })).ShouldFailWith(408);
    }

    [Fact]
    [Covers(715)]
    public async Task The_last_factor_stays_on_where_one_is_required()
    {
        var app = await (await servers.Unlimited()).CreateAppWithPolicy("required");
        var ann = await app.CreateUser(Ann);
        var authenticator = await ann.EnableAuthenticator();
        await ann.StepUpWith(authenticator);
        (await ann.Post("setTwoFactorGoogleVerification", new { twoFactor = false })).ShouldFailWith(715);
        await ann.EnablePhone(Number);
        (await ann.Post("setTwoFactorGoogleVerification", new { twoFactor = false })).ShouldBeTrue();
        await ann.App.AgeProofs(0);
        (await ann.Post("setTwoFactorPhoneVerification", new { twoFactor = false })).ShouldFailWith(715);
        (await app.BeginLogin()).Methods.ShouldBe(["sms"]);
    }

    [Fact]
    public async Task Settings_that_would_lock_everybody_out_or_do_nothing_are_refused()
    {
        var app = await (await servers.Unlimited()).CreateApp("signupFlow=none");
        (await Set("secondFactorPolicy=required", "secondFactors=")).ShouldContain("needs a factor that users can have");
        (await Set("secondFactorPolicy=newdevices")).ShouldContain("rememberDeviceDays");
        (await Set("secondFactors=authenticator,fax")).ShouldContain("some of authenticator, sms");
        await app.Set("secondFactorPolicy=newdevices", "rememberDeviceDays=30", "secondFactors=SMS authenticator");

        async Task<string> Set(params string[] settings)
        {
            var result = await app.Installation.Run(["app", "set", app.Id, .. settings]);
            result.ExitCode.ShouldNotBe(0);
            return result.Error;
        }
    }

    [Fact]
    public async Task A_login_token_belongs_to_its_application()
    {
        var server = await servers.Unlimited();
        var (app, other) = (await server.CreateAppWithPolicy("optional"), await server.CreateAppWithPolicy("optional"));
        await (await app.CreateUser(Ann)).EnablePhone(Number);
        var step = await app.BeginLogin() with { App = other };
        (await step.SendSms()).ShouldFailWith(600);
        (await step.Complete(await app.LastCodeFor(Number))).ShouldFailWith(600);
        (await step.StartEnrollment("otp")).ShouldFailWith(600);
    }
}
