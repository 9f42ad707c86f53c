using System.Collections.Concurrent;

namespace Latchkey.Tests.Api.Sessions;

/// <summary>Refreshes that race with the end of their session: no token outlives it, whoever was faster.</summary>
public sealed class RefreshRaceTests(ServerFixture servers)
{
    private const int Racers = 3;
    private static readonly int Rounds = TestScale.Size(25, 250);

    [Fact]
    public Task No_token_outlives_a_logout() =>
        Race("logout", user => Task.FromResult<Func<Task>>(async () => (await user.Post("logout", new { })).ShouldBeTrue()), [712]);

    [Fact]
    public Task No_token_outlives_a_password_reset() =>
        Race(
            "password reset",
            async user =>
            {
                var handle = HandleOf(user);
                (await user.App.ForgotPassword(handle)).ShouldBeTrue();
                var code = await user.App.LastCodeFor(handle);
                return async () => (await user.App.ResetPassword(handle, code)).ShouldBeTrue();
            },
            [712]
        );

    [Fact]
    public Task No_token_outlives_a_suspension() =>
        Race(
            "suspension",
            user => Task.FromResult<Func<Task>>(() => SendAsServer(user, HttpMethod.Post, "/suspend")),
            [404],
            user => SendAsServer(user, HttpMethod.Post, "/activate")
        );

    [Fact]
    public Task No_token_outlives_a_deletion() =>
        Race(
            "deletion",
            user =>
                Task.FromResult<Func<Task>>(async () =>
                    (await user.Post("deleteAccount", new { handle = HandleOf(user), password = App.Password })).ShouldBeTrue()
                ),
            [711],
            user => user.App.CreateUser(HandleOf(user)) // somebody else, with the same address
        );

    /// <param name="name">Of the end, for the figures.</param>
    /// <param name="prepare">What comes before the race, and gives the call that ends the session.</param>
    /// <param name="refusals">What a refresh answers from then on.</param>
    /// <param name="undo">What might bring old tokens to life.</param>
    private async Task Race(
        string name,
        Func<LoggedInUser, Task<Func<Task>>> prepare,
        int[] refusals,
        Func<LoggedInUser, Task>? undo = null
    )
    {
        var app = await (await servers.Unlimited()).CreateApp("signupFlow=none", "sessionMode=refresh");
        var issued = 0;
        await Parallel.ForAsync(
            0,
            Rounds,
            new ParallelOptions { MaxDegreeOfParallelism = 4 },
            async (round, _) =>
            {
                var user = await app.CreateUser($"user{round}@example.com");
                var tokens = await RaceOnce(user, await prepare(user), refusals, waitsForFirst: round % 2 == 0);
                await AreDead(tokens);
                if (undo is not null)
                {
                    await undo(user);
                    await AreDead(tokens);
                }

                Interlocked.Add(ref issued, tokens.Count - 1);
            }
        );
        issued.ShouldBePositive();
        TestScale.RecordFigure(27, $"{name}: {Rounds} races, {issued} refreshes were faster, no token outlived it");
    }

    /// <summary>Refreshes in parallel until the session has ended. Gives all tokens that were ever issued for it.</summary>
    private static async Task<IReadOnlyCollection<LoggedInUser>> RaceOnce(
        LoggedInUser user,
        Func<Task> end,
        int[] refusals,
        bool waitsForFirst
    )
    {
        var tokens = new ConcurrentBag<LoggedInUser> { user };
        var hasEnded = false;
        var first = new TaskCompletionSource();
        var racers = Enumerable
            .Range(0, Racers)
            .Select(async _ =>
            {
                for (var newest = user; ; )
                {
                    var startedLate = Volatile.Read(ref hasEnded);
                    var reply = await newest.TryRefresh();
                    if (reply.Code is { } code)
                    {
                        refusals.ShouldContain(code, reply.Text);
                        return;
                    }

                    startedLate.ShouldBeFalse("a refresh that began after the end was answered");
                    newest = user.App.ParseTokens(reply);
                    tokens.Add(newest);
                    first.TrySetResult();
                }
            })
            .ToList();
        if (waitsForFirst)
        {
            await Task.WhenAny([first.Task, .. racers]);
        }

        await end();
        Volatile.Write(ref hasEnded, true);
        await Task.WhenAll(racers);
        return tokens;
    }

    private static async Task AreDead(IEnumerable<LoggedInUser> tokens)
    {
        foreach (var token in tokens)
        {
            (await token.TryRefresh()).Code.ShouldNotBeNull();
            (await token.TryGetUser()).Code.ShouldNotBeNull();
        }
    }

    private static string HandleOf(LoggedInUser user) => user.Claims.GetProperty("sub").GetString()!;

    private static async Task SendAsServer(LoggedInUser user, HttpMethod method, string action) =>
        (await user.App.SendAsServer(method, $"users/{HandleOf(user)}{action}", new { })).ShouldBeTrue();
}
