namespace Latchkey.Tests.Limits;

[Collection(SerialCollection.Name)]
public sealed class ParallelGuessTests(ServerFixture servers)
{
    private const string Ann = "ann@example.com";

    [Fact]
    public async Task Fifty_parallel_wrong_passwords_are_counted_one_by_one()
    {
        var app = await (await servers.Unlimited()).CreateApp("signupFlow=none", "maxLoginAttempts=20");
        await app.CreateUser(Ann);
        var replies = await Task.WhenAll(
            Enumerable.Range(0, 50).Select(_ => app.PostWithoutRetry("login", new { handle = Ann, password = "a wrong password" }))
        );
        var (evaluated, busy, locked) = (
            replies.Count(reply => reply.Code == 600),
            replies.Count(reply => reply.Code == 701),
            replies.Count(reply => reply.Code == 404)
        );
        (evaluated + busy + locked).ShouldBe(50);
        evaluated.ShouldBeInRange(20 - busy, 20); // busy only where other work slows this machine down
        (await app.Mails(Ann)).Count(mail => mail.Kind == "userLocked").ShouldBeInRange(busy > 0 ? 0 : 1, 1);
        (await app.Installation.Query<int>("SELECT failed_logins FROM users WHERE app_id = @Id", new { app.Id })).ShouldBe(evaluated);
    }

    [Fact]
    public async Task Logins_that_the_server_has_no_time_for_do_not_unlock_a_locked_user()
    {
        var app = await (await servers.Unlimited()).CreateApp("signupFlow=none", "maxLoginAttempts=3");
        await app.CreateUser(Ann);
        for (var i = 0; i < 3; i++)
        {
            (await app.TryLogin(Ann, "a wrong password")).ShouldFailWith(600);
        }

        var replies = await AppFlows.SendInParallel(
            2000,
            _ => app.PostWithoutRetry("login", new { handle = Ann, password = App.Password })
        );
        replies.ShouldContain(reply => reply.Code == 701);
        replies.ShouldAllBe(reply => reply.Code == 404 || reply.Code == 701);
        (await app.Installation.Query<int>("SELECT failed_logins FROM users WHERE app_id = @Id", new { app.Id })).ShouldBe(3);
    }

    [Fact]
    public async Task As_many_failures_are_recorded_as_passwords_were_evaluated()
    {
        var (rounds, all) = (TestScale.Size(2, 200), 0);
        var app = await (await servers.Unlimited()).CreateApp("signupFlow=none", "maxLoginAttempts=1000");
        await app.CreateUser(Ann);
        for (var round = 0; round < rounds; round++)
        {
            await app.Installation.Execute("UPDATE users SET failed_logins = 0 WHERE app_id = @Id", new { app.Id });
            var replies = await AppFlows.SendInParallel(
                50,
                _ => app.PostWithoutRetry("login", new { handle = Ann, password = "a wrong password" })
            );
            replies.ShouldAllBe(reply => reply.Code == 600 || reply.Code == 701); // busy only where other work slows this machine down
            var evaluated = replies.Count(reply => reply.Code == 600);
            evaluated.ShouldBePositive();
            (await app.Installation.Query<int>("SELECT failed_logins FROM users WHERE app_id = @Id", new { app.Id })).ShouldBe(evaluated);
            all += evaluated;
        }

        TestScale.RecordFigure(7, $"50 at once, {rounds} rounds: {all:N0} evaluated and {all:N0} recorded");
    }

    [Fact]
    public async Task Of_fifty_parallel_wrong_passwords_from_one_network_five_are_evaluated()
    {
        var app = await servers.Main.CreateApp("signupFlow=none");
        await app.CreateUser(Ann);
        var replies = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => app.TryLogin(Ann, "a wrong password")));
        replies.Count(reply => reply.Code == 600).ShouldBe(5);
        replies.Count(reply => reply.Code == 700).ShouldBe(45);
    }

    [Fact]
    public async Task Of_fifty_parallel_codes_five_are_evaluated_and_none_gets_in()
    {
        var app = await servers.Main.CreateApp();
        (await app.Signup(Ann)).ShouldBeTrue();
        var code = await app.LastCodeFor(Ann);
        var replies = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => app.Complete(Ann, App.WrongCodeFor(code))));
        replies.Count(reply => reply.Code == 602).ShouldBe(5);
        (await app.Complete(Ann, code)).ShouldBeRateLimited();
    }
}
