namespace Latchkey.Tests.Limits;

/// <summary>What one application may take of the server, as its developer set it.</summary>
public sealed class ApplicationLimitTests(ServerFixture servers)
{
    [Fact]
    [Covers(700)]
    public async Task Calls_beyond_the_cap_are_told_to_come_back()
    {
        var app = await servers.Main.CreateApp("callsPerSecond=1");
        var replies = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => app.Get("getApplication")));
        replies.ShouldContain(reply => reply.Code == null);
        foreach (var refused in replies.Where(reply => reply.Code is not null))
        {
            refused.ShouldBeRateLimited();
        }

        replies.Count(reply => reply.Code == 700).ShouldBeGreaterThan(10);
    }

    [Fact]
    public async Task Mails_beyond_the_hours_share_are_refused_and_change_nothing()
    {
        var app = await servers.Main.CreateApp("messagesPerHour=2");
        (await app.Signup("ann@example.com")).ShouldBeTrue();
        (await app.Signup("bob@example.com")).ShouldBeTrue();
        (await app.Signup("cid@example.com")).ShouldBeRateLimited();
        (await app.Mails("cid@example.com")).ShouldBeEmpty();
    }

    [Fact]
    public async Task New_phone_numbers_use_half_of_the_hours_share_and_leave_the_other_to_logins()
    {
        var app = await servers.Main.CreateApp("signupFlow=none", "twoFactorVerification=phone", "messagesPerHour=4");
        var (pia, eve) = (await app.CreateUser("pia@example.com"), await app.WithAddress("127.8.7.1").CreateUser("eve@example.com"));
        await pia.EnablePhone("+4915112345678");
        (await eve.Post("setPhone", new { phone = "+4915112345001" })).ShouldBeTrue();
        (await eve.Post("setPhone", new { phone = "+4915112345002" })).ShouldBeRateLimited();
        await app.Installation.Execute(
            "DELETE FROM limits WHERE bucket LIKE @minute",
            new { minute = $"{app.Id}|messages to one address within a minute|%" }
        );
        await app.LoginToken("pia@example.com");
        (await app.Mails("+4915112345678")).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Twenty_new_phone_numbers_an_hour_and_network()
    {
        var app = (await servers.Main.CreateApp("signupFlow=none", "twoFactorVerification=phone")).WithAddress("127.8.7.2");
        LoggedInUser[] users =
        [
            await app.CreateUser("ann@example.com"),
            await app.CreateUser("bob@example.com"),
            await app.CreateUser("cid@example.com"),
        ];
        for (var i = 0; i < 20; i++)
        {
            (await users[i / 10].Post("setPhone", new { phone = $"+49151123450{i:D2}" })).ShouldBeTrue();
        }

        (await users[2].Post("setPhone", new { phone = "+4915112345099" })).ShouldBeRateLimited();
        (await (users[2] with { App = app.WithAddress("127.8.7.3") }).Post("setPhone", new { phone = "+4915112345099" })).ShouldBeTrue();
    }

    [Fact]
    public async Task New_users_without_a_confirmed_address_are_as_many_a_network_as_anonymous_ones()
    {
        var app = await servers.Main.CreateApp("signupFlow=none", "anonymousLoginEnabled=1", "anonymousUsersPerHour=2");
        await app.CreateUser("ann@example.com");
        await app.CreateUser("bob@example.com");
        (await app.Signup("cid@example.com")).ShouldBeRateLimited();
        (await app.CountUsers("cid@example.com")).ShouldBe(0);
        await app.WithAddress("127.8.8.9").CreateUser("cid@example.com");
        app.ParseTokens(await app.Signup("dan@example.com", upgrading: await app.LoginAnonymous("ANON_dan"))); // one that is there already
        await app.Set("signupFlow=code");
        (await app.Signup("eve@example.com")).ShouldBeTrue();
    }

    [Fact]
    public async Task New_anonymous_users_beyond_the_networks_share_are_refused_and_known_ones_are_not()
    {
        var app = await servers.Main.CreateApp("anonymousLoginEnabled=1", "anonymousUsersPerHour=1");
        await app.LoginAnonymous("ANON_first");
        (await app.Post("loginAnonymous", new { handle = "ANON_second" })).ShouldBeRateLimited();
        await app.LoginAnonymous("ANON_first");
        await app.WithAddress("127.8.8.8").LoginAnonymous("ANON_second");
    }
}
