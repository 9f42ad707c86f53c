using System.Net.Http.Json;
using System.Text.Json;
using Latchkey.Data;

namespace Latchkey.Tests.Api.Sessions;

/// <summary>Refresh tokens: a lost answer costs nothing, several tabs cost nothing, and a copy ends the session.</summary>
public sealed class RefreshTests(ServerFixture servers)
{
    private const string Ann = "ann@example.com";
    private const long Day = 24 * 60 * 60_000;

    [Fact]
    public async Task A_login_gives_short_tokens_and_a_refresh_token()
    {
        var app = await CreateApp("tokenMinutes=7");
        var json = (await app.TryLogin(Ann)).ShouldBeOk().Json;
        json.EnumerateObject().Select(p => p.Name).ShouldBe(["jwt", "access-token", "refresh-token", "expires-in"]);
        json.GetProperty("expires-in").GetInt64().ShouldBe(7 * 60);
        var ann = app.ParseTokens((await app.TryLogin(Ann)).ShouldBeOk());
        var (jwt, access) = (ann.Claims, LoggedInUser.DecodePart(ann.AccessToken, 1));
        (jwt.GetProperty("exp").GetInt64() - jwt.GetProperty("iat").GetInt64()).ShouldBe(7 * 60);
        (access.GetProperty("exp").GetInt64() - access.GetProperty("iat").GetInt64()).ShouldBe(7 * 60);
        jwt.GetProperty("sid").GetString().ShouldBe(await CurrentId(ann));
        jwt.GetProperty("acr").GetString().ShouldBe("1");
        jwt.GetProperty("amr").EnumerateArray().Select(one => one.GetString()).ShouldBe(["pwd"]);
        (jwt.GetProperty("iat").GetInt64() - jwt.GetProperty("auth_time").GetInt64()).ShouldBeInRange(0, 1);
    }

    [Fact]
    public async Task The_classic_mode_says_nothing_of_all_this()
    {
        var app = await servers.Main.CreateApp("signupFlow=none");
        var ann = await app.CreateUser(Ann);
        (await app.TryLogin(Ann)).ShouldBeOk().Json.EnumerateObject().Select(p => p.Name).ShouldBe(["jwt", "access-token"]);
        foreach (var claim in new[] { "sid", "auth_time", "amr", "acr" })
        {
            ann.Claims.TryGetProperty(claim, out _).ShouldBeFalse(claim);
        }
    }

    [Fact]
    public async Task Every_way_to_sign_in_gives_a_refresh_token()
    {
        var app = await CreateApp("anonymousLoginEnabled=1", "signupFlow=code");
        (await app.LoginAnonymous("ANON_1")).RefreshToken.ShouldNotBeNull();
        var bob = await app.CreateUserByCode("bob@example.com");
        bob.RefreshToken.ShouldNotBeNull();
        bob.Claims.GetProperty("amr").EnumerateArray().Single().GetString().ShouldBe("mail");
        (await bob.Refresh()).Claims.GetProperty("sub").GetString().ShouldBe("bob@example.com");
    }

    [Fact]
    public async Task A_refresh_gives_all_tokens_anew_for_the_same_session()
    {
        var ann = await LogIn();
        var next = await ann.Refresh();
        next.RefreshToken.ShouldNotBe(ann.RefreshToken);
        (await CurrentId(next)).ShouldBe(await CurrentId(ann));
        next.Claims.GetProperty("sid").GetString().ShouldBe(ann.Claims.GetProperty("sid").GetString());
        (await next.TryGetUser()).ShouldBeOk();
        (await ann.TryGetUser()).ShouldBeOk(); // the old access token lives on until it expires
        (await next.Refresh()).RefreshToken.ShouldNotBe(next.RefreshToken);
    }

    [Fact]
    public async Task A_lost_answer_is_given_again_however_late()
    {
        var ann = await LogIn();
        var next = await ann.Refresh();
        (await ann.Refresh()).RefreshToken.ShouldBe(next.RefreshToken);
        await Age(ann.App, 30 * Day);
        (await ann.Refresh()).RefreshToken.ShouldBe(next.RefreshToken);
        (await HasLogLine(ann.App, "answered again 720 hours after the first answer")).ShouldBeTrue();
        (await next.Refresh()).RefreshToken.ShouldNotBe(next.RefreshToken);
    }

