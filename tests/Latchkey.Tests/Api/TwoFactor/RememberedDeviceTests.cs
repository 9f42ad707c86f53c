using static Latchkey.Tests.Api.TwoFactor.FactorFlows;

namespace Latchkey.Tests.Api.TwoFactor;

/// <summary>Devices on which a login does not ask for the second factor: off by default, and ended by whatever ends all sessions.</summary>
public sealed class RememberedDeviceTests(ServerFixture servers)
{
    private const long Day = 24 * 60 * 60_000;

    [Fact]
    public async Task No_device_is_remembered_by_default()
    {
        var app = await (await servers.Unlimited()).CreateAppWithPolicy("optional");
        var (_, _, codes) = await app.CreateUserWithCodes();
        var reply = await (await app.BeginLogin()).Complete(codes[0], "recovery", remember: true);
        reply.ShouldBeOk().Json.EnumerateObject().Select(field => field.Name).ShouldBe(["jwt", "access-token"]);
    }

    [Theory]
    [InlineData("optional")]
    [InlineData("newdevices")]
    public async Task A_remembered_device_is_not_asked_and_the_tokens_say_so(string policy)
    {
        var (app, ann, device, _) = await Remember(policy);
        var again = app.ParseTokens(await Login(app, device));
        again.ShouldHaveProved("1", "pwd");
        (await Login(app, device[..^1] + "_")).Json.TryGetProperty("login-token", out _).ShouldBeTrue();
        (
            await app.Post(
                "login",
                new
                {
                    handle = Ann,
                    password = "wrong",
                    deviceToken = device,
                }
            )
        ).ShouldFailWith(600);
        (await app.HasLogLine("login", "the device is remembered")).ShouldBeTrue();
        var listed = (await ann.SecondFactors()).GetProperty("rememberedDevices").EnumerateArray().Single();
        listed.GetProperty("deviceName").GetString().ShouldBe("Ann's phone");
        listed.GetProperty("client").GetString().ShouldBe("127.0.0.1");
    }

    [Fact]
    public async Task Required_asks_on_every_device()
    {
        var (app, _, device, _) = await Remember("optional");
        await app.Set("secondFactorPolicy=required");
        (await IsAsked(app, device)).ShouldBeTrue();
    }

    [Fact]
    public async Task It_is_remembered_for_the_settings_days_also_when_these_become_fewer()
    {
        var (app, _, device, _) = await Remember("optional");
        await Age(app, 29);
        (await IsAsked(app, device)).ShouldBeFalse();
        await app.Set("rememberDeviceDays=20");
        (await IsAsked(app, device)).ShouldBeTrue();
        await app.Set("rememberDeviceDays=60");
        (await IsAsked(app, device)).ShouldBeFalse();
        await Age(app, 2);
        (await IsAsked(app, device)).ShouldBeTrue(); // it was remembered for thirty
    }

    [Fact]
    public async Task Another_user_or_application_does_not_know_it()
    {
        var (app, _, device, _) = await Remember("optional");
        var bob = await app.CreateUser("bob@example.com");
        await bob.EnableAuthenticator();
        (await app.BeginLogin(device, "bob@example.com")).Methods.ShouldBe(["otp"]);
        var (other, _, _, _) = await Remember("optional");
        (await IsAsked(other, device)).ShouldBeTrue();
    }

    public static TheoryData<string> Endings =>
        ["changePassword", "reset", "set", "factorReset", "suspend", "everywhere", "signOut", "forget"];

