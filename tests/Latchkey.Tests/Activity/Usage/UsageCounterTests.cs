using Latchkey.Activity.Usage;

namespace Latchkey.Tests.Activity.Usage;

/// <summary>What happens in an application is counted once, for that application and day.</summary>
public sealed class UsageCounterTests(ServerFixture servers)
{
    [Fact]
    public async Task Signups_logins_failures_and_messages_are_counted_once_and_for_their_application_only()
    {
        var server = await servers.Unlimited();
        var app = await server.CreateApp("anonymousLoginEnabled=1", "twoFactorVerification=phone");
        var other = await server.CreateApp("signupFlow=none");
        var ann = await app.CreateUserByCode("ann@example.com");
        await app.Login("ann@example.com");
        await app.Login("ann@example.com");
        (await app.TryLogin("ann@example.com", "not hers")).Code.ShouldBe(600);
        await app.LoginAnonymous("ANON_one");
        await ann.EnablePhone("+14155550100");
        var token = await app.LoginToken("ann@example.com");
        (await app.LoginComplete(token, await app.LastCodeFor("+14155550100"))).ShouldBeOk();
        await other.CreateUser("bob@example.com");

        await AddedUp(server);
        // A code, a welcome and two notices by mail; a code for the number and one for the login by SMS.
        (await Counts(app)).ShouldBe(
            "active 2, active_month 2, active_week 2, failure 1, login_anonymous 1, login_password 3, mail 4, signup 1, sms 2"
        );
        (await Counts(other)).ShouldBe("active 1, active_month 1, active_week 1, mail 1, signup 1");
    }

    [Fact]
    public async Task Parallel_logins_are_counted_exactly_and_make_one_active_user()
    {
        var server = await servers.Unlimited();
        var app = await server.CreateApp("anonymousLoginEnabled=1");
        await AppFlows.SendInParallel(60, i => app.Post("loginAnonymous", new { handle = $"ANON_{i % 6}" }));
        await AddedUp(server);
        (await Counts(app)).ShouldBe("active 6, active_month 6, active_week 6, login_anonymous 60");
    }

    [Fact]
    public async Task A_user_is_active_again_on_another_day_in_another_week_and_in_another_month()
    {
        var server = await servers.Unlimited();
        var app = await server.CreateApp("signupFlow=none");
        await app.CreateUser("ann@example.com");
        await app.Login("ann@example.com");
        await LastSeen(app, days: 40);
        await app.Login("ann@example.com");
        await app.Login("ann@example.com");
        await AddedUp(server);
        (await Counts(app)).ShouldBe("active 2, active_month 2, active_week 2, login_password 3, mail 1, signup 1");
    }

    [Fact]
    public async Task A_user_who_was_anonymous_is_one_active_user()
    {
        var server = await servers.Unlimited();
        var app = await server.CreateApp("signupFlow=none", "anonymousLoginEnabled=1");
        var anonymous = await app.LoginAnonymous("ANON_two");
        (await app.Signup("two@example.com", upgrading: anonymous)).ShouldBeOk();
        await app.Login("two@example.com");
        await AddedUp(server);
        (await Counts(app)).ShouldBe("active 1, active_month 1, active_week 1, login_anonymous 1, login_password 1, mail 1, signup 1");
    }

    [Fact]
    public async Task A_killed_server_loses_no_count()
    {
        var server = await servers.Start("--limits", "off");
        var app = await server.CreateApp("anonymousLoginEnabled=1");
        var answered = await AppFlows.SendInParallel(30, i => app.Post("loginAnonymous", new { handle = $"ANON_{i}" }));
        await server.Kill();
        answered.ShouldAllBe(reply => reply.Code == null);
        await AddedUp(await servers.StartOn(server.Installation));
        (await Counts(app)).ShouldBe("active 30, active_month 30, active_week 30, login_anonymous 30");
    }

    [Fact]
    public async Task Many_users_are_counted_in_the_background_and_few_at_once()
    {
        var installation = await servers.NewInstallation();
        var (large, small) = (await Create(installation, "Large"), await Create(installation, "Small"));
        await AddUsers(installation, large, UserCounts.MaxLiveCount + 5);
        await AddUsers(installation, small, 3);
        var counts = await installation.Get<UserCounts>();
        await counts.Count();
        (await counts.Get(large)).ShouldSatisfyAllConditions(
            total => total.Count.ShouldBe(UserCounts.MaxLiveCount + 5),
            total => total.AsOf.ShouldNotBeNull()
        );
        (await counts.Get(small)).ShouldBe(new UserTotal(3));

        await installation.Execute("DELETE FROM users");
        (await counts.Get(small)).ShouldBe(new UserTotal(0));
        await counts.Count();
        (await installation.Query<long>("SELECT SUM(users) FROM user_counts")).ShouldBe(0);
    }

    /// <summary>Nothing waits to be added up any more.</summary>
    private static Task AddedUp(ServerProcess server) =>
        WaitUntil.IsTrue(
            "everything is added up",
            async () => await server.Installation.Query<long>("SELECT COUNT(*) FROM usage_events") == 0
        );

    private static async Task<string> Counts(App app)
    {
        var database = await app.Installation.Get<Latchkey.Data.Database>();
        var store = await app.Installation.Get<UsageStore>();
        var counts = await database.Read(db => store.DaysSince(db, app.Id, 0));
        var hours = await database.Read(db => store.HoursSince(db, app.Id, 0));
        Text(hours).ShouldBe(Text(counts.Where(count => !count.Kind.StartsWith(UsageKind.Active, StringComparison.Ordinal))));
        return Text(counts);
    }

    private static string Text(IEnumerable<UsageCount> counts) =>
        string.Join(
            ", ",
            counts
                .GroupBy(count => count.Kind, StringComparer.Ordinal)
                .OrderBy(group => group.Key, StringComparer.Ordinal)
                .Select(group => $"{group.Key} {group.Sum(count => count.Count)}")
        );

    private static Task LastSeen(App app, int days) =>
        app.Installation.Execute(
            "UPDATE users SET last_login_at = last_login_at - @by, created_at = created_at - @by WHERE app_id = @Id",
            new { app.Id, by = (long)TimeSpan.FromDays(days).TotalMilliseconds }
        );

    private static async Task<string> Create(TestInstallation installation, string name) =>
        (await installation.Run("app", "create", "--name", name, "--algorithm", "ES256", "--json"))
            .ShouldSucceed()
            .Json.GetProperty("appId")
            .GetString()!;

    private static Task<int> AddUsers(TestInstallation installation, string appId, int most) =>
        installation.Execute(
            """
            WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < @most)
            INSERT INTO users (id, app_id, handle, handle_key, anonymous, origin, status, locale, email_verified, password_prehashed,
              metadata,
              invite_metadata,
              login_provider, two_factor_google, two_factor_phone, totp_last_step, failed_logins, created_at, updated_at)
            SELECT @appId || '-' || n, @appId, 'user' || n || '@example.com', 'user' || n || '@example.com',
              FALSE, 'import', 'active', 'EN', TRUE, FALSE, '{}', '{}',
              '', FALSE, FALSE, 0, 0, 0, 0 FROM numbers
            """,
            new { appId, most }
        );
}
