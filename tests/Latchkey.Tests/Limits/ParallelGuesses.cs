namespace Latchkey.Tests.Limits;

[Collection(UnderFire.Name)]
public sealed class ParallelGuesses(Servers servers)
{
    private const string Ann = "ann@example.com";

    [Fact]
    public async Task Fifty_parallel_wrong_passwords_are_counted_one_by_one()
    {
        var app = await (await servers.Unlimited()).CreateApp("signupFlow=none", "maxLoginAttempts=20");
        await app.Join(Ann);
        var replies = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => app.TryLogin(Ann, "a wrong password")));
        replies.Count(reply => reply.Code == 600).ShouldBe(20);
        replies.Count(reply => reply.Code is 404 or 701).ShouldBe(30); // 701 where this machine is slow
        (await app.Mails(Ann)).Count(mail => mail.Kind == "userLocked").ShouldBe(1);
        (await app.Installation.Query<int>("SELECT failed_logins FROM users WHERE app_id = @Id", new { app.Id })).ShouldBe(20);
    }

    [Fact]
    public async Task Of_fifty_parallel_wrong_passwords_from_one_network_five_are_evaluated()
    {
        var app = await servers.Main.CreateApp("signupFlow=none");
        await app.Join(Ann);
        var replies = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => app.TryLogin(Ann, "a wrong password")));
        replies.Count(reply => reply.Code == 600).ShouldBe(5);
        replies.Count(reply => reply.Code == 700).ShouldBe(45);
    }

    [Fact]
    public async Task Of_fifty_parallel_codes_five_are_evaluated_and_none_gets_in()
    {
        var app = await servers.Main.CreateApp();
        (await app.Signup(Ann)).ShouldBeTrue();
        var code = await app.CodeOf(Ann);
        var wrong = Enumerable.Range(0, 50).Select(i => App.OtherThan(code)).ToList();
        var replies = await Task.WhenAll(wrong.Select(guess => app.Complete(Ann, guess)));
        replies.Count(reply => reply.Code == 602).ShouldBe(5);
        (await app.Complete(Ann, code)).ShouldBeTooMany();
    }

    [Fact]
    [Covers(701)]
    public async Task A_storm_of_logins_is_refused_at_once_and_leaves_the_rest_alone()
    {
        var app = await (await servers.Unlimited()).CreateApp();
        var storm = Enumerable.Range(0, 600).Select(i => app.TryLogin($"user{i}@example.com")).ToList();
        (await app.Get("getApplication")).ShouldBeOk();
        var replies = await Task.WhenAll(storm);
        var busy = replies.Where(reply => reply.Code == 701).ToList();
        busy.ShouldNotBeEmpty();
        busy[0].ShouldFailWith(701, System.Net.HttpStatusCode.ServiceUnavailable);
        int.Parse(busy[0].Header("Retry-After")!).ShouldBePositive();
        replies.ShouldContain(reply => reply.Code == 600);
    }
}