    [Theory]
    [MemberData(nameof(Endings))]
    public async Task It_ends_with(string ending)
    {
        var (app, ann, device, _) = await Remember("optional");
        (await IsAsked(app, device)).ShouldBeFalse();
        var user = $"users/{Ann}";
        var password = App.Password;
        switch (ending)
        {
            case "changePassword":
                password = AppFlows.NewPassword;
                (await ann.Post("changePassword", new { password = App.Password, newPassword = password })).ShouldBeTrue();
                break;
            case "reset":
                password = AppFlows.NewPassword;
                await app.Installation.Execute("UPDATE users SET email_verified = TRUE WHERE app_id = @Id", new { app.Id });
                (await app.ForgotPassword(Ann)).ShouldBeTrue();
                (await app.ResetPassword(Ann, await app.LastCodeFor(Ann))).ShouldBeTrue();
                break;
            case "set":
                password = AppFlows.NewPassword;
                (await app.SendAsServer(HttpMethod.Post, $"{user}/resetPassword", new { password })).ShouldBeTrue();
                break;
            case "factorReset":
                (await app.SendAsServer(HttpMethod.Post, $"{user}/resetSecondFactor")).ShouldBeTrue();
                await (await app.Login(Ann)).EnableAuthenticator();
                break;
            case "suspend":
                (await app.SendAsServer(HttpMethod.Post, $"{user}/suspend")).ShouldBeTrue();
                (await app.SendAsServer(HttpMethod.Post, $"{user}/activate")).ShouldBeTrue();
                break;
            case "everywhere":
                (await ann.Post("logout", new { everywhere = true })).ShouldBeTrue();
                break;
            case "signOut":
                (await app.SendAsServer(HttpMethod.Post, $"{user}/signOut")).ShouldBeTrue();
                break;
            default:
                (await ann.Post("forgetDevices", new { })).ShouldBeTrue();
                (await ann.SecondFactors()).GetProperty("rememberedDevices").GetArrayLength().ShouldBe(0);
                break;
        }

        (await IsAsked(app, device, password)).ShouldBeTrue();
    }

    [Fact]
    public async Task Logging_out_on_one_device_keeps_it()
    {
        var (app, ann, device, _) = await Remember("optional");
        (await ann.Post("logout", new { })).ShouldBeTrue();
        (await IsAsked(app, device)).ShouldBeFalse();
    }

    [Fact]
    public async Task The_twenty_newest_are_remembered()
    {
        var (app, _, first, authenticator) = await Remember("optional");
        await app.Installation.Execute(
            """
            INSERT INTO remembered_devices (app_id, id, user_id, token_hash, device_name, client, created_at, expires_at)
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 19)
            SELECT app_id, id || i, user_id, token_hash || i, device_name, client, created_at + 1, expires_at FROM remembered_devices, n
            WHERE app_id = @Id
            """,
            new { app.Id }
        );
        (await IsAsked(app, first)).ShouldBeFalse();
        var newest = await RememberWith(app, authenticator);
        (await IsAsked(app, first)).ShouldBeTrue();
        (await IsAsked(app, newest)).ShouldBeFalse();
        (await app.Installation.Query<long>("SELECT COUNT(*) FROM remembered_devices WHERE app_id = @Id", new { app.Id })).ShouldBe(20);
    }

    [Fact]
    public async Task Its_token_is_not_in_the_database_as_it_is()
    {
        var (app, _, device, _) = await Remember("optional");
        (
            await app.Installation.Query<string>("SELECT MAX(token_hash) FROM remembered_devices WHERE app_id = @Id", new { app.Id })
        ).ShouldNotBe(device);
    }

    private async Task<(App App, LoggedInUser Ann, string Device, Authenticator Authenticator)> Remember(string policy)
    {
        var app = await (await servers.Unlimited()).CreateAppWithPolicy(policy, "rememberDeviceDays=30", "sessionMode=refresh");
        var ann = await app.CreateUser(Ann);
        var authenticator = await ann.EnableAuthenticator();
        return (app, ann, await RememberWith(app, authenticator), authenticator);
    }

    private static async Task<string> RememberWith(App app, Authenticator authenticator)
    {
        await app.ResetTotpSteps(Ann);
        var reply = await (await app.BeginLogin()).Complete(authenticator.Code(), remember: true, deviceName: "Ann's phone");
        return reply.ShouldBeOk().Json.GetProperty("device-token").GetString()!;
    }

    private static Task<Reply> Login(App app, string device, string password = App.Password) =>
        app.Post(
            "login",
            new
            {
                handle = Ann,
                password,
                deviceToken = device,
            }
        );

    private static async Task<bool> IsAsked(App app, string device, string password = App.Password) =>
        (await Login(app, device, password)).ShouldBeOk().Json.TryGetProperty("login-token", out _);

    private static Task Age(App app, int days) =>
        app.Installation.Execute(
            "UPDATE remembered_devices SET created_at = created_at - @age, expires_at = expires_at - @age WHERE app_id = @Id",
            new { app.Id, age = days * Day }
        );
}
