using static Latchkey.Tests.Api.TwoFactor.FactorFlows;

namespace Latchkey.Tests.Api.TwoFactor;

/// <summary>Where a second factor is required, a user without one sets it up during the login.</summary>
public sealed class EnrollmentTests(ServerFixture servers)
{
    [Theory]
    [InlineData("required")]
    [InlineData("newdevices")]
    public async Task An_authenticator_app_is_in_use_after_its_first_code(string policy)
    {
        var app = await (await servers.Unlimited()).CreateAppWithPolicy(policy, "rememberDeviceDays=30", "sessionMode=refresh");
        await app.CreateUser(Ann);
        var step = await app.BeginLogin();
        step.Methods.ShouldBeEmpty();
        step.Enroll.ShouldBe(["otp", "sms"]);
        var authenticator = await step.StartAuthenticator();
        (await app.BeginLogin()).Enroll.ShouldNotBeNull(); // not in use yet
        (await step.Complete(authenticator.WrongCode())).ShouldFailWith(600);
        var reply = await step.Complete(authenticator.Code());
        var ann = app.ParseTokens(reply);
        ann.ShouldHaveProved("2", "pwd", "otp", "mfa");
        Texts(reply.Json, "recovery-codes")!.Length.ShouldBe(10);
        (await ann.RecoveryCodesLeft()).ShouldBe(10);
        (await app.BeginLogin()).Methods.ShouldBe(["otp", "recovery"]);
        (await app.MailKinds(Ann))[^1].ShouldBe("secondFactorOn"); // and no mail with the key
        (await app.HasLogLine("enrollFactor", "switched on")).ShouldBeTrue();
    }

    [Fact]
    public async Task The_first_code_of_an_authenticator_app_is_good_once()
    {
        var app = await (await servers.Unlimited()).CreateAppWithPolicy("required");
        await app.CreateUser(Ann);
        var step = await app.BeginLogin();
        var authenticator = await step.StartAuthenticator();
        var timeStep = Authenticator.CurrentStep;
        app.ParseTokens(await step.Complete(authenticator.CodeOf(timeStep)));
        (await (await app.BeginLogin()).Complete(authenticator.CodeOf(timeStep))).ShouldFailWith(600);
    }

    [Fact]
    public async Task A_phone_is_in_use_after_the_code_that_was_sent_to_it()
    {
        var app = await (await servers.Unlimited()).CreateAppWithPolicy("required", "sessionMode=refresh");
        await app.CreateUser(Ann);
        var step = await app.BeginLogin();
        (await step.StartEnrollment("sms")).ShouldFailWith(403);
        (await step.StartEnrollment("sms", "12")).ShouldFailWith(602);
        (await step.StartEnrollment("fax", Number)).ShouldFailWith(602);
        (await step.StartEnrollment("sms", Number)).ShouldBeTrue();
        var reply = await step.Complete(await app.LastCodeFor(Number), "sms");
        var ann = app.ParseTokens(reply);
        ann.Amr().ShouldBe(["pwd", "sms", "mfa"]);
        Texts(reply.Json, "recovery-codes")!.Length.ShouldBe(10);
        var user = await ann.GetUser();
        user.GetProperty("phone").GetString().ShouldBe(Number);
        user.GetProperty("twoFactorPhoneVerification").GetBoolean().ShouldBeTrue();
        (await app.BeginLogin()).Methods.ShouldBe(["sms", "recovery"]);
    }

    [Fact]
    [Covers(412)]
    public async Task A_number_of_another_user_is_refused_also_when_that_user_was_faster()
    {
        var app = await (await servers.Unlimited()).CreateAppWithPolicy("required");
        await app.CreateUser(Ann);
        var bob = await app.CreateUser("bob@example.com");
        var step = await app.BeginLogin();
        (await step.StartEnrollment("sms", Number)).ShouldBeTrue();
        var code = await app.LastCodeFor(Number);
        await bob.VerifyPhone(Number);
        (await step.Complete(code)).ShouldFailWith(412);
        (await step.StartEnrollment("sms", Number)).ShouldFailWith(412);
        (await app.BeginLogin()).Enroll.ShouldNotBeNull();
    }