    [Fact]
    public async Task A_token_whose_successor_was_used_a_moment_ago_is_answered_with_the_newest()
    {
        var first = await LogIn();
        var newest = await (await (await first.Refresh()).Refresh()).Refresh();
        (await first.Refresh()).RefreshToken.ShouldBe(newest.RefreshToken);
        (await newest.TryRefresh()).ShouldBeOk();
    }

    [Fact]
    [Covers(712)]
    public async Task A_token_whose_successor_was_used_long_ago_ends_the_session()
    {
        var first = await LogIn();
        var newest = await (await first.Refresh()).Refresh();
        await Age(first.App, 61_000);
        var reply = await first.App.WithAddress("127.0.0.77").Post("refresh", new { refreshToken = first.RefreshToken });
        reply.ShouldFailWith(712);
        reply.Json.GetProperty("message").GetString().ShouldBe("session has ended: a replaced refresh token was used again");
        (await newest.TryRefresh()).ShouldFailWith(712);
        (await newest.TryGetUser()).ShouldFailWith(405);

        var mail = (await first.App.Mails(Ann))[0];
        mail.Kind.ShouldBe("sessionStolen");
        mail.Text.ShouldContain("127.0.0.77");
        (await HasLogLine(first.App, "session ended: a refresh token came again 1 minutes after the next one was used")).ShouldBeTrue();
        var ended = await EndedSession(first.App);
        ended.GetProperty("endReason").GetString().ShouldBe("refreshTokenReused");
        ended.GetProperty("endClient").GetString().ShouldBe("127.0.0.77");
    }

