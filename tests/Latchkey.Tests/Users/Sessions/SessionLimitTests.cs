namespace Latchkey.Tests.Users.Sessions;

/// <summary>A user has a hundred live sessions at most (security.md row 65).</summary>
public sealed class SessionLimitTests(ServerFixture servers)
{
    private const string Handle = "ANON_1";

    [Fact]
    public async Task The_hundred_and_first_ends_the_oldest()
    {
        var app = await (await servers.Unlimited()).CreateApp("anonymousLoginEnabled=1");
        var first = await app.LoginAnonymous(Handle);
        var second = await app.LoginAnonymous(Handle);
        await Age(app);
        for (var i = 2; i < 100; i++)
        {
            await app.LoginAnonymous(Handle);
        }

        (await first.IsSignedIn()).ShouldBeTrue();
        var newest = await app.LoginAnonymous(Handle);
        (await first.TryGetUser()).ShouldFailWith(405);
        (await second.IsSignedIn()).ShouldBeTrue();
        (await newest.IsSignedIn()).ShouldBeTrue();
        (await Live(app)).ShouldBe(100);
    }

    [Fact]
    public async Task Sessions_that_ended_do_not_pile_up_either()
    {
        var app = await (await servers.Unlimited()).CreateApp("anonymousLoginEnabled=1");
        var kept = await app.LoginAnonymous(Handle);
        for (var i = 0; i < 110; i++)
        {
            (await (await app.LoginAnonymous(Handle)).Post("logout", new { })).ShouldBeTrue();
        }

        (await kept.IsSignedIn()).ShouldBeTrue();
        (await app.Installation.Query<long>("SELECT COUNT(*) FROM sessions WHERE app_id = @Id", new { app.Id })).ShouldBeLessThanOrEqualTo(
            102
        );
    }

    [Fact]
    public async Task Another_users_sessions_stay()
    {
        var app = await (await servers.Unlimited()).CreateApp("anonymousLoginEnabled=1");
        var other = await app.LoginAnonymous("ANON_2");
        for (var i = 0; i < 101; i++)
        {
            await app.LoginAnonymous(Handle);
        }

        (await other.IsSignedIn()).ShouldBeTrue();
    }

    [Fact]
    public async Task Parallel_logins_leave_a_hundred()
    {
        var app = await (await servers.Unlimited()).CreateApp("anonymousLoginEnabled=1");
        await app.LoginAnonymous(Handle);
        await Parallel.ForAsync(
            0,
            130,
            new ParallelOptions { MaxDegreeOfParallelism = 10 },
            async (_, _) => await app.LoginAnonymous(Handle)
        );
        (await Live(app)).ShouldBe(100);
    }

    [Fact]
    public async Task A_developer_has_a_hundred_browsers_at_most()
    {
        var account = await PortalAccount.Create(servers.Main);
        var first = await account.SignIn();
        await account.Server.Installation.Execute(
            "UPDATE portal_sessions SET created_at = created_at - 1000000 WHERE developer_id = @Id",
            new { account.Id }
        );
        await account.Server.Installation.Execute(
            """
            INSERT INTO portal_sessions (token_hash, id, developer_id, client, browser, created_at, seen_at, expires_at)
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 98)
            SELECT token_hash || i, id || i, developer_id, client, browser, created_at + i, seen_at, expires_at FROM portal_sessions, n
            WHERE developer_id = @Id
            """,
            new { account.Id }
        );
        await account.SignIn();
        (await first.IsSignedIn()).ShouldBeTrue();
        await account.SignIn();
        (await first.IsSignedIn()).ShouldBeFalse();
        (
            await account.Server.Installation.Query<long>(
                "SELECT COUNT(*) FROM portal_sessions WHERE developer_id = @Id",
                new { account.Id }
            )
        ).ShouldBe(100);
    }

    private static Task<long> Live(App app) =>
        app.Installation.Query<long>("SELECT COUNT(*) FROM sessions WHERE app_id = @Id AND ended_at IS NULL", new { app.Id });

    /// <summary>Sets the sessions so far a second apart, in the order in which they were opened.</summary>
    private static async Task Age(App app) =>
        (
            await app.Installation.Execute(
                """
                UPDATE sessions SET created_at = created_at - 100000 + 1000 * (SELECT COUNT(*) FROM sessions older
                  WHERE older.app_id = @Id AND (older.created_at, older.id) < (sessions.created_at, sessions.id))
                WHERE app_id = @Id
                """,
                new { app.Id }
            )
        ).ShouldBe(2);
}
