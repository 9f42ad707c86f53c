namespace Latchkey.Tests.Api.Signup;

/// <summary>One-time and unique things, asked for by many at once (security.md row 13).</summary>
[Collection(SerialCollection.Name)]
public sealed class ConcurrentSignupTests(ServerFixture servers)
{
    private static readonly int Rounds = TestScale.Size(10, 200);
    private const int AtOnce = 16;

    [Theory]
    [InlineData(2)]
    [InlineData(16)]
    public async Task Parallel_completions_with_one_code_make_one_user(int atOnce)
    {
        const string ann = "ann@example.com";
        var rounds = TestScale.Size(50, 1_000);
        var app = await (await servers.Unlimited()).CreateApp();
        (await app.Signup(ann)).ShouldBeTrue();
        var code = await app.LastCodeFor(ann);
        for (var round = 0; round < rounds; round++)
        {
            // The signup is made anew by the database: another one would cost another password hash.
            await app.Installation.Execute("DELETE FROM users WHERE app_id = @Id", new { app.Id });
            await app.Installation.Execute("UPDATE signups SET status = 'pending' WHERE app_id = @Id", new { app.Id });
            var replies = await AppFlows.SendInParallel(atOnce, _ => app.Complete(ann, code));
            replies.Count(reply => reply.Code is null).ShouldBe(1);
            replies.ShouldAllBe(reply => reply.Code == null || reply.Code == 601 || reply.Code == 602);
            await UsersShouldBe(app, 1);
            (await app.Installation.Query<long>("SELECT COUNT(*) FROM sessions WHERE app_id = @Id", new { app.Id })).ShouldBe(1);
        }

        TestScale.RecordFigure(13, $"completeSignup, {atOnce} at once, {rounds:N0} rounds, one user and one session each");
    }

    [Fact]
    public async Task Sixteen_signups_of_one_handle_make_one_user()
    {
        var app = await (await servers.Unlimited()).CreateApp("signupFlow=none");
        await Parallel.ForAsync(
            0,
            Rounds,
            new ParallelOptions { MaxDegreeOfParallelism = 2 },
            async (round, _) =>
            {
                var replies = await Task.WhenAll(Times(i => app.Signup($"user{round}@example.com", $"the password of {i}")));
                replies.Count(reply => reply.Code is null).ShouldBe(1);
                replies.Count(reply => reply.Code == 601).ShouldBe(AtOnce - 1);
            }
        );
        await UsersShouldBe(app, Rounds);
    }

    [Fact]
    public async Task Sixteen_users_who_want_one_name_give_it_to_one()
    {
        var app = await (await servers.Unlimited()).CreateApp("anonymousLoginEnabled=1", "userNamesEnabled=1");
        for (var round = 0; round < Rounds; round++)
        {
            var users = await Task.WhenAll(Times(i => app.LoginAnonymous($"ANON_{round}-{i}")));
            var replies = await Task.WhenAll(users.Select(user => user.Post("setUserName", new { userName = $"name{round}" })));
            replies.Count(reply => reply.Code is null).ShouldBe(1);
            replies.Count(reply => reply.Code == 605).ShouldBe(AtOnce - 1);
        }

        (
            await app.Installation.Query<long>("SELECT COUNT(*) FROM users WHERE app_id = @Id AND user_name IS NOT NULL", new { app.Id })
        ).ShouldBe(Rounds);
    }

    private static IEnumerable<Task<T>> Times<T>(Func<int, Task<T>> call) => Enumerable.Range(0, AtOnce).Select(call).ToList();

    private static async Task UsersShouldBe(App app, long count) =>
        (await app.Installation.Query<long>("SELECT COUNT(*) FROM users WHERE app_id = @Id", new { app.Id })).ShouldBe(count);
}
