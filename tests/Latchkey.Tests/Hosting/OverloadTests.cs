using System.Diagnostics;
using System.Text.Json;

namespace Latchkey.Tests.Hosting;

/// <summary>More than the server can do: the excess is told so at once, and who asks for little is served as before.</summary>
[Collection(SerialCollection.Name)]
public sealed class OverloadTests(ServerFixture servers)
{
    private static readonly int Logins = 500 * Math.Min(16, Environment.ProcessorCount); // more than twice what two seconds can hash
    private const int Cap = 200; // calls a second, as it comes
    private const double Noise = 10; // milliseconds: twice a baseline of one millisecond says nothing on a machine that others use
    private const int LoudUsers = 500; // each may log in twenty times a minute

    [Fact]
    [Covers(701)]
    public async Task Of_more_logins_than_two_seconds_can_hash_the_excess_is_refused_at_once()
    {
        var server = await servers.Start("--limits", "off");
        var (app, other) = (await server.CreateApp(), await server.CreateApp());
        using var burst = new ConcurrentRequests(server, [.. Enumerable.Range(0, Logins).Select(i => Address(i % 50))]);
        var cold = await LogIn(burst, app); // compiles what it calls
        using var over = new CancellationTokenSource();
        var quick = new Latencies();
        var meanwhile = Repeat(() => quick.Time(() => other.WithAddress("127.9.9.9").Get("getApplication")), over.Token);
        var (refused, served) = await LogIn(burst, app);
        await over.CancelAsync();
        await meanwhile;
        // How many depends on how fast the machine hands the requests over while it hashes; a queue without end refuses none.
        refused.Count.ShouldBeInRange(Logins / 20, Logins - 1);
        refused.Median.ShouldBeLessThan(served.Median, "who is refused must not wait in the queue");
        quick.Median.ShouldBeLessThan(served.Median, "who needs no hash must not wait for those who do");
        if (TestScale.IsLong)
        {
            refused.P99.ShouldBeLessThan(100);
            quick.P99.ShouldBeLessThan(50);
        }

        TestScale.RecordFigure(
            44,
            $"{Logins} logins at once: refused {refused} (by a server that was just started: {cold.Refused}); getApplication meanwhile {quick}"
        );
    }

    [Fact]
    public async Task An_application_at_ten_times_its_cap_leaves_the_others_alone()
    {
        var server = servers.Main;
        var loud = await server.CreateApp("signupFlow=none", $"callsPerSecond={Cap}");
        var quiet = await server.CreateApp("signupFlow=none", "callsPerSecond=1000000"); // no cap of its own shall answer
        var una = await quiet.WithAddress("127.9.9.8").CreateUser("una@example.com");
        await loud.CreateUser("loud@example.com");
        await loud.CopyUser("loud@example.com", LoudUsers);

        var times = TestScale.Size(60, 1000);
        var before = await Use(una, times);
        using var over = new CancellationTokenSource();
        var (refused, served, logins) = (0, 0, 0);
        var began = Stopwatch.GetTimestamp();
        var flood = Enumerable
            .Range(0, 48)
            .Select(i =>
                Repeat(
                    async () =>
                    {
                        var app = loud.WithAddress(Address(i % 8));
                        var reply = await (
                            i % 3 == 0
                                ? app.PostWithoutRetry(
                                    "login",
                                    new
                                    {
                                        handle = $"copy{1 + (Interlocked.Increment(ref logins) % LoudUsers)}@example.com",
                                        password = App.Password,
                                    }
                                )
                                : app.Get("getApplication")
                        );
                        _ = reply.Code is null ? Interlocked.Increment(ref served) : Interlocked.Increment(ref refused);
                    },
                    over.Token,
                    TimeSpan.FromSeconds(48.0 / (10 * Cap))
                )
            )
            .ToList();
        var meanwhile = await Use(una, times);
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        await over.CancelAsync();
        await Task.WhenAll(flood);
        refused.ShouldBePositive();
        served.ShouldBePositive();
        if (TestScale.IsLong)
        {
            meanwhile.Calls.P99.ShouldBeLessThan((2 * before.Calls.P99) + Noise);
            meanwhile.Logins.P99.ShouldBeLessThan((2 * before.Logins.P99) + Noise);
        }

        TestScale.RecordFigure(
            33,
            FormattableString.Invariant(
                $"alone: calls {before.Calls}, logins {before.Logins}; beside {(served + refused) / seconds:F0} calls a second of the other, whose cap is {Cap} ({refused} of {served + refused} refused): calls {meanwhile.Calls}, logins {meanwhile.Logins}"
            )
        );
    }

