using Latchkey.Tests.Cryptography;

namespace Latchkey.Tests.Operations.CosyncMigration;

/// <summary>What the old server signed: its App Token and its users' access tokens, and nothing else.</summary>
public sealed class LegacyTokenTests(ServerFixture servers)
{
    private const string Una = "una@example.com";

    [Fact]
    public async Task An_old_access_token_is_a_session_of_its_user()
    {
        using var old = new CosyncServerFixture();
        var app = await Moved(old);
        (await GetUser(app, old.AccessToken("Una@example.com"))).ShouldBeOk().Json.GetProperty("handle").GetString().ShouldBe(Una);
        (await app.Get("getApplication", ("access-token", old.AccessToken(Una)))).ShouldBeOk();
        await app.Post("logout", new { }, ("access-token", old.AccessToken(Una)));
        (await GetUser(app, old.AccessToken(Una))).ShouldFailWith(405);
    }

    [Theory]
    [InlineData("changePassword")]
    [InlineData("reset")]
    [InlineData("suspend")]
    [InlineData("delete")]
    [InlineData("off")]
    [InlineData("days")]
    public async Task It_ends_with(string what)
    {
        using var old = new CosyncServerFixture();
        var app = await Moved(old);
        (await GetUser(app, old.AccessToken(Una))).ShouldBeOk();
        switch (what)
        {
            case "changePassword":
                (
                    await (await app.Login(Una)).Post("changePassword", new { password = App.Password, newPassword = AppFlows.NewPassword })
                ).ShouldBeTrue();
                break;
            case "reset":
                (await app.ForgotPassword(Una)).ShouldBeTrue();
                (await app.ResetPassword(Una, await app.LastCodeFor(Una))).ShouldBeTrue();
                break;
            case "suspend" or "delete":
                (await app.Installation.Run("user", what, app.Id, Una)).ShouldSucceed();
                break;
            case "off":
                (await app.Installation.Run("app", "old-tokens", app.Id, "--off")).ShouldSucceed();
                break;
            default:
                (
                    await app.Installation.Run("app", "old-tokens", app.Id, "--public-key", old.PublicKeyFile, "--access-token-days", "0")
                ).ShouldSucceed();
                break;
        }

        await WaitUntil.IsTrue($"{what} ends the token", async () => (await GetUser(app, old.AccessToken(Una))).Code is 404 or 405 or 501);
        if (what == "suspend")
        {
            (await app.Installation.Run("user", "activate", app.Id, Una)).ShouldSucceed();
            (await GetUser(app, old.AccessToken(Una))).ShouldFailWith(405);
        }
    }

    [Fact]
    public async Task When_its_time_is_over_it_still_names_the_application()
    {
        using var old = new CosyncServerFixture();
        var app = await Moved(old);
        (
            await app.Installation.Run("app", "old-tokens", app.Id, "--public-key", old.PublicKeyFile, "--access-token-days", "0")
        ).ShouldSucceed();
        await WaitUntil.IsTrue("their time is over", async () => (await GetUser(app, old.AccessToken(Una))).Code == 405);
        (await app.Server.Get("/api/appuser/getApplication", ("access-token", old.AccessToken(Una)))).ShouldBeOk();
    }

    [Fact]
    public async Task It_is_of_nobody_who_came_after_the_import()
    {
        using var old = new CosyncServerFixture();
        var app = await Moved(old);
        await app.CreateUserByCode("late@example.com");
        (await GetUser(app, old.AccessToken("late@example.com"))).ShouldFailWith(405);
        (await app.Installation.Run("user", "delete", app.Id, Una)).ShouldSucceed();
        await app.CreateUserByCode(Una);
        (await GetUser(app, old.AccessToken(Una))).ShouldFailWith(405);
    }

    [Fact]
    public async Task The_old_App_Token_ends_when_the_operator_says_so_and_comes_back()
    {
        using var old = new CosyncServerFixture();
        var app = await Moved(old);
        (await app.Installation.Run("app", "old-tokens", app.Id, "--off")).ShouldSucceed();
        await WaitUntil.IsTrue("the old App Token is refused", async () => (await app.Get("getApplication")).Code == 400);
        (await app.Installation.Run("app", "old-tokens", app.Id, "--public-key", old.PublicKeyFile)).ShouldSucceed();
        await WaitUntil.IsTrue("the old App Token is accepted", async () => (await app.Get("getApplication")).Code is null);
    }