    [Fact]
    public async Task The_token_opens_nothing_before_something_is_set_up()
    {
        var app = await (await servers.Unlimited()).CreateAppWithPolicy("required");
        await app.CreateUser(Ann);
        var step = await app.BeginLogin();
        foreach (var (code, method) in new[] { ("123456", "otp"), ("123456", "sms"), ("abcdefghjkmn", "recovery"), ("123456", null) })
        {
            (await step.Complete(code, method)).ShouldFailWith(600);
        }

        (await step.SendSms()).ShouldFailWith(600);
        (await app.PostRaw("getUser", null, ("access-token", step.Token))).Code.ShouldNotBeNull();
        (await new LoggedInUser(app, "", step.Token).TryGetUser()).ShouldFailWith(405);
    }

    [Fact]
    public async Task What_was_begun_last_counts()
    {
        var app = await (await servers.Unlimited()).CreateAppWithPolicy("required");
        await app.CreateUser(Ann);
        var step = await app.BeginLogin();
        var first = await step.StartAuthenticator();
        var second = await step.StartAuthenticator();
        (await step.Complete(first.Code())).ShouldFailWith(600);
        (await step.StartEnrollment("sms", Number)).ShouldBeTrue();
        (await step.Complete(second.Code(), "otp")).ShouldFailWith(600);
        app.ParseTokens(await step.Complete(await app.LastCodeFor(Number)));
    }

    [Fact]
    public async Task Only_one_of_two_logins_sets_a_factor_up()
    {
        var app = await (await servers.Unlimited()).CreateAppWithPolicy("required");
        await app.CreateUser(Ann);
        var (owner, stranger) = (await app.BeginLogin(), await app.BeginLogin());
        var (owners, strangers) = (await owner.StartAuthenticator(), await stranger.StartAuthenticator());
        app.ParseTokens(await owner.Complete(owners.Code()));
        (await stranger.Complete(strangers.Code())).ShouldFailWith(600);
        (await stranger.StartEnrollment("otp")).ShouldFailWith(600);
    }

    [Fact]
    public async Task Nor_does_a_login_token_of_before_a_factor_was_switched_on()
    {
        var app = await (await servers.Unlimited()).CreateAppWithPolicy("required");
        var ann = await app.CreateUser(Ann);
        var step = await app.BeginLogin();
        var strangers = await step.StartAuthenticator();
        await ann.EnablePhone(Number);
        (await step.Complete(strangers.Code(), "otp")).ShouldFailWith(600);
        (await app.BeginLogin()).Methods.ShouldBe(["sms"]);
    }

    [Fact]
    public async Task A_login_token_of_a_user_with_a_factor_does_not_set_one_up()
    {
        var app = await (await servers.Unlimited()).CreateAppWithPolicy("required");
        await (await app.CreateUser(Ann)).EnableAuthenticator();
        var step = await app.BeginLogin();
        (await step.StartEnrollment("otp")).ShouldFailWith(600);
        (await step.StartEnrollment("sms", Number)).ShouldFailWith(600);
    }

    [Fact]
    public async Task Only_what_the_application_allows_is_set_up()
    {
        var app = await (await servers.Unlimited()).CreateAppWithPolicy("required", "secondFactors=sms");
        await app.CreateUser(Ann);
        var step = await app.BeginLogin();
        step.Enroll.ShouldBe(["sms"]);
        (await step.StartEnrollment("otp")).ShouldFailWith(408);
        await app.Set("secondFactors=authenticator");
        (await step.StartEnrollment("sms", Number)).ShouldFailWith(409);
    }

    [Fact]
    public async Task Five_wrong_codes_end_the_login_and_tell_nobody()
    {
        var app = await servers.Main.CreateAppWithPolicy("required");
        await app.CreateUser(Ann);
        var step = await app.BeginLogin();
        var authenticator = await step.StartAuthenticator();
        for (var i = 0; i < 5; i++)
        {
            (await step.Complete(authenticator.WrongCode())).ShouldFailWith(600);
        }

        (await step.Complete(authenticator.Code())).ShouldFailWith(600);
        (await app.MailKinds(Ann)).ShouldNotContain("codeGuessing"); // there is no factor yet that could be guessed
    }
}
