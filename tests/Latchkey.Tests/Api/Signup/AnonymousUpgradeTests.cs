namespace Latchkey.Tests.Api.Signup;

/// <summary>An anonymous user who gives an address stays the same user.</summary>
public sealed class AnonymousUpgradeTests(ServerFixture servers)
{
    private const string Ann = "ann@example.com";

    private static readonly string[] Settings =
    [
        "anonymousLoginEnabled=1",
        "userNamesEnabled=1",
        """metaData=[{"path":"user_data.name","fieldName":"name"}]""",
    ];

    [Theory]
    [InlineData("none")]
    [InlineData("code")]
    public async Task It_keeps_its_id_its_name_and_its_metadata(string flow)
    {
        var app = await servers.Main.CreateApp([$"signupFlow={flow}", .. Settings]);
        var anonymous = await app.LoginAnonymous("ANON_1");
        var elsewhere = await app.LoginAnonymous("ANON_1");
        (await anonymous.Post("setUserName", new { userName = "Ann" })).ShouldBeTrue();
        (await anonymous.Post("setUserMetadata", new { metaData = """{"user_data":{"name":"Ann"}}""" })).ShouldBeTrue();

        var reply = await app.Signup(Ann, upgrading: anonymous);
        var ann = app.ParseTokens(flow == "none" ? reply : await app.Complete(Ann, await app.LastCodeFor(Ann)));

        ann.Claims.GetProperty("uid").GetString().ShouldBe(anonymous.Claims.GetProperty("uid").GetString());
        ann.Claims.GetProperty("sub").GetString().ShouldBe(Ann);
        ann.Claims.GetProperty("userName").GetString().ShouldBe("ann");
        ann.Claims.GetProperty("user_data").GetProperty("name").GetString().ShouldBe("Ann");
        (await anonymous.TryGetUser()).ShouldFailWith(405);
        (await elsewhere.TryGetUser()).ShouldFailWith(405);
        (await app.TryLogin(Ann)).ShouldBeOk();
        (await app.Installation.Query<long>("SELECT COUNT(*) FROM users WHERE app_id = @Id", new { app.Id })).ShouldBe(1);
    }

    [Fact]
    public async Task Until_completion_it_stays_anonymous_and_logged_in()
    {
        var app = await servers.Main.CreateApp(Settings);
        var anonymous = await app.LoginAnonymous("ANON_1");
        (await app.Signup(Ann, upgrading: anonymous)).ShouldBeTrue();
        (await anonymous.GetUser()).GetProperty("handle").GetString().ShouldBe("ANON_1");
    }

    [Fact]
    public async Task Only_a_live_token_of_an_anonymous_user_of_the_application_upgrades()
    {
        var app = await servers.Main.CreateApp(["signupFlow=none", .. Settings]);
        var other = await servers.Main.CreateApp(Settings);
        var named = await app.CreateUser("bob@example.com");
        (await app.Signup(Ann, upgrading: named)).ShouldFailWith(405);
        (await app.Signup(Ann, upgrading: await other.LoginAnonymous("ANON_1"))).ShouldFailWith(405);
        (await app.Signup(Ann, upgrading: named with { AccessToken = "garbled" })).ShouldFailWith(405);

        var ended = await app.LoginAnonymous("ANON_2");
        (await ended.Post("logout", new { })).ShouldBeTrue();
        (await app.Signup(Ann, upgrading: ended)).ShouldFailWith(405);
        var expired = await app.LoginAnonymous("ANON_3");
        await app.Installation.Execute("UPDATE sessions SET expires_at = 1 WHERE app_id = @Id AND ended_at IS NULL", new { app.Id });
        (await app.Signup(Ann, upgrading: expired)).ShouldFailWith(501);
    }
}
