namespace Latchkey.Tests.Users.Registration;

/// <summary>maxUsers: the last place is taken once, whoever comes, and on whichever node.</summary>
[Collection(SerialCollection.Name)]
public sealed class UserQuotaTests(ServerFixture servers)
{
    private const int Most = 10;

    [Fact]
    public async Task Of_many_who_come_at_the_same_time_on_two_nodes_exactly_so_many_get_in()
    {
        var installation = await servers.NewInstallation();
        var (one, two) = (
            await servers.StartOn(installation, ["--limits", "off"]),
            await servers.StartOn(installation, ["--limits", "off"])
        );
        for (var round = 0; round < TestScale.Size(3, 50); round++)
        {
            var app = await one.CreateApp("anonymousLoginEnabled=1", $"maxUsers={Most}");
            var there = app with { Server = two };
            (await there.Get("getApplication")).ShouldBeOk();
            var replies = await AppFlows.SendInParallel(
                40,
                i => (i % 2 == 0 ? app : there).Post("loginAnonymous", new { handle = $"ANON_{i}" })
            );
            replies.Count(reply => reply.Code is null).ShouldBe(Most);
            replies.Count(reply => reply.Code == 704).ShouldBe(40 - Most);
            (await Users(app)).ShouldBe(Most);
        }
    }

    [Fact]
    public async Task Signups_of_every_flow_are_bounded_alike_and_a_place_that_gets_free_is_given_again()
    {
        var app = await (await servers.Unlimited()).CreateApp("signupFlow=none", "anonymousLoginEnabled=1", "maxUsers=2");
        var ann = await app.CreateUser("ann@example.com");
        await app.LoginAnonymous("ANON_one");
        (await app.Signup("bob@example.com")).ShouldFailWith(704);
        (await app.Post("loginAnonymous", new { handle = "ANON_two" })).ShouldFailWith(704);
        (await app.SendAsServer(HttpMethod.Post, "users", new { handle = "cid@example.com", password = App.Password })).ShouldFailWith(704);
        await app.LoginAnonymous("ANON_one");
        (await ann.Post("deleteAccount", new { handle = "ann@example.com", password = App.Password })).ShouldBeTrue();
        await app.CreateUser("bob@example.com");
        (await app.Signup("cid@example.com")).ShouldFailWith(704);
    }

    [Fact]
    public async Task An_anonymous_user_who_became_somebody_leaves_no_place_for_another()
    {
        var app = await (await servers.Unlimited()).CreateApp("anonymousLoginEnabled=1", "maxUsers=2");
        var anonymous = await app.LoginAnonymous("ANON_1");
        (await app.Signup("ann@example.com", upgrading: anonymous)).ShouldBeTrue();
        (await app.Signup("bob@example.com", upgrading: anonymous)).ShouldBeTrue();
        app.ParseTokens(await app.Complete("ann@example.com", await app.LastCodeFor("ann@example.com")));
        await app.LoginAnonymous("ANON_2");
        (await app.Complete("bob@example.com", await app.LastCodeFor("bob@example.com"))).ShouldFailWith(704);
        (await Users(app)).ShouldBe(2);
        await app.Set("maxUsers=3");
        app.ParseTokens(await app.Complete("bob@example.com", await app.LastCodeFor("bob@example.com")));
        (await app.Post("loginAnonymous", new { handle = "ANON_3" })).ShouldFailWith(704);
    }

    [Fact]
    public async Task A_bound_that_was_off_for_a_while_counts_all_who_came_meanwhile()
    {
        var app = await (await servers.Unlimited()).CreateApp("anonymousLoginEnabled=1", "maxUsers=3");
        await app.LoginAnonymous("ANON_1");
        await app.Set("maxUsers=0");
        await app.LoginAnonymous("ANON_2");
        await app.LoginAnonymous("ANON_3");
        await app.Set("maxUsers=3");
        (await app.Post("loginAnonymous", new { handle = "ANON_4" })).ShouldFailWith(704);
        await app.Set("maxUsers=4");
        await app.LoginAnonymous("ANON_4");
        (await app.Post("loginAnonymous", new { handle = "ANON_5" })).ShouldFailWith(704);
    }

    [Fact]
    public async Task Users_who_were_imported_have_taken_their_places()
    {
        var app = await (await servers.Unlimited()).CreateApp("anonymousLoginEnabled=1", "maxUsers=3");
        await app.LoginAnonymous("ANON_1");
        var file = Path.Combine(app.Installation.DataFolder, "users.csv");
        await File.WriteAllTextAsync(file, "handle\nann@example.com\nbob@example.com\n");
        (await app.Installation.Run("user", "import", app.Id, file)).ShouldSucceed();
        (await app.Post("loginAnonymous", new { handle = "ANON_2" })).ShouldFailWith(704);
        (await Users(app)).ShouldBe(3);
    }

    private static Task<long> Users(App app) =>
        app.Installation.Query<long>("SELECT COUNT(*) FROM users WHERE app_id = @Id", new { app.Id });
}
