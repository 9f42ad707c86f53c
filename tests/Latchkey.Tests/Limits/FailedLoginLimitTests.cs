namespace Latchkey.Tests.Limits;

/// <summary>Guessing passwords: per handle and network, and per network over all handles.</summary>
public sealed class FailedLoginLimitTests(ServerFixture servers)
{
    private const string Ann = "ann@example.com";
    private const string Wrong = "a wrong password";

    [Fact]
    [Covers(700)]
    public async Task The_sixth_failure_waits_and_so_does_the_right_password()
    {
        var app = await AppWithAnn();
        await Fail(app, Ann, 5);
        (await app.TryLogin(Ann, Wrong)).ShouldBeRateLimited();
        (await app.TryLogin(Ann)).ShouldBeRateLimited();
    }

    [Fact]
    public async Task Twenty_right_logins_a_minute_of_one_user_from_one_network()
    {
        var app = (await AppWithAnn()).WithAddress("127.66.5.1");
        for (var i = 0; i < 20; i++)
        {
            (await app.TryLogin(Ann)).ShouldBeOk();
        }

        (await app.TryLogin(Ann)).ShouldBeRateLimited();
        (await app.WithAddress("127.66.5.2").TryLogin(Ann)).ShouldBeOk();
        (await app.TryLogin("bob@example.com", Wrong)).ShouldFailWith(600);
        (
            await app.Installation.Execute(
                "UPDATE limits SET resets_at = 1 WHERE bucket LIKE @logins AND count = 20",
                new { logins = $"{app.Id}|logins%" }
            )
        ).ShouldBe(1);
        (await app.TryLogin(Ann)).ShouldBeOk();
    }

    [Fact]
    public async Task Another_network_is_not_slowed()
    {
        var app = await AppWithAnn();
        await Fail(app.WithAddress("127.66.6.6"), Ann, 5);
        (await app.WithAddress("127.66.6.6").TryLogin(Ann)).ShouldBeRateLimited();
        (await app.WithAddress("127.66.6.7").TryLogin(Ann)).ShouldBeOk();
    }

    [Fact]
    public async Task A_success_gives_five_fresh_tries()
    {
        var app = await AppWithAnn();
        await Fail(app, Ann, 4);
        (await app.TryLogin(Ann)).ShouldBeOk();
        await Fail(app, Ann, 5);
    }

    [Fact]
    public async Task All_spellings_of_a_handle_share_one_count()
    {
        var app = await AppWithAnn();
        foreach (var spelling in new[] { Ann, " ANN@EXAMPLE.COM", "Ann@Example.com", "ａｎｎ@example.com", "ann@ｅxample.com" })
        {
            (await app.TryLogin(spelling, Wrong)).ShouldFailWith(600);
        }

        (await app.TryLogin("aNN@example.com", Wrong)).ShouldBeRateLimited();
    }

    [Fact]
    public async Task An_unknown_handle_is_slowed_alike()
    {
        var app = await AppWithAnn();
        await Fail(app, "bob@example.com", 5);
        (await app.TryLogin("bob@example.com", Wrong)).ShouldBeRateLimited();
    }

    [Theory]
    [InlineData("X-Forwarded-For", "203.0.113.{0}")]
    [InlineData("X-Forwarded-For", "not an address {0}")]
    [InlineData("Forwarded", "for=203.0.113.{0}")]
    [InlineData("X-Real-IP", "203.0.113.{0}")]
    public async Task A_forged_forwarding_header_changes_nothing(string header, string value)
    {
        var app = await AppWithAnn();
        for (var i = 0; i < 5; i++)
        {
            (await Forged(i)).ShouldFailWith(600);
        }

        (await Forged(6)).ShouldBeRateLimited();

        Task<Reply> Forged(int i) => app.Post("login", new { handle = Ann, password = Wrong }, (header, string.Format(value, i)));
    }

    [Fact]
    public async Task Thirty_failures_over_all_handles_close_the_network()
    {
        var app = (await AppWithAnn()).WithAddress("127.77.7.7");
        for (var i = 0; i < 30; i++)
        {
            (await app.TryLogin($"user{i}@example.com", Wrong)).ShouldFailWith(600);
        }

        (await app.TryLogin("user31@example.com", Wrong)).ShouldBeRateLimited();
        (await app.TryLogin(Ann)).ShouldBeRateLimited();
        (await app.WithAddress("127.77.7.8").TryLogin(Ann)).ShouldBeOk();
    }

    [Fact]
    public async Task A_handle_that_has_logged_in_from_a_closed_network_before_still_gets_in()
    {
        var app = (await AppWithAnn()).WithAddress("127.78.7.7");
        (await app.TryLogin(Ann)).ShouldBeOk();
        for (var i = 0; i < 31; i++)
        {
            await app.TryLogin($"user{i}@example.com", Wrong);
        }

        (await app.TryLogin("user32@example.com", Wrong)).ShouldBeRateLimited();
        (await app.TryLogin(Ann)).ShouldBeOk();
    }