    [Fact]
    public async Task Nothing_else_that_the_old_key_signed_is_accepted()
    {
        using var old = new CosyncServerFixture();
        var app = await Moved(old);
        using var otherOld = new CosyncServerFixture();
        var other = await Moved(otherOld);
        (string Name, object Value)[] user = [("handle", Una), ("appId", old.AppId), ("scope", "user"), ("iat", 1_600_000_000)];
        string[] bad =
        [
            old.Sign(user.ToDictionary(claim => claim.Name, claim => claim.Value), byAnother: true),
            old.Sign(user.ToDictionary(claim => claim.Name, claim => claim.Value), keyId: "k"),
            old.Sign(user.ToDictionary(claim => claim.Name, claim => claim.Value), type: "access+jwt"),
            old.Sign(With(user, "scope", "login")),
            old.Sign(With(user, "scope", "app")),
            old.Sign(With(user, "exp", 1)),
            old.Sign(With(user, "sid", "x")),
            old.Sign(With(user, "iat", 99_999_999_999)),
            old.Sign(With(user, "iat", "1")),
            old.Sign(With(user, "appId", app.Id + "0")),
            old.Sign(With(user, "handle", "nobody@example.com")),
            old.AppToken,
            TokenForger.Token(
                """{"alg":"none","typ":"JWT"}""",
                $$"""{"handle":"{{Una}}","appId":"{{app.Id}}","scope":"user","iat":1600000000}"""
            ),
            old.AccessToken(Una)[..^1],
        ];
        foreach (var token in bad)
        {
            (await GetUser(app, token)).ShouldFailWith(405);
        }

        foreach (
            var token in new[]
            {
                old.Sign(
                    new()
                    {
                        ["appId"] = app.Id,
                        ["scope"] = "app",
                        ["iat"] = 1_600_000_001,
                    }
                ),
                old.AccessToken(Una),
                old.Sign(new() { ["appId"] = app.Id, ["scope"] = "app" }),
            }
        )
        {
            (await (app with { Token = token }).Get("getApplication")).ShouldFailWith(400);
        }

        // An application of another installation's making does not trust the key at all.
        var stranger = await servers.Main.CreateRsaApp("signupFlow=none");
        await stranger.CreateUser(Una);
        (await GetUser(stranger, old.Sign(With(user, "appId", stranger.Id)))).ShouldFailWith(405);
        (await GetUser(other, old.AccessToken(Una))).Json.GetProperty("appId").GetString().ShouldBe(old.AppId);
    }

    [Fact]
    public async Task Without_the_old_servers_key_its_tokens_are_refused()
    {
        using var old = new CosyncServerFixture();
        old.AddUser(Una, App.Password);
        var printed = await CosyncImportTests.Run(servers.Main, old.Collections());
        printed.ExitCode.ShouldBe(0);
        printed.Error.ShouldContain("without --public-key");
        var app = CosyncImportTests.Moved(servers.Main, old);
        (await app.Get("getApplication")).ShouldFailWith(400);
        (await GetUser(app, old.AccessToken(Una))).ShouldFailWith(405);
        (await app.Installation.Run("app", "old-tokens", app.Id, "--public-key", old.PublicKeyFile)).ShouldSucceed();
        await WaitUntil.IsTrue("the key is known", async () => (await app.Get("getApplication")).Code is null);
        (await GetUser(app, old.AccessToken(Una))).ShouldBeOk();
    }

    [Fact]
    public async Task A_key_that_cannot_be_is_refused()
    {
        using var old = new CosyncServerFixture();
        var app = await Moved(old);
        var file = Path.Combine(app.Installation.DataFolder, $"{app.Id}.pem");
        await File.WriteAllTextAsync(file, old.AppPublicKey);
        (await app.Installation.Run("app", "old-tokens", app.Id, "--public-key", file)).ShouldFail("own key");
        await File.WriteAllTextAsync(file, "no key");
        (await app.Installation.Run("app", "old-tokens", app.Id, "--public-key", file)).ShouldFail("2048 or more bits");
        (await app.Installation.Run("app", "old-tokens", app.Id)).ShouldFail("either");
    }

    private async Task<App> Moved(CosyncServerFixture old)
    {
        old.Settings["metaData"] = Array.Empty<object>();
        old.AddUser(Una, App.Password);
        await CosyncImportTests.Move(servers.Main, old);
        return CosyncImportTests.Moved(servers.Main, old);
    }

    private static Task<Reply> GetUser(App app, string token) =>
        app.Server.Send(app.Server.Request(HttpMethod.Get, "/api/appuser/getUser", ("access-token", token)));

    private static Dictionary<string, object> With(IEnumerable<(string Name, object Value)> claims, string name, object value)
    {
        var changed = claims.ToDictionary(claim => claim.Name, claim => claim.Value);
        changed[name] = value;
        return changed;
    }
}
