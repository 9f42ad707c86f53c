namespace Latchkey.Tests.Api.Login;

public sealed class AnonymousLoginTests(ServerFixture servers)
{
    private static readonly string[] Settings =
    [
        "anonymousLoginEnabled=1",
        "signupFlow=none",
        """metaData=[{"path":"user_data.name","fieldName":"name"},{"path":"user_data.mail","fieldName":"email"}]""",
    ];

    [Fact]
    public async Task An_unknown_handle_makes_a_user_and_a_known_one_finds_it()
    {
        var app = await servers.Main.CreateApp(Settings);
        var first = await app.LoginAnonymous("ANON_aB-9");
        var again = await app.LoginAnonymous("ANON_aB-9");
        var other = await app.LoginAnonymous("ANON_Ab-9");
        again.Claims.GetProperty("uid").GetString().ShouldBe(first.Claims.GetProperty("uid").GetString());
        other.Claims.GetProperty("uid").GetString().ShouldNotBe(first.Claims.GetProperty("uid").GetString());
        (await first.GetUser()).GetProperty("handle").GetString().ShouldBe("ANON_aB-9");
    }

    [Fact]
    public async Task Its_jwt_has_no_email_and_stands_in_for_metadata()
    {
        var anonymous = await (await servers.Main.CreateApp(Settings)).LoginAnonymous("ANON_1");
        anonymous.Claims.TryGetProperty("email", out _).ShouldBeFalse();
        anonymous.Claims.GetProperty("user_data").GetProperty("name").GetString().ShouldBe("ANON_name");
        anonymous.Claims.GetProperty("user_data").GetProperty("mail").GetString().ShouldBe("ANON_email");
    }

    [Theory]
    [InlineData("ANON_")]
    [InlineData("anon_1")]
    [InlineData("ANON_a_b")]
    [InlineData("ANON_a b")]
    [InlineData("ANON_é")]
    [InlineData("ann@example.com")]
    [InlineData("ANON_ann@example.com")]
    public async Task Another_handle_is_refused(string handle)
    {
        var app = await servers.Main.CreateApp(Settings);
        await app.CreateUser("ann@example.com");
        (await app.Post("loginAnonymous", new { handle })).ShouldFailWith(600);
        (await app.Post("loginAnonymous", new { handle = "ANON_" + new string('1', 65) })).ShouldFailWith(600);
    }

    [Fact]
    public async Task A_suspended_one_is_told_so()
    {
        var app = await servers.Main.CreateApp(Settings);
        var anonymous = await app.LoginAnonymous("ANON_1");
        (await app.Installation.Run("user", "suspend", app.Id, "ANON_1")).ShouldSucceed();
        (await app.Post("loginAnonymous", new { handle = "ANON_1" })).ShouldFailWith(404);
        (await anonymous.TryGetUser()).ShouldFailWith(404);
    }

    [Fact]
    public async Task It_cannot_be_reached_by_a_password()
    {
        var app = await servers.Main.CreateApp([.. Settings, "userNamesEnabled=1"]);
        await app.LoginAnonymous("ANON_1");
        (await app.TryLogin("ANON_1")).ShouldFailWith(600);
    }

    [Fact]
    public async Task The_log_masks_its_handle()
    {
        var app = await servers.Main.CreateApp(Settings);
        await app.LoginAnonymous("ANON_a-long-and-secret-handle");
        await app.LoginAnonymous("ANON_x1");
        var logged = (
            await app.Installation.Query<string>(
                "SELECT MIN(handle) || ' ' || MAX(handle) FROM audit WHERE app_id = @Id AND action = 'loginAnonymous'",
                new { app.Id }
            )
        ).Split(' ');
        logged[0].ShouldMatch("^ANON_….{6}$");
        logged[1].ShouldMatch("^ANON_….{6}$");
        logged[0].ShouldNotBe(logged[1]);
    }
}