    [Fact]
    public async Task A_known_handle_gives_no_tries_back_that_it_never_took()
    {
        var app = (await servers.Main.CreateApp("signupFlow=none", "twoFactorVerification=phone")).WithAddress("127.79.7.7");
        await (await app.CreateUser(Ann)).EnablePhone("+4915112345678");
        await app.Installation.Execute("DELETE FROM limits WHERE bucket LIKE @messages", new { messages = $"{app.Id}|messages%" });
        await app.LoginToken(Ann);
        for (var i = 0; i < 30; i++)
        {
            (await app.TryLogin($"user{i}@example.com", Wrong)).ShouldFailWith(600);
        }

        (await app.TryLogin(Ann)).ShouldBeRateLimited(); // no second message within a minute: the try is taken back
        (await app.TryLogin("user31@example.com", Wrong)).ShouldBeRateLimited();
    }

    [Fact]
    public async Task A_right_password_is_no_failure_whatever_else_is_wrong()
    {
        var app = await AppWithAnn();
        var ann = await app.Login(Ann);
        await app.Set("signupFlow=code");
        (await app.Signup("bob@example.com")).ShouldBeTrue();
        await Fail(app, Ann, 1);
        await Fail(app, "bob@example.com", 1);
        await Failed(app, "failed logins of one handle", 4);
        for (var i = 0; i < 2; i++)
        {
            (await ann.Post("changePassword", new { password = App.Password, newPassword = App.Password })).ShouldFailWith(602);
            (await app.TryLogin("bob@example.com")).ShouldFailWith(608);
        }

        (await app.Installation.Run("user", "suspend", app.Id, Ann)).ShouldSucceed();
        for (var i = 0; i < 2; i++)
        {
            (await app.TryLogin(Ann)).ShouldFailWith(404);
        }

        await Fail(app, Ann, 1);
        (await app.TryLogin(Ann)).ShouldBeRateLimited();
    }

    [Fact]
    public async Task Where_accounts_are_hidden_a_request_that_waits_is_a_failure_like_any()
    {
        var app = await servers.Main.CreateApp("hideAccountExistence=1");
        (await app.Signup(Ann)).ShouldBeTrue();
        for (var i = 0; i < 5; i++)
        {
            (await app.TryLogin(Ann)).ShouldFailWith(600);
        }

        (await app.TryLogin(Ann)).ShouldBeRateLimited();
    }

    [Fact]
    public async Task Deleting_an_anonymous_user_gives_no_try_back()
    {
        var app = (await servers.Main.CreateApp("anonymousLoginEnabled=1")).WithAddress("127.80.7.7");
        var nobody = await app.LoginAnonymous("ANON_1");
        await Fail(app, Ann, 1);
        await Failed(app, "failed logins from one network", 30);
        (await nobody.Post("deleteAccount", new { handle = "ANON_1" })).ShouldBeTrue();
        (await app.TryLogin("bob@example.com", Wrong)).ShouldBeRateLimited();
    }

    [Fact]
    public async Task Applications_do_not_share_their_counts()
    {
        var (one, other) = (await AppWithAnn(), await AppWithAnn());
        await Fail(one, Ann, 5);
        (await one.TryLogin(Ann)).ShouldBeRateLimited();
        (await other.TryLogin(Ann)).ShouldBeOk();
    }

    [Fact]
    public async Task Changing_the_password_and_deleting_the_account_are_limited_like_login()
    {
        var app = await AppWithAnn();
        var ann = await app.Login(Ann);
        for (var i = 0; i < 3; i++)
        {
            (await ann.Post("changePassword", new { password = Wrong, newPassword = "another good password" })).ShouldFailWith(602);
        }

        (await ann.Post("deleteAccount", new { handle = Ann, password = Wrong })).ShouldFailWith(600);
        (await ann.Post("deleteAccount", new { handle = Ann, password = Wrong })).ShouldFailWith(600);
        (await ann.Post("changePassword", new { password = App.Password, newPassword = "another good password" })).ShouldBeRateLimited();
        (await ann.Post("deleteAccount", new { handle = Ann, password = App.Password })).ShouldBeRateLimited();
    }

    private async Task<App> AppWithAnn()
    {
        var app = await servers.Main.CreateApp("signupFlow=none");
        await app.CreateUser(Ann);
        return app;
    }

    /// <summary>As if so many had failed.</summary>
    private static Task Failed(App app, string limit, int times) =>
        app.Installation.Execute(
            "UPDATE limits SET count = @times WHERE bucket LIKE @bucket",
            new { times, bucket = $"{app.Id}|{limit}%" }
        );

    private static async Task Fail(App app, string handle, int times)
    {
        for (var i = 0; i < times; i++)
        {
            (await app.TryLogin(handle, Wrong)).ShouldFailWith(600);
        }
    }
}