    [Fact]
    public async Task The_thief_and_the_owner_get_one_mail()
    {
        var first = await LogIn();
        await (await first.Refresh()).Refresh();
        await Age(first.App, 61_000);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ => (await first.TryRefresh()).ShouldFailWith(712)));
        (await first.App.Mails(Ann)).Count(mail => mail.Kind == "sessionStolen").ShouldBe(1);
    }

    [Fact]
    public async Task The_grace_is_the_applications()
    {
        var first = await LogIn("refreshGraceSeconds=0");
        await (await first.Refresh()).Refresh();
        await Age(first.App, 1);
        (await first.TryRefresh()).ShouldFailWith(712);
    }

    [Fact]
    public async Task A_token_ahead_of_the_database_moves_it_forward()
    {
        var first = await LogIn();
        var ahead = await (await (await first.Refresh()).Refresh()).Refresh();
        await first.App.Installation.Execute(
            "UPDATE session_grants SET generation = 1, rotations = '' WHERE app_id = @Id",
            new { first.App.Id }
        ); // as a restore of yesterday's backup does
        var next = await ahead.Refresh();
        (await HasLogLine(first.App, "3 ahead of the database")).ShouldBeTrue();
        (
            await first.App.Installation.Query<long>("SELECT generation FROM session_grants WHERE app_id = @Id", new { first.App.Id })
        ).ShouldBe(5);
        (await ahead.Refresh()).RefreshToken.ShouldBe(next.RefreshToken);
        (await next.TryRefresh()).ShouldBeOk();
    }

    [Fact]
    [Covers(711)]
    public async Task What_is_no_refresh_token_of_the_application_is_refused()
    {
        var ann = await LogIn();
        var other = await CreateApp();
        (await other.Post("refresh", new { refreshToken = ann.RefreshToken })).ShouldFailWith(711);
        (await ann.App.Post("refresh", new { refreshToken = ann.AccessToken })).ShouldFailWith(711);
        (await ann.App.Post("refresh", new { refreshToken = "lkr_" })).ShouldFailWith(711);
        (await ann.App.Post("refresh", new { })).ShouldFailWith(403);
        (
            await ann.App.PostRaw(
                "refresh",
                JsonContent.Create(new { refreshToken = ann.RefreshToken }),
                ("access-token", ann.RefreshToken!)
            )
        ).ShouldFailWith(405);
        (await ann.TryRefresh()).ShouldBeOk();
    }

    [Fact]
    public async Task Any_flipped_character_of_a_token_is_refused()
    {
        var ann = await LogIn();
        var token = ann.RefreshToken!;
        for (var i = 0; i < token.Length; i++)
        {
            var flipped = $"{token[..i]}{(token[i] == 'A' ? 'B' : 'A')}{token[(i + 1)..]}";
            (await ann.App.Post("refresh", new { refreshToken = flipped })).ShouldFailWith(711);
        }

        foreach (var odd in new[] { token + "=", token + " ", token[..^1], token + "A" })
        {
            (await ann.App.Post("refresh", new { refreshToken = odd })).ShouldFailWith(711);
        }
    }

    [Fact]
    public async Task An_expired_access_token_names_the_application()
    {
        var ann = await LogIn();
        var body = JsonContent.Create(new { refreshToken = ann.RefreshToken });
        (await ann.App.PostRaw("refresh", body, ("access-token", ann.AccessToken))).ShouldBeOk();
    }

    [Fact]
    public async Task Every_end_of_a_session_is_told_with_its_reason()
    {
        var app = await CreateApp();
        async Task Ends(string reason, string text, Func<LoggedInUser, Task> end)
        {
            await app.Installation.Execute("DELETE FROM sessions WHERE app_id = @Id", new { app.Id });
            var ann = await app.Login(Ann);
            await end(ann);
            var reply = await ann.TryRefresh();
            reply.ShouldFailWith(712);
            reply.Json.GetProperty("message").GetString().ShouldBe($"session has ended: {text}");
            (await EndedSession(app)).GetProperty("endReason").GetString().ShouldBe(reason);
        }

        await Ends("signedOut", "signed out", async ann => (await ann.Post("logout", new { })).ShouldBeTrue());
        await Ends(
            "signedOutElsewhere",
            "signed out from another device",
            async ann => (await (await app.Login(Ann)).Post("endSession", new { id = await CurrentId(ann) })).ShouldBeTrue()
        );
        await Ends(
            "operator",
            "an administrator ended it",
            async ann => (await app.Installation.Run("user", "end-session", app.Id, Ann, await CurrentId(ann))).ShouldSucceed()
        );
        await Ends("expired", "it reached its maximum age", _ => SetSession(app, $"expires_at = {TimeProvider.System.Now() - 1000}"));
        await Ends("idle", "it was not used for too long", _ => SetSession(app, $"idle_expires_at = {TimeProvider.System.Now() - 1000}"));
        await Ends(
            "passwordChanged",
            "the password was changed",
            async _ =>
                (
                    await (await app.Login(Ann)).Post(
                        "changePassword",
                        new { password = App.Password, newPassword = "another good password" }
                    )
                ).ShouldBeTrue()
        );
    }

    [Fact]
    public async Task A_suspended_user_gets_404_and_a_deleted_one_711()
    {
        var ann = await LogIn();
        (await ann.App.Installation.Run("user", "suspend", ann.App.Id, Ann)).ShouldSucceed();
        (await ann.TryRefresh()).ShouldFailWith(404);
        (await ann.App.Installation.Run("user", "activate", ann.App.Id, Ann)).ShouldSucceed();
        (await ann.TryRefresh()).ShouldFailWith(712);
        (await ann.App.Installation.Run("user", "delete", ann.App.Id, Ann)).ShouldSucceed();
        (await ann.TryRefresh()).ShouldFailWith(711);
    }

    [Fact]
    public async Task Tokens_survive_the_switch_back_to_classic_sessions()
    {
        var ann = await LogIn();
        await ann.App.Set("sessionMode=classic");
        var next = await ann.Refresh();
        next.Claims.TryGetProperty("sid", out _).ShouldBeFalse();
        var access = LoggedInUser.DecodePart(next.AccessToken, 1);
        (access.GetProperty("exp").GetInt64() - access.GetProperty("iat").GetInt64()).ShouldBe(720 * 3600);
    }

    [Fact]
    public async Task A_metadata_field_with_a_claim_of_sessions_stands_in_the_way()
    {
        var app = await servers.Main.CreateApp("""metaData=[{"path":"amr.x","fieldName":"x"}]""");
        var refused = await app.Installation.Run("app", "set", app.Id, "sessionMode=refresh");
        refused.ExitCode.ShouldBe(1);
        refused.Error.ShouldContain("amr");
        await app.Set("metaData=[]", "sessionMode=refresh");
        (await app.Installation.Run("app", "set", app.Id, """metaData=[{"path":"acr","fieldName":"x"}]""")).ExitCode.ShouldBe(1);
    }

    [Fact]
    public async Task A_users_first_refresh_of_a_day_counts_as_activity()
    {
        var ann = await LogIn();
        await ann.App.Installation.Execute(
            "UPDATE sessions SET created_at = created_at - @Day, last_used_at = NULL WHERE app_id = @Id",
            new { Day, ann.App.Id }
        );
        await ann.App.Installation.Execute(
            "UPDATE users SET last_login_at = last_login_at - @Day WHERE app_id = @Id",
            new { Day, ann.App.Id }
        );
        await WaitUntil.IsTrue(
            "what came before is counted",
            async () =>
                await ann.App.Installation.Query<long>("SELECT COUNT(*) FROM usage_events WHERE app_id = @Id", new { ann.App.Id }) == 0
        );
        await ann.App.Installation.Execute("DELETE FROM usage_days WHERE app_id = @Id", new { ann.App.Id });
        var next = await ann.Refresh();
        await next.Refresh();
        await WaitUntil.IsTrue(
            "the activity is counted",
            async () =>
                await ann.App.Installation.Query<long>(
                    "SELECT COALESCE(SUM(count), 0) FROM usage_days WHERE app_id = @Id AND kind = 'active'",
                    new { ann.App.Id }
                ) == 1
        );
    }

    private async Task<App> CreateApp(params string[] settings)
    {
        var app = await servers.Main.CreateApp(["sessionMode=refresh", .. settings]);
        (await app.Installation.RunWithInput(App.Password, "user", "add", app.Id, Ann, "--password-stdin")).ShouldSucceed();
        return app;
    }

    private async Task<LoggedInUser> LogIn(params string[] settings) => await (await CreateApp(settings)).Login(Ann);

    /// <summary>Lets time pass for the grants of an application.</summary>
    private static async Task Age(App app, long milliseconds)
    {
        var rotations = await app.Installation.Query<string>(
            "SELECT rotations FROM session_grants WHERE app_id = @Id AND rotations <> ''",
            new { app.Id }
        );
        var earlier = string.Join(' ', rotations.Split(' ').Select(at => long.Parse(at) - milliseconds));
        await app.Installation.Execute(
            "UPDATE session_grants SET rotations = @earlier WHERE app_id = @Id AND rotations <> ''",
            new { earlier, app.Id }
        );
    }

    private static async Task<bool> HasLogLine(App app, string part) =>
        await app.Installation.Query<long>(
            "SELECT COUNT(*) FROM audit WHERE app_id = @Id AND action = 'refresh' AND detail LIKE @pattern",
            new { app.Id, pattern = $"%{part}%" }
        ) == 1;

    private static Task SetSession(App app, string change) =>
        app.Installation.Execute($"UPDATE sessions SET {change} WHERE app_id = @Id AND ended_at IS NULL", new { app.Id });

    private static async Task<string> CurrentId(LoggedInUser user) =>
        (await user.Get("sessions"))
            .ShouldBeOk()
            .Json.GetProperty("sessions")
            .EnumerateArray()
            .Single(session => session.GetProperty("current").GetBoolean())
            .GetProperty("id")
            .GetString()!;

    private static async Task<JsonElement> EndedSession(App app) =>
        (await app.Installation.Run("user", "sessions", app.Id, Ann, "--json"))
            .ShouldSucceed()
            .Json.GetProperty("sessions")
            .EnumerateArray()
            .First(session => session.TryGetProperty("endedAt", out _));
}
