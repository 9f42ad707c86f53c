namespace Latchkey.Tests.Limits;

/// <summary>What one application may take of the server, as its developer set it.</summary>
public sealed class Caps(Servers servers)
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
            refused.ShouldBeTooMany();
        }

        replies.Count(reply => reply.Code == 700).ShouldBeGreaterThan(10);
    }

    [Fact]
    public async Task Mails_beyond_the_hours_share_are_refused_and_change_nothing()
    {
        var app = await servers.Main.CreateApp("messagesPerHour=2");
        (await app.Signup("ann@example.com")).ShouldBeTrue();
        (await app.Signup("bob@example.com")).ShouldBeTrue();
        (await app.Signup("cid@example.com")).ShouldBeTooMany();
        (await app.Mails("cid@example.com")).ShouldBeEmpty();
    }

    [Fact]
    public async Task New_anonymous_users_beyond_the_networks_share_are_refused_and_known_ones_are_not()
    {
        var app = await servers.Main.CreateApp("anonymousLoginEnabled=1", "anonymousUsersPerHour=1");
        await app.LoginAnonymous("ANON_first");
        (await app.Post("loginAnonymous", new { handle = "ANON_second" })).ShouldBeTooMany();
        await app.LoginAnonymous("ANON_first");
        await app.At("127.8.8.8").LoginAnonymous("ANON_second");
    }
}
