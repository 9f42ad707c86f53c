namespace Latchkey.Tests.Api.Login;

public sealed class LoginTests(ServerFixture servers)
{
    private const string Ann = "ann@example.com";

    [Fact]
    public async Task Logging_in_gives_both_tokens_and_sets_lastLogin()
    {
        var app = await servers.Main.CreateApp("signupFlow=none");
        await app.CreateUser(Ann);
        var ann = await app.Login("  ANN@Example.COM ");
        (await ann.GetUser()).GetProperty("lastLogin").GetString().ShouldEndWith("Z");
    }

    [Fact]
    public async Task A_user_name_logs_in_where_names_are_enabled()
    {
        var app = await servers.Main.CreateApp("signupFlow=none", "userNamesEnabled=1");
        var ann = await app.CreateUser(Ann);
        (await app.TryLogin("annie")).ShouldFailWith(600);
        (await ann.Post("setUserName", new { userName = "Annie" })).ShouldBeTrue();
        (await app.Login(" ANNIE ")).Claims.GetProperty("userName").GetString().ShouldBe("annie");
        await app.Set("userNamesEnabled=0");
        (await app.TryLogin("annie")).ShouldFailWith(606);
        (await app.Login(Ann)).Claims.TryGetProperty("userName", out _).ShouldBeFalse();
    }

    [Fact]
    [Covers(600)]
    public async Task An_unknown_handle_and_a_wrong_password_are_answered_alike()
    {
        var app = await servers.Main.CreateApp("signupFlow=none");
        await app.CreateUser(Ann);
        var (unknown, wrong) = (await app.TryLogin("bob@example.com"), await app.TryLogin(Ann, "a wrong password"));
        unknown.ShouldFailWith(600);
        wrong.Text.ShouldBe(unknown.Text);
        wrong.Status.ShouldBe(unknown.Status);
    }

    [Fact]
    [Covers(404)]
    public async Task A_suspended_user_is_told_so_only_with_the_right_password()
    {
        var app = await servers.Main.CreateApp("signupFlow=none");
        await app.CreateUser(Ann);
        (await app.Installation.Run("user", "suspend", app.Id, Ann)).ShouldSucceed();
        (await app.TryLogin(Ann)).ShouldFailWith(404);
        (await app.TryLogin(Ann, "a wrong password")).ShouldFailWith(600);
        (await app.Installation.Run("user", "activate", app.Id, Ann)).ShouldSucceed();
        (await app.TryLogin(Ann)).ShouldBeOk();
    }

    [Fact]
    public async Task A_user_of_one_application_is_unknown_in_another()
    {
        var (one, other) = (await servers.Main.CreateApp("signupFlow=none"), await servers.Main.CreateApp("signupFlow=none"));
        await one.CreateUser(Ann);
        (await other.TryLogin(Ann)).ShouldFailWith(600);
    }

    [Fact]
    public async Task Refused_logins_are_in_the_applications_log()
    {
        var app = await servers.Main.CreateApp("signupFlow=none");
        await app.WithAddress("127.9.9.9").TryLogin(Ann);
        (
            await app.Installation.Query<string>(
                "SELECT action || ' ' || handle || ' ' || code || ' ' || client FROM audit WHERE app_id = @Id AND action = 'login'",
                new { app.Id }
            )
        ).ShouldBe($"login {Ann} 600 127.9.9.9");
    }
}
