using System.Net.Http.Json;
using System.Text.Json;
using Latchkey.Data;

namespace Latchkey.Tests.Api.Sessions;

/// <summary>A user, a server and a developer see where a user is signed in, and why sessions ended.</summary>
public sealed class SessionListTests(ServerFixture servers)
{
    private const string Ann = "ann@example.com";
    private const long Day = 24 * 60 * 60_000;

    [Fact]
    public async Task A_session_says_what_it_is()
    {
        var app = await servers.Main.CreateApp("signupFlow=none");
        await app.CreateUser(Ann);
        var request = app.Server.Request(HttpMethod.Post, "/api/appuser/login", ("app-token", app.Token));
        request.Headers.UserAgent.ParseAdd("Paddle/3.1 (iPhone; iOS 19)");
        request.Content = JsonContent.Create(
            new
            {
                handle = Ann,
                password = App.Password,
                deviceName = " Ann\u202e's phone ",
            }
        );
        var ann = app.ParseTokens(await app.Server.Send(request, "127.0.0.9"));
        var session = await Current(ann);
        session.GetProperty("deviceName").GetString().ShouldBe("Ann\\u202e's phone");
        session.GetProperty("userAgent").GetString().ShouldBe("Paddle/3.1 (iPhone; iOS 19)");
        session.GetProperty("client").GetString().ShouldBe("127.0.0.9");
        session.GetProperty("amr").EnumerateArray().Single().GetString().ShouldBe("pwd");
        session.GetProperty("acr").GetString().ShouldBe("1");
        session.TryGetProperty("endedAt", out _).ShouldBeFalse();
        session.TryGetProperty("idleExpiresAt", out _).ShouldBeFalse(); // classic
        (await Sessions(ann)).Length.ShouldBe(2);
    }

    [Fact]
    public async Task An_overlong_name_and_client_are_cut()
    {
        var app = await servers.Main.CreateApp("signupFlow=none");
        await app.CreateUser(Ann);
        var ann = app.ParseTokens(
            await app.Post(
                "login",
                new
                {
                    handle = Ann,
                    password = App.Password,
                    deviceName = new string('x', 500),
                }
            )
        );
        (await Current(ann)).GetProperty("deviceName").GetString().ShouldBe(new string('x', 64));
    }

    [Fact]
    [Covers(713)]
    public async Task Only_a_live_session_of_ones_own_can_be_ended()
    {
        var app = await servers.Main.CreateApp("signupFlow=none");
        var (ann, bob) = (await app.CreateUser(Ann), await app.CreateUser("bob@example.com"));
        var other = await app.Login(Ann);
        var id = (await Current(other)).GetProperty("id").GetString();
        (await bob.Post("endSession", new { id })).ShouldFailWith(713);
        (await other.TryGetUser()).ShouldBeOk();
        (await ann.Post("endSession", new { id })).ShouldBeTrue();
        (await other.TryGetUser()).ShouldFailWith(405);
        (await ann.Post("endSession", new { id })).ShouldFailWith(713);
        var ended = (await Sessions(ann)).Single(session => session.GetProperty("id").GetString() == id);
        ended.GetProperty("endReason").GetString().ShouldBe("signedOutElsewhere");
        ended.GetProperty("endClient").GetString().ShouldBe("127.0.0.1");
    }

    [Fact]
    public async Task A_server_lists_and_ends_them()
    {
        var app = await servers.Main.CreateApp("signupFlow=none");
        var ann = await app.CreateUser(Ann);
        var listed = (await app.SendAsServer(HttpMethod.Get, $"users/{Ann}/sessions")).ShouldBeOk().Json.GetProperty("sessions");
        var id = listed.EnumerateArray().Single().GetProperty("id").GetString();
        (await app.SendAsServer(HttpMethod.Delete, $"users/{Ann}/sessions/{id}")).ShouldBeTrue();
        (await ann.TryGetUser()).ShouldFailWith(405);
        (await app.SendAsServer(HttpMethod.Delete, $"users/{Ann}/sessions/{id}")).ShouldFailWith(713);
    }

    [Fact]
    public async Task The_command_line_lists_and_ends_them()
    {
        var app = await servers.Main.CreateApp("signupFlow=none");
        var ann = await app.CreateUser(Ann);
        var id = (await Current(ann)).GetProperty("id").GetString()!;
        (await app.Installation.Run("user", "sessions", app.Id, Ann)).ShouldSucceed().Output.ShouldContain(id);
        (await app.Installation.Run("user", "end-session", app.Id, Ann, id)).ShouldSucceed();
        (await app.Installation.Run("user", "sessions", app.Id, Ann)).Output.ShouldContain("an administrator ended it");
        (await app.Installation.Run("user", "end-session", app.Id, Ann, id)).ExitCode.ShouldBe(1);
        (await ann.TryGetUser()).ShouldFailWith(405);
    }

    [Fact]
    public async Task The_last_use_is_written_soon_after_and_moves_the_idle_end()
    {
        var app = await servers.Main.CreateApp("signupFlow=none", "sessionMode=refresh", "sessionIdleDays=10");
        var ann = await app.CreateUser(Ann);
        await app.Installation.Execute(
            "UPDATE sessions SET created_at = created_at - @Day, idle_expires_at = idle_expires_at - @Day WHERE app_id = @Id",
            new { Day, app.Id }
        );
        var now = TimeProvider.System.Now();
        (await ann.TryGetUser()).ShouldBeOk();
        await WaitUntil.IsTrue("the use is written", async () => await Time(app, "last_used_at") >= now);
        (await Time(app, "idle_expires_at")).ShouldBe(await Time(app, "last_used_at") + (10 * Day));
        (await Time(app, "expires_at")).ShouldBeLessThan(now + (365 * Day));
    }

    [Fact]
    public async Task A_use_within_a_minute_is_not_written()
    {
        var app = await servers.Main.CreateApp("signupFlow=none");
        var (ann, bob) = (await app.CreateUser(Ann), await app.CreateUser("bob@example.com"));
        await app.Installation.Execute(
            "UPDATE sessions SET created_at = created_at - @Day WHERE user_id = @user",
            new { Day, user = bob.Id() }
        );
        (await ann.TryGetUser()).ShouldBeOk();
        (await bob.TryGetUser()).ShouldBeOk();
        await WaitUntil.IsTrue(
            "the older session's use is written",
            async () =>
                await app.Installation.Query<long>("SELECT COUNT(*) FROM sessions WHERE app_id = @Id AND last_used_at > 0", new { app.Id })
                == 1
        );
    }

    [Fact]
    public async Task A_session_that_was_not_used_for_too_long_is_over()
    {
        var app = await servers.Main.CreateApp("signupFlow=none", "sessionMode=refresh");
        var ann = await app.CreateUser(Ann);
        await app.Installation.Execute(
            "UPDATE sessions SET idle_expires_at = @now WHERE app_id = @Id",
            new { now = TimeProvider.System.Now() - 1, app.Id }
        );
        (await ann.TryGetUser()).ShouldFailWith(501);
        (await ann.TryRefresh()).ShouldFailWith(712);
    }

    private static Task<long> Time(App app, string column) =>
        app.Installation.Query<long>($"SELECT COALESCE({column}, 0) FROM sessions WHERE app_id = @Id", new { app.Id });

    private static async Task<JsonElement[]> Sessions(LoggedInUser user) =>
        [.. (await user.Get("sessions")).ShouldBeOk().Json.GetProperty("sessions").EnumerateArray()];

    private static async Task<JsonElement> Current(LoggedInUser user) =>
        (await Sessions(user)).Single(session => session.GetProperty("current").GetBoolean());
}
