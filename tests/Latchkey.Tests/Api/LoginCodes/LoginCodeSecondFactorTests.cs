using Latchkey.Tests.Api.TwoFactor;
using static Latchkey.Tests.Api.LoginCodes.LoginCodeFlows;

namespace Latchkey.Tests.Api.LoginCodes;

/// <summary>Second factors are asked for after a login code as after a password, and one channel never counts twice.</summary>
public sealed class LoginCodeSecondFactorTests(ServerFixture servers)
{
    [Theory]
    [InlineData("twoFactorVerification=google")]
    [InlineData("secondFactorPolicy=optional")]
    public async Task After_a_mailed_code_the_factor_is_asked_for(string setting)
    {
        var app = await (await servers.Unlimited()).CreateAppWithCodes(setting);
        var authenticator = await (await app.CreateUserByCode(Ann)).EnableAuthenticator();
        var request = await app.BeginCodeLogin();
        var reply = await request.Complete(await app.LastCodeFor(Ann));
        reply.ShouldBeOk().Json.TryGetProperty("jwt", out _).ShouldBeFalse();
        var step = LoginStep.Parse(app, reply.Json);
        app.ParseTokens(await step.Complete(authenticator.Code())).ShouldHaveProved("2", "mail", "otp", "mfa");
        (await app.HasLogLine("loginCodeComplete", "second factor asked for")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_mailed_code_and_an_SMS_are_two_channels()
    {
        var app = await (await servers.Unlimited()).CreateAppWithCodes("twoFactorVerification=phone");
        await (await app.CreateUserByCode(Ann)).EnablePhone(Number);
        var request = await app.BeginCodeLogin();
        var step = LoginStep.Parse(app, (await request.Complete(await app.LastCodeFor(Ann))).ShouldBeOk().Json);
        app.ParseTokens(await step.Complete(await app.LastCodeFor(Number))).ShouldHaveProved("2", "mail", "sms", "mfa");
    }

    [Fact]
    public async Task A_remembered_device_is_not_asked()
    {
        var app = await (await servers.Unlimited()).CreateAppWithCodes("secondFactorPolicy=optional", "rememberDeviceDays=30");
        var authenticator = await (await app.CreateUserByCode(Ann)).EnableAuthenticator();
        var request = await app.BeginCodeLogin();
        var step = LoginStep.Parse(app, (await request.Complete(await app.LastCodeFor(Ann))).ShouldBeOk().Json);
        var device = (await step.Complete(authenticator.Code(), remember: true)).ShouldBeOk().Json.GetProperty("device-token").GetString();
        request = await app.BeginCodeLogin();
        app.ParseTokens(await request.Complete(await app.LastCodeFor(Ann), device)).ShouldHaveProved("1", "mail");
    }

    [Fact]
    public async Task Where_a_factor_is_required_one_is_set_up()
    {
        var app = await (await servers.Unlimited()).CreateAppWithCodes("secondFactorPolicy=required");
        await app.CreateUserByCode(Ann);
        var request = await app.BeginCodeLogin();
        var step = LoginStep.Parse(app, (await request.Complete(await app.LastCodeFor(Ann))).ShouldBeOk().Json);
        step.Enroll.ShouldBe(["otp"]);
        var authenticator = await step.StartAuthenticator();
        app.ParseTokens(await step.Complete(authenticator.Code())).ShouldHaveProved("2", "mail", "otp", "mfa");
    }

    [Fact]
    public async Task After_a_code_by_SMS_the_same_phone_is_no_second_factor()
    {
        var app = await WithPolicy("optional");
        var ann = await app.Login(Ann);
        var authenticator = await ann.EnableAuthenticator();
        (await (await ann.StepUpWith(authenticator)).Post("setTwoFactorPhoneVerification", new { twoFactor = true })).ShouldBeTrue();
        var request = await app.BeginCodeLogin(Number);
        var step = LoginStep.Parse(app, (await request.Complete(await app.LastCodeFor(Number))).ShouldBeOk().Json);
        step.Methods.ShouldBe(["otp"]);
        (await step.SendSms()).ShouldFailWith(410);
        await app.ResetTotpSteps(Ann);
        (await step.Complete("123456", "sms")).ShouldFailWith(600);
        app.ParseTokens(await step.Complete(authenticator.Code(), "otp")).ShouldHaveProved("2", "sms", "otp", "mfa");
    }

    [Theory]
    [InlineData("off")]
    [InlineData("optional")]
    public async Task A_phone_that_is_the_only_second_factor_is_not_the_first_too(string policy)
    {
        var app = await WithPolicy(policy);
        var before = await app.BeginCodeLogin(Number);
        var code = await app.LastCodeFor(Number);
        (await (await app.Login(Ann)).Post("setTwoFactorPhoneVerification", new { twoFactor = true })).ShouldBeTrue();
        (await before.Complete(code)).ShouldFailWith(600);
        (await app.LastCause("loginCodeComplete", 600)).ShouldBe("the phone is the user's only second factor");
        (await app.AskForCode(Number)).ShouldFailWith(603);
        (await app.LastCause("loginCode", 603)).ShouldBe("the phone is the user's only second factor");
    }

    [Fact]
    public async Task Where_a_factor_is_required_it_is_another_than_the_phone()
    {
        var app = await WithPolicy("required");
        var request = await app.BeginCodeLogin(Number);
        var step = LoginStep.Parse(app, (await request.Complete(await app.LastCodeFor(Number))).ShouldBeOk().Json);
        step.Enroll.ShouldBe(["otp"]);
        (await app.Installation.Run("app", "set", app.Id, "secondFactors=sms")).ShouldFail("both the first and the second factor");
    }

    [Fact]
    public async Task A_code_by_SMS_alone_proves_no_factor_for_step_up()
    {
        var app = await WithPolicy("optional");
        await app.Set("rememberDeviceDays=30");
        var ann = await app.Login(Ann);
        var authenticator = await ann.EnableAuthenticator();
        await app.ResetTotpSteps(Ann);
        var completed = await (await app.BeginLogin()).Complete(authenticator.Code(), remember: true);
        var device = completed.ShouldBeOk().Json.GetProperty("device-token").GetString();
        var request = await app.BeginCodeLogin(Number);
        var byDevice = app.ParseTokens(await request.Complete(await app.LastCodeFor(Number), device));
        byDevice.ShouldHaveProved("1", "sms");
        (await byDevice.Post("recoveryCodes", new { })).ShouldFailWith(710);
        await app.ResetTotpSteps(Ann);
        (await byDevice.Post("stepUp", new { code = authenticator.Code() })).ShouldBeOk();
        (await byDevice.Post("recoveryCodes", new { })).ShouldBeOk();
    }

    [Fact]
    public async Task Fifty_wrong_codes_of_a_second_factor_close_this_way_too()
    {
        var app = await (await servers.Unlimited()).CreateAppWithCodes("twoFactorVerification=google");
        await (await app.CreateUserByCode(Ann)).EnableAuthenticator();
        var request = await app.BeginCodeLogin();
        await app.Installation.Execute("UPDATE users SET failed_codes = 50 WHERE app_id = @Id", new { app.Id });
        (await request.Complete(await app.LastCodeFor(Ann))).ShouldFailWith(404);
        (await app.AskForCode()).ShouldFailWith(404);
    }

    private async Task<App> WithPolicy(string policy) =>
        await (await servers.Unlimited()).CreateAppWithPhone(
            $"secondFactorPolicy={policy}",
            policy == "off" ? "stepUpRequired=1" : "secondFactors=authenticator,sms"
        );
}
