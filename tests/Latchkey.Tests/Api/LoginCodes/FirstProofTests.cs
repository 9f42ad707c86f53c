using Latchkey.Tests.Api.TwoFactor;
using static Latchkey.Tests.Api.LoginCodes.LoginCodeFlows;

namespace Latchkey.Tests.Api.LoginCodes;

/// <summary>A stranger signs up with somebody's address where addresses are not verified. The owner comes by a login code.</summary>
public sealed class FirstProofTests(ServerFixture servers)
{
    private const string StrangersPassword = "the stranger's horse";
    private const string StrangersNumber = "+14155550177";

    [Fact]
    public async Task Nothing_that_the_stranger_set_survives()
    {
        var app = await (await servers.Unlimited()).CreateAppWithCodes(
            "signupFlow=none",
            "smsCodeLogin=1",
            "userNamesEnabled=1",
            "secondFactorPolicy=optional",
            "secondFactors=authenticator,sms",
            "rememberDeviceDays=30"
        );
        var stranger = await app.CreateUser(Ann, StrangersPassword);
        (await stranger.Post("setUserName", new { userName = "mine" })).ShouldBeTrue();
        var bySms = await BySms(app, stranger);
        var authenticator = await stranger.EnableAuthenticator();
        var codes = await stranger.MakeRecoveryCodes(authenticator);
        await app.ResetTotpSteps(Ann);
        var device = (await (await app.BeginLogin(password: StrangersPassword)).Complete(authenticator.Code(), remember: true))
            .ShouldBeOk()
            .Json.GetProperty("device-token")
            .GetString();
        var pending = await app.BeginLogin(password: StrangersPassword);

        var owner = await app.LoginByCode(); // no second factor is asked for

        (await stranger.TryGetUser()).ShouldFailWith(405);
        (await stranger.TryRefresh()).ShouldFailWith(712);
        (await app.TryLogin(Ann, StrangersPassword)).ShouldFailWith(600);
        (await app.TryLogin("mine", StrangersPassword)).ShouldFailWith(600);
        await app.ResetTotpSteps(Ann);
        (await pending.Complete(authenticator.Code())).ShouldFailWith(600);
        (await pending.Complete(codes[0], "recovery")).ShouldFailWith(600);
        (await bySms.Complete(await app.LastCodeFor(StrangersNumber))).ShouldFailWith(731);
        (await app.AskForCode(StrangersNumber)).ShouldFailWith(603);
        var now = await owner.GetUser();
        now.TryGetProperty("phone", out _).ShouldBeFalse();
        now.TryGetProperty("userName", out _).ShouldBeFalse();
        (await owner.RecoveryCodesLeft()).ShouldBe(0);
        (await Count(app, "remembered_devices")).ShouldBe(0);
        (await app.MailKinds(Ann)).TakeLast(3).ShouldBe(["loginCode", "passwordChanged", "secondFactorOff"], ignoreOrder: true);
        (await app.HasLogLine("loginCodeComplete", "first proof of the address")).ShouldBeTrue();
        device.ShouldNotBeNull();
    }

    [Fact]
    public async Task The_owners_next_logins_end_nothing()
    {
        var app = await (await servers.Unlimited()).CreateAppWithCodes("signupFlow=none");
        await app.CreateUser(Ann, StrangersPassword);
        var owner = await app.LoginByCode();
        (await owner.Post("changePassword", new { newPassword = AppFlows.NewPassword })).ShouldBeTrue();
        await app.LoginByCode();
        (await owner.IsSignedIn()).ShouldBeTrue();
        (await app.TryLogin(Ann, AppFlows.NewPassword)).ShouldBeOk();
    }

    [Fact]
    public async Task A_code_by_SMS_proves_no_address()
    {
        var app = await (await servers.Unlimited()).CreateAppWithCodes("signupFlow=none", "smsCodeLogin=1", "twoFactorVerification=phone");
        var ann = await app.CreateUser(Ann);
        await ann.VerifyPhone(Number);
        await app.LoginByCode(Number);
        (await ann.IsSignedIn()).ShouldBeTrue();
        (await app.TryLogin(Ann)).ShouldBeOk();
    }

    [Fact]
    public async Task A_login_that_races_with_the_first_proof_does_not_outlive_it()
    {
        var app = await (await servers.Unlimited()).CreateAppWithCodes("signupFlow=none");
        for (var round = 0; round < 10; round++)
        {
            var handle = $"u{round}@example.com";
            await app.CreateUser(handle, StrangersPassword);
            var request = await app.BeginCodeLogin(handle);
            var code = await app.LastCodeFor(handle);
            var strangers = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => app.TryLogin(handle, StrangersPassword)));
            (await request.Complete(code)).ShouldBeOk();
            foreach (var reply in (await strangers).Where(reply => reply.Code is null))
            {
                (await app.ParseTokens(reply).IsSignedIn()).ShouldBeFalse();
            }
        }
    }

    private static async Task<CodeRequest> BySms(App app, LoggedInUser stranger)
    {
        await stranger.VerifyPhone(StrangersNumber);
        return await app.BeginCodeLogin(StrangersNumber);
    }

    private static Task<long> Count(App app, string table) =>
        app.Installation.Query<long>($"SELECT COUNT(*) FROM {table} WHERE app_id = @Id", new { app.Id });
}