    /// <summary>A carrier's network address translation, or an office.</summary>
    [Fact]
    public async Task Many_users_behind_one_address_log_in_and_none_is_refused()
    {
        const int atOnce = 64;
        var users = TestScale.Size(200, 2000);
        var app = (await servers.Main.CreateApp("signupFlow=none")).WithAddress("127.9.9.7");
        await app.CreateUser("ann@example.com");
        await app.CopyUser("ann@example.com", users);
        var began = Stopwatch.GetTimestamp();
        var next = 0;
        await Task.WhenAll(Enumerable.Range(0, atOnce).Select(_ => LogInOneAfterTheOther()));
        TestScale.RecordFigure(
            44,
            FormattableString.Invariant(
                $"{users} users behind one address, {atOnce} at once: all logged in after {Stopwatch.GetElapsedTime(began).TotalSeconds:F0} s"
            )
        );

        async Task LogInOneAfterTheOther()
        {
            for (var i = Interlocked.Increment(ref next); i <= users; i = Interlocked.Increment(ref next))
            {
                (await app.PostWithoutRetry("login", new { handle = $"copy{i}@example.com", password = App.Password })).ShouldBeOk();
            }
        }
    }

    private static async Task<(Latencies Calls, Latencies Logins)> Use(LoggedInUser user, int times)
    {
        var (calls, logins) = (new Latencies(), new Latencies());
        await user.App.ForgetLogins();
        user = await user.App.Login("una@example.com"); // many logins end the oldest session
        for (var i = 0; i < times; i++)
        {
            (await calls.Time(user.TryGetUser)).ShouldBeOk();
            if (i % 2 == 0)
            {
                await user.App.ForgetLogins();
                user = user.App.ParseTokens(await logins.Time(() => user.App.TryLogin("una@example.com")));
            }
        }

        return (calls, logins);
    }

    private static async Task<(Latencies Refused, Latencies Served)> LogIn(ConcurrentRequests burst, App app)
    {
        var (refused, served) = (new Latencies(), new Latencies());
        foreach (
            var (reply, milliseconds) in await burst.Post(
                "/api/appuser/login",
                app.Token,
                i => JsonSerializer.Serialize(new { handle = $"nobody{i}@example.com", password = "a wrong password" })
            )
        )
        {
            if (reply.Contains("\"code\":600", StringComparison.Ordinal))
            {
                served.Add(milliseconds);
                continue;
            }

            refused.Add(milliseconds);
            reply.ShouldStartWith("HTTP/1.1 503");
            reply.ShouldContain("\"code\":701");
            reply.ShouldContain("Retry-After: ");
        }

        return (refused, served);
    }

    private static string Address(int i) => Clients.Address(4, i);

    /// <param name="every">The pace, as far as the calls themselves are faster; without it, one right after the other.</param>
    private static Task Repeat(Func<Task> work, CancellationToken until, TimeSpan? every = null) =>
        Task.Run(
            async () =>
            {
                using var pace = every is { } period ? new PeriodicTimer(period) : null;
                while (!until.IsCancellationRequested)
                {
                    await work();
                    if (pace is not null)
                    {
                        await pace.WaitForNextTickAsync(CancellationToken.None);
                    }
                }
            },
            CancellationToken.None
        );
}
