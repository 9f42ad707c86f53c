using System.Collections.Concurrent;
using System.Diagnostics;

namespace Latchkey.Tests.Faults;

/// <summary>
/// People who sign up one after the other while something happens to the server: what each was answered, when, and how long it took.
/// </summary>
public sealed class SignupTraffic : IAsyncDisposable
{
    private static readonly TimeSpan AfterRefusal = TimeSpan.FromMilliseconds(50);

    private readonly CancellationTokenSource end = new();
    private readonly ConcurrentBag<SentRequest> sent = [];
    private readonly Task[] people;
    private int next;

    private SignupTraffic(App app, int atOnce) => people = [.. Enumerable.Range(0, atOnce).Select(_ => Task.Run(() => SignUp(app)))];

    /// <summary>All requests that have come to an end.</summary>
    public IReadOnlyCollection<SentRequest> All => sent;

    /// <summary>Handles of those who were told that they are users now.</summary>
    public IReadOnlyList<string> AcknowledgedHandles => [.. sent.Where(one => one.IsOk).Select(one => one.Handle)];

    /// <param name="app">Its signup flow is none, so that each signup makes a user.</param>
    /// <param name="atOnce">How many sign up at the same time.</param>
    public static SignupTraffic Start(App app, int atOnce = 6) => new(app, atOnce);

    /// <summary>Waits for so many more signups to be answered with a user.</summary>
    public Task WaitForSignups(int more = 20)
    {
        var before = AcknowledgedHandles.Count;
        return WaitUntil.IsTrue(
            $"{more} more signups are answered",
            () => Task.FromResult(AcknowledgedHandles.Count >= before + more),
            TimeSpan.FromMinutes(2)
        );
    }

    /// <summary>Lets those under way finish.</summary>
    public async Task Stop()
    {
        await end.CancelAsync();
        await Task.WhenAll(people);
    }

    /// <summary>Everyone who was answered is a user, once, and nobody is half of one.</summary>
    public async Task VerifyAcknowledgedSignups(App app)
    {
        var handles = AcknowledgedHandles;
        var users = await Column(app, "SELECT handle FROM users WHERE app_id = @Id AND handle LIKE 'traffic%'");
        users.Distinct(StringComparer.Ordinal).Count().ShouldBe(users.Count);
        handles.Except(users).ShouldBeEmpty();
        (await Column(app, "SELECT recipient FROM messages WHERE app_id = @Id AND recipient LIKE 'traffic%' ORDER BY recipient")).ShouldBe(
            users.Order(StringComparer.Ordinal)
        );
        var all = await app.Installation.Query<long>("SELECT COUNT(*) FROM users WHERE app_id = @Id", new { app.Id });
        (
            await app.Installation.Query<long>(
                "SELECT COUNT(*) FROM audit WHERE app_id = @Id AND action = 'signup' AND code = 0",
                new { app.Id }
            )
        ).ShouldBe(all);
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        end.Dispose();
    }

    private static async Task<IReadOnlyList<string>> Column(App app, string sql)
    {
        var database = await app.Installation.Get<Latchkey.Data.Database>();
        return [.. await database.Read(db => Dapper.SqlMapper.QueryAsync<string>(db, sql, new { app.Id }))];
    }

    private async Task SignUp(App app)
    {
        while (!end.IsCancellationRequested)
        {
            var handle = $"traffic{Interlocked.Increment(ref next):D6}@example.com";
            var began = Stopwatch.GetTimestamp();
            var (status, text) = await Answer(app, handle);
            var answer = new SentRequest(handle, began, Stopwatch.GetTimestamp(), status, text);
            sent.Add(answer);
            if (!answer.IsOk)
            {
                await Task.Delay(AfterRefusal); // as people do, if not as long as Retry-After says
            }
        }
    }

    private static async Task<(int Status, string Text)> Answer(App app, string handle)
    {
        try
        {
            var reply = await app.PostWithoutRetry("signup", new { handle, password = App.Password });
            return ((int)reply.Status, reply.Text);
        }
        catch (HttpRequestException e)
        {
            return (0, e.Message);
        }
    }
}

/// <summary>A request that came to an end.</summary>
/// <param name="Handle">Who signed up.</param>
/// <param name="Began">A timestamp.</param>
/// <param name="Ended">Another.</param>
/// <param name="Status">The HTTP status; 0 when the connection broke.</param>
/// <param name="Text">The answer's body.</param>
public sealed record SentRequest(string Handle, long Began, long Ended, int Status, string Text)
{
    public bool IsOk => Status == 200;

    public TimeSpan Took => Stopwatch.GetElapsedTime(Began, Ended);
}
