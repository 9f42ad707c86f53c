namespace Latchkey.Tests.Limits;

/// <summary>Guessing six digits, and filling somebody's inbox.</summary>
public sealed class CodeAndMailLimitTests(ServerFixture servers)
{
    private const string Ann = "ann@example.com";

    [Fact]
    public async Task Five_tries_a_code_and_network_also_when_the_sixth_is_right()
    {
        var app = await Pending("signupFlow=code");
        var code = await app.LastCodeFor(Ann);
        await Guess(app, code, 5);
        (await app.Complete(Ann, code)).ShouldBeRateLimited();
        (await app.WithAddress("127.5.5.5").Complete(Ann, code)).ShouldBeOk();
    }

    [Fact]
    public async Task A_handle_without_any_code_is_slowed_alike()
    {
        var app = await servers.Main.CreateApp();
        await Guess(app, "000000", 5);
        (await app.Complete(Ann, "222222")).ShouldBeRateLimited();
    }

    [Fact]
    public async Task A_used_up_code_does_not_stop_the_mailed_link()
    {
        var app = await Pending("signupFlow=link");
        await Guess(app, "000000", 5);
        (await app.Complete(Ann, "222222")).ShouldBeRateLimited();
        for (var asked = 1; asked < 4; asked++)
        {
            await AMinutePasses(app);
            (await app.Signup(Ann)).ShouldBeTrue();
            await Guess(app, "000000", 5);
        }

        await AMinutePasses(app);
        (await app.WithAddress("127.5.9.9").Signup(Ann)).ShouldBeTrue();
        (await app.Complete(Ann, "222222")).ShouldBeRateLimited(); // the twenty of a day, though the last signup was never guessed at
        for (var network = 1; network <= 4; network++)
        {
            await Guess(app.WithAddress($"127.5.9.{network}"), "000000", 5);
        }

        (await app.WithAddress("127.5.9.5").Complete(Ann, "222222")).ShouldBeRateLimited(); // the twenty of a week

        var token = System.Web.HttpUtility.ParseQueryString(new Uri((await app.Mails(Ann))[0].Link!).Query)["code"]!;
        (await app.Complete(Ann, token)).ShouldBeOk();
    }

    [Fact]
    public async Task One_mail_a_minute_and_five_an_hour_to_one_address()
    {
        var app = await Pending("signupFlow=code");
        (await app.Signup(" ANN@example.com", "another good password")).ShouldBeRateLimited();
        (await app.WithAddress("127.5.7.7").Signup(Ann)).ShouldBeRateLimited();
        (await app.Mails(Ann)).Count.ShouldBe(1);
        for (var i = 0; i < 4; i++)
        {
            await AMinutePasses(app);
            (await app.WithAddress($"127.5.7.{i + 1}").Signup(Ann)).ShouldBeTrue();
        }

        await AMinutePasses(app);
        (await app.WithAddress("127.5.7.8").Signup(Ann)).ShouldBeRateLimited();
        (await app.Mails(Ann)).Count.ShouldBe(5);
        // What is throttled changes nothing
        (await app.Installation.Query<long>("SELECT COUNT(*) FROM signups WHERE app_id = @Id", new { app.Id })).ShouldBe(5);
    }

    [Fact]
    public async Task One_network_uses_four_of_them_and_leaves_one_to_the_owner()
    {
        var app = await servers.Main.CreateApp("signupFlow=none", "userNamesEnabled=1");
        (await (await app.CreateUser(Ann)).Post("setUserName", new { userName = "annie" })).ShouldBeTrue();
        var eve = app.WithAddress("127.5.7.9");
        foreach (var name in new[] { Ann, "annie", Ann, "annie" })
        {
            await AMinutePasses(app);
            (await eve.ForgotPassword(name)).ShouldBeTrue();
        }

        await AMinutePasses(app);
        (await eve.ForgotPassword(Ann)).ShouldBeRateLimited();
        (await eve.ForgotPassword("annie")).ShouldBeRateLimited();
        (await app.ForgotPassword(Ann)).ShouldBeTrue();
    }

    [Fact]
    public async Task Inviting_who_is_registered_uses_no_mail_of_its_own_up()
    {
        var app = await servers.Main.CreateApp("signupFlow=none");
        await app.CreateUser(Ann);
        for (var i = 0; i < 2; i++)
        {
            (await app.InviteByServer(Ann)).ShouldFailWith(601);
        }

        (await app.ForgotPassword(Ann)).ShouldBeTrue();
    }

    [Fact]
    public async Task Thirty_new_anonymous_users_an_hour_and_network()
    {
        var app = (await servers.Main.CreateApp("anonymousLoginEnabled=1")).WithAddress("127.5.8.8");
        for (var i = 0; i < 30; i++)
        {
            await app.LoginAnonymous($"ANON_{i}");
        }

        (await app.Post("loginAnonymous", new { handle = "ANON_31" })).ShouldBeRateLimited();
        await app.LoginAnonymous("ANON_1");
        await app.WithAddress("127.5.8.9").LoginAnonymous("ANON_31");
    }

    [Fact]
    public async Task Thirty_new_users_without_a_confirmed_address_an_hour_and_network()
    {
        var app = (await servers.Main.CreateApp("signupFlow=none")).WithAddress("127.5.8.7");
        for (var i = 0; i < 30; i++)
        {
            await app.CreateUser($"user{i}@example.com");
        }

        (await app.Signup("user31@example.com")).ShouldBeRateLimited();
    }

    private async Task<App> Pending(string flow)
    {
        var app = await servers.Main.CreateApp(flow);
        (await app.Signup(Ann)).ShouldBeTrue();
        return app;
    }

    private static async Task Guess(App app, string right, int times)
    {
        for (var i = 0; i < times; i++)
        {
            (await app.Complete(Ann, App.WrongCodeFor(right))).ShouldFailWith(602);
        }
    }

    private static Task AMinutePasses(App app) =>
        app.Installation.Execute(
            "DELETE FROM limits WHERE bucket LIKE @bucket",
            new { bucket = $"{app.Id}|messages to one address within a minute|%" }
        );
}
