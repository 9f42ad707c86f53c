using static Latchkey.Tests.Api.TwoFactor.FactorFlows;

namespace Latchkey.Tests.Api.TwoFactor;

/// <summary>The way back for users who lost their factors: the developer's reset, by portal, server API and command line.</summary>
public sealed class SecondFactorResetTests(ServerFixture servers)
{
    [Theory]
    [InlineData("server")]
    [InlineData("cli")]
    [InlineData("portal")]
    public async Task A_reset_ends_factors_codes_and_devices_and_is_logged_and_told(string by)
    {
        var (app, _, codes) = await WithAnn();
        var pending = await app.BeginLogin();
        switch (by)
        {
            case "server":
                (await app.SendAsServer(HttpMethod.Post, $"users/{Ann}/resetSecondFactor")).ShouldBeTrue();
                break;
            case "cli":
                (await app.Installation.Run("user", "reset-second-factor", app.Id, Ann)).ShouldSucceed();
                break;
            default:
                using (var editor = await PortalVisitor.Member(app, "editor"))
                {
                    var page = await editor.SubmitAndFollow(await PageOf(app), "second-factor");
                    page.Text("main").ShouldContain("the user was told by mail");
                }

                break;
        }

        (await CountLeft(app)).ShouldBe((0, 0));
        (await pending.Complete(codes[0], "recovery")).ShouldFailWith(600);
        (await (await app.Login(Ann)).SecondFactors()).GetProperty("methods").GetArrayLength().ShouldBe(0);
        (await app.MailKinds(Ann))[^1].ShouldBe("secondFactorOff");
        (await app.HasLogLine("resetSecondFactor")).ShouldBeTrue();
    }

    [Fact]
    public async Task Servers_and_the_command_line_see_what_is_left()
    {
        var (app, _, codes) = await WithAnn();
        app.ParseTokens(await (await app.BeginLogin()).Complete(codes[0], "recovery"));
        var server = (await app.SendAsServer(HttpMethod.Get, $"users/{Ann}/secondFactors")).ShouldBeOk().Json;
        var cli = (await app.Installation.Run("user", "second-factors", app.Id, Ann, "--json")).ShouldSucceed().Json;
        cli.GetRawText().ShouldBe(server.GetRawText());
        Texts(server, "methods").ShouldBe(["otp"]);
        Texts(server, "allowed").ShouldBe(["otp", "sms"]);
        server.GetProperty("recoveryCodesLeft").GetInt32().ShouldBe(9);
        server.GetProperty("rememberedDevices").GetArrayLength().ShouldBe(1);
        (await app.Installation.Run("user", "second-factors", app.Id, Ann)).ShouldSucceed().Output.ShouldContain("recovery codes left   9");
        (await app.SendAsServer(HttpMethod.Get, "users/nobody@example.com/secondFactors")).ShouldFailWith(603);
    }

    [Fact]
    public async Task The_portal_shows_what_is_left_and_forgets_devices()
    {
        var (app, _, _) = await WithAnn();
        using var editor = await PortalVisitor.Member(app, "editor");
        var page = await editor.Get(await PageOf(app));
        page.Text("#second-factors").ShouldContain("authenticator app");
        page.Text("#remembered-devices").ShouldContain("Ann's phone");
        (await editor.SubmitAndFollow(await PageOf(app), "forget-devices")).Text("main").ShouldContain("No device is remembered");
        (await CountLeft(app)).ShouldBe((10, 0));
        (await app.HasLogLine("forgetDevices")).ShouldBeTrue();
        using var viewer = await PortalVisitor.Member(app, "viewer");
        (await viewer.Get(await PageOf(app))).Text("#second-factors").ShouldNotContain("Reset second factor");
    }

    [Fact]
    public async Task A_server_of_another_application_resets_nothing()
    {
        var (app, _, _) = await WithAnn();
        var other = await (await servers.Unlimited()).CreateApp("signupFlow=none");
        (await other.SendAsServer(HttpMethod.Post, $"users/{Ann}/resetSecondFactor")).ShouldFailWith(603);
        (await CountLeft(app)).ShouldBe((10, 1));
    }

    private static async Task<string> PageOf(App app) =>
        $"/portal/applications/{app.Id}/users/"
        + await app.Installation.Query<string>("SELECT id FROM users WHERE app_id = @Id AND handle = @Ann", new { app.Id, Ann });

    private static async Task<(long Codes, long Devices)> CountLeft(App app) =>
        (
            await app.Installation.Query<long>("SELECT COUNT(*) FROM recovery_codes WHERE app_id = @Id", new { app.Id }),
            await app.Installation.Query<long>("SELECT COUNT(*) FROM remembered_devices WHERE app_id = @Id", new { app.Id })
        );

    /// <summary>A user with an authenticator app, ten recovery codes and a remembered device.</summary>
    private async Task<(App App, LoggedInUser Ann, string[] Codes)> WithAnn()
    {
        var app = await (await servers.Unlimited()).CreateAppWithPolicy("optional", "rememberDeviceDays=30");
        var (ann, authenticator, codes) = await app.CreateUserWithCodes();
        await app.ResetTotpSteps(Ann);
        (await (await app.BeginLogin()).Complete(authenticator.Code(), remember: true, deviceName: "Ann's phone")).ShouldBeOk();
        return (app, ann, codes);
    }
}
