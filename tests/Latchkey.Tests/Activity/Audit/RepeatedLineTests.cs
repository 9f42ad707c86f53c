namespace Latchkey.Tests.Activity.Audit;

/// <summary>What a user does over and over within a minute is one line of the log (security.md row 65).</summary>
public sealed class RepeatedLineTests(ServerFixture servers)
{
    private const string Ann = "ann@example.com";

    [Fact]
    public async Task The_same_line_of_a_user_counts_up()
    {
        var app = await servers.Main.CreateApp("signupFlow=none");
        await app.CreateUser(Ann);
        for (var i = 0; i < 4; i++)
        {
            (await app.TryLogin(Ann, "a wrong password")).ShouldFailWith(600);
        }

        for (var i = 0; i < 3; i++)
        {
            await app.Login(Ann);
        }

        (await Lines(app, "login", 600)).ShouldBe([4]);
        (await Lines(app, "login", 0)).ShouldBe([3]);
    }

    [Fact]
    public async Task Another_client_user_or_result_is_a_line_of_its_own()
    {
        var app = await servers.Main.CreateApp("signupFlow=none");
        await app.CreateUser(Ann);
        await app.CreateUser("bob@example.com");
        await app.Login(Ann);
        await app.WithAddress("127.66.0.1").Login(Ann);
        await app.Login("bob@example.com");
        (await Lines(app, "login", 0)).ShouldBe([1, 1, 1]);
    }

    [Fact]
    public async Task A_minute_later_a_new_line_begins()
    {
        var app = await servers.Main.CreateApp("signupFlow=none");
        await app.CreateUser(Ann);
        await app.Login(Ann);
        // The node looks for its own line of the minute: one that is not there any more is written anew.
        (await app.Installation.Execute("DELETE FROM audit WHERE app_id = @Id AND action = 'login'", new { app.Id })).ShouldBe(1);
        await app.Login(Ann);
        (await Lines(app, "login", 0)).ShouldBe([1]);
    }

    [Fact]
    public async Task A_line_of_an_erased_user_is_not_counted_up_by_the_next_one_with_the_address()
    {
        var app = await servers.Main.CreateApp("signupFlow=none");
        var ann = await app.CreateUser(Ann);
        (await ann.Post("deleteAccount", new { handle = Ann, password = App.Password })).ShouldBeTrue();
        await app.CreateUser(Ann);
        (await Lines(app, "signup", 0)).ShouldBe([1, 1]);
        (
            await app.Installation.Query<long>(
                "SELECT COUNT(*) FROM audit WHERE app_id = @Id AND action = 'signup' AND handle = @Ann",
                new { app.Id, Ann }
            )
        ).ShouldBe(1);
    }

    [Fact]
    public async Task What_developers_do_stays_in_its_order()
    {
        var app = await servers.Main.CreateApp("signupFlow=none");
        await app.CreateUser(Ann);
        for (var i = 0; i < 2; i++)
        {
            (await app.SendAsServer(HttpMethod.Post, $"users/{Ann}/suspend")).ShouldBeTrue();
            (await app.SendAsServer(HttpMethod.Post, $"users/{Ann}/activate")).ShouldBeTrue();
        }

        (
            await app.Installation.Query<long>(
                "SELECT COUNT(*) FROM audit WHERE app_id = @Id AND action IN ('suspendUser', 'activateUser') AND count = 1",
                new { app.Id }
            )
        ).ShouldBe(4);
    }

    [Fact]
    public async Task The_portal_and_the_file_show_the_count()
    {
        var app = await servers.Main.CreateApp("signupFlow=none");
        await app.CreateUser(Ann);
        for (var i = 0; i < 3; i++)
        {
            (await app.TryLogin(Ann, "a wrong password")).ShouldFailWith(600);
        }

        using var portal = await PortalVisitor.Member(app, "owner");
        (await portal.Get($"/portal/applications/{app.Id}/logs?action=login")).Text("tbody td").ShouldContain("3 times within a minute");
        var csv = (await portal.Get($"/portal/applications/{app.Id}/logs/csv?action=login")).Html.Split("\r\n");
        csv[0].ShouldEndWith(",client address,count");
        csv[1].ShouldEndWith(",127.0.0.1,3");
    }

    private static async Task<IReadOnlyList<long>> Lines(App app, string action, int code) => [.. (
                await app.Installation.Query<string>(
                    Engine.IsPostgres
                        ? "SELECT string_agg(count::text, ' ') FROM audit WHERE app_id = @Id AND action = @action AND code = @code"
                        : "SELECT group_concat(count, ' ') FROM audit WHERE app_id = @Id AND action = @action AND code = @code",
                    new
                    {
                        app.Id,
                        action,
                        code,
                    }
                )
            ).Split(' ').Select(long.Parse)];
}
