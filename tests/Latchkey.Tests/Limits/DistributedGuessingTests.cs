namespace Latchkey.Tests.Limits;

/// <summary>Passwords of one user that many networks guess at (security.md row 72).</summary>
public sealed class DistributedGuessingTests(ServerFixture servers)
{
    private const string Ann = "ann@example.com";
    private const string Wrong = "a wrong password";
    private const string Home = "127.64.9.1";

    [Fact]
    public async Task After_fifty_failures_from_ten_networks_strangers_wait_and_the_owner_does_not()
    {
        var app = await WithAnn();
        await Attack(app, Ann, failures: 50);
        (await app.WithAddress("127.64.0.99").TryLogin(Ann)).ShouldBeRateLimited();
        (await app.WithAddress("127.64.0.1").TryLogin(Ann, Wrong)).ShouldBeRateLimited();
        for (var i = 0; i < 15; i++)
        {
            (await app.WithAddress(Home).TryLogin(Ann)).ShouldBeOk();
        }
    }

    [Fact]
    public async Task The_owner_is_told_once_a_day()
    {
        var app = await WithAnn();
        await Attack(app, Ann, failures: 49);
        (await app.MailKinds(Ann)).ShouldNotContain("passwordGuessing");
        await Attack(app, Ann, failures: 1, from: 49);
        (await app.MailKinds(Ann)).Count(kind => kind == "passwordGuessing").ShouldBe(1);
        for (var i = 0; i < 3; i++)
        {
            await Open(app);
            (await app.WithAddress($"127.64.2.{1 + i}").TryLogin(Ann, Wrong)).ShouldFailWith(600);
        }

        (await app.MailKinds(Ann)).Count(kind => kind == "passwordGuessing").ShouldBe(1);
    }

    [Fact]
    public async Task The_delay_grows_to_a_quarter_of_an_hour()
    {
        var app = await WithAnn();
        await Attack(app, Ann, failures: 50);
        var waits = new List<int>();
        for (var i = 0; i < 7; i++)
        {
            var refused = await app.WithAddress("127.64.0.98").TryLogin(Ann, Wrong);
            refused.ShouldBeRateLimited();
            waits.Add(int.Parse(refused.Header("Retry-After")!));
            await Open(app);
            (await app.WithAddress($"127.64.3.{1 + i}").TryLogin(Ann, Wrong)).ShouldFailWith(600);
        }

        waits.Zip([30, 60, 120, 240, 480, 900, 900]).ShouldAllBe(pair => pair.First > pair.Second / 2 && pair.First <= pair.Second);
    }

    [Fact]
    public async Task Failures_of_nine_networks_slow_nobody_else()
    {
        var app = await WithAnn();
        await Attack(app, Ann, failures: 45);
        await app.Installation.Execute(
            "UPDATE limits SET count = 1000 WHERE bucket LIKE @guesses",
            new { guesses = $"{app.Id}|guesses at one password%" }
        );
        (await app.WithAddress("127.64.0.97").TryLogin(Ann)).ShouldBeOk();
    }

    [Fact]
    public async Task An_unknown_handle_is_slowed_alike()
    {
        var app = await WithAnn();
        await Attack(app, "nobody@example.com", failures: 50);
        (await app.WithAddress("127.64.0.96").TryLogin("nobody@example.com", Wrong)).ShouldBeRateLimited();
        (await app.WithAddress("127.64.0.96").TryLogin(Ann)).ShouldBeOk();
    }

    [Fact]
    public async Task A_reset_makes_the_owners_new_network_a_known_one()
    {
        var app = await WithAnn();
        await Attack(app, Ann, failures: 50);
        var travelling = app.WithAddress("127.64.4.1");
        (await travelling.TryLogin(Ann)).ShouldBeRateLimited();
        (await travelling.ForgotPassword(Ann)).ShouldBeTrue();
        (await travelling.ResetPassword(Ann, await app.LastCodeFor(Ann))).ShouldBeTrue();
        (await travelling.TryLogin(Ann, AppFlows.NewPassword)).ShouldBeOk();
    }

    [Fact]
    public async Task A_login_from_a_new_network_is_no_failure()
    {
        var app = await WithAnn();
        await Attack(app, Ann, failures: 20);
        (await app.WithAddress("127.64.5.1").TryLogin(Ann)).ShouldBeOk();
        (
            await app.Installation.Query<int>(
                "SELECT count FROM limits WHERE bucket LIKE @guesses",
                new { guesses = $"{app.Id}|guesses at one password%" }
            )
        ).ShouldBe(20);
    }

    [Fact]
    public async Task A_portal_account_is_guarded_alike()
    {
        var account = await PortalAccount.Create(servers.Main);
        await account.SignIn();
        for (var i = 0; i < 50; i++)
        {
            await new PortalClient(servers.Main, $"127.65.0.{1 + (i / 5)}").SignIn(account.Email, Wrong);
        }

        (await PortalAccount.LastMailTo(servers.Main, account.Email))!.Envelope.Kind.ShouldBe("portalPasswordGuessing");
        (await new PortalClient(servers.Main, "127.65.0.99").SignIn(account.Email, PortalAccount.Password)).Text.ShouldContain(
            "Too many attempts"
        );
        await account.SignIn();

        var travelling = new PortalClient(servers.Main, "127.65.0.98");
        await PortalAccount.ResetMailLimits(servers.Main, account.Email);
        await travelling.Post("/portal/forgot", "forgot", ("email", account.Email));
        var link = await PortalAccount.LastLinkTo(servers.Main, account.Email);
        await travelling.Post(link, "reset", ("password", "another violet harbour"));
        (await travelling.SignIn(account.Email, "another violet harbour")).Text.ShouldNotContain("Too many attempts");
    }

    [Fact]
    public async Task Who_writes_the_domain_otherwise_is_told_the_same_wait()
    {
        var app = await servers.Main.CreateApp("signupFlow=none", "callsPerSecond=1000000");
        await app.CreateUser("max@müller.example");
        await Attack(app, "max@müller.example", failures: 50);
        await app.Installation.Execute(
            "UPDATE limits SET opens_at = @later WHERE bucket LIKE @guesses",
            new { later = AppFlows.FromNow(600_000), guesses = $"{app.Id}|guesses at one password%" }
        );
        var refused = await app.WithAddress("127.64.8.1").TryLogin("max@müller.example", Wrong);
        refused.ShouldBeRateLimited();
        int.Parse(refused.Header("Retry-After")!).ShouldBeGreaterThan(500);
    }

    private async Task<App> WithAnn()
    {
        var app = await servers.Main.CreateApp("signupFlow=none", "callsPerSecond=1000000");
        await app.CreateUser(Ann);
        await app.WithAddress(Home).Login(Ann);
        return app;
    }

    /// <summary>Wrong passwords, five from each network.</summary>
    private static async Task Attack(App app, string handle, int failures, int from = 0)
    {
        for (var i = from; i < from + failures; i++)
        {
            (await app.WithAddress($"127.64.1.{1 + (i / 5)}").TryLogin(handle, Wrong)).ShouldFailWith(600);
        }
    }

    /// <summary>As if the wait were over.</summary>
    private static async Task Open(App app) =>
        (
            await app.Installation.Execute(
                "UPDATE limits SET opens_at = 1 WHERE bucket LIKE @guesses",
                new { guesses = $"{app.Id}|guesses at one password%" }
            )
        ).ShouldBe(1);
}
