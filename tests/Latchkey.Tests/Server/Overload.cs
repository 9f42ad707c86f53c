using System.Text.Json;

namespace Latchkey.Tests.Server;

/// <summary>More than the server can do: the excess is told so at once, and who asks for little is served as before.</summary>
[Collection(UnderFire.Name)]
public sealed class Overload(Servers servers)
{
    private const int Logins = 500;

    [Fact]
    public async Task Of_five_hundred_logins_at_the_same_time_the_excess_is_refused_at_once()
    {
        var server = await servers.Start("--limits", "off");
        var (app, other) = (await server.CreateApp(), await server.CreateApp());
        var clients = await Task.WhenAll(Enumerable.Range(0, Logins).Select(i => RawClient.Connect(server, Address(i % 50))));
        for (var i = 0; i < 30; i++)
        {
            await app.At(Address(i)).PostOnce("login", Nobody(i)); // the first ones compile what they call
        }

        var (refusals, served, quick) = (new Latencies(), new Latencies(), new Latencies());
        using var over = new CancellationTokenSource();
        var meanwhile = Repeat(() => quick.Time(() => other.At("127.9.9.9").Get("getApplication")), over.Token);
        var replies = await Task.WhenAll(clients.Select((client, i) => Latencies.Sort(() => client.Post("/api/appuser/login", app.Token, JsonSerializer.Serialize(Nobody(i))), reply => IsServed(reply) ? served : refusals)));
        await over.CancelAsync();
        await meanwhile;
        foreach (var refused in replies.Where(reply => !IsServed(reply)))
        {
            refused.ShouldStartWith("HTTP/1.1 503");
            refused.ShouldContain("\"code\":701");
            refused.ShouldContain("Retry-After: ");
        }

        refusals.Count.ShouldBeInRange(Logins / 4, Logins - 1);
        refusals.Median.ShouldBeLessThan(served.Median, "who is refused must not wait in the queue");
        quick.Median.ShouldBeLessThan(served.Median, "who needs no hash must not wait for those who do");
        Drill.Measured(44, $"{Logins} logins at once: refused {refusals}; getApplication meanwhile {quick}");
    }

    [Fact]
    public async Task An_application_at_ten_times_its_cap_leaves_the_others_alone()
    {
        var server = servers.Main;
        var loud = await server.CreateApp("signupFlow=none");
        var quiet = await server.CreateApp("signupFlow=none", "callsPerSecond=1000"); // no cap of its own shall answer
        var una = await quiet.At("127.9.9.8").Join("una@example.com");
        for (var i = 0; i < 8; i++)
        {
            await loud.At(Address(i)).Join($"loud{i}@example.com");
        }

        var times = Drill.Size(60, 1000);
        var before = await Use(una, times);
        using var over = new CancellationTokenSource();
        var (refused, served) = (0, 0);
        var flood = Enumerable.Range(0, 24).Select(i => Repeat(async () =>
        {
            var (app, who) = (loud.At(Address(i % 8)), $"loud{i % 8}@example.com");
            var reply = await (i % 3 == 0 ? app.PostOnce("login", new { handle = who, password = App.Password }) : app.Get("getApplication"));
            _ = reply.Code is null ? Interlocked.Increment(ref served) : Interlocked.Increment(ref refused);
        }, over.Token)).ToList();
        var meanwhile = await Use(una, times);
        await over.CancelAsync();
        await Task.WhenAll(flood);
        refused.ShouldBePositive();
        served.ShouldBePositive();
        Drill.Measured(33, $"alone: calls {before.Calls}, logins {before.Logins}; beside {served + refused} calls of the other ({refused} refused): calls {meanwhile.Calls}, logins {meanwhile.Logins}");
    }

    private static async Task<(Latencies Calls, Latencies Logins)> Use(LoggedIn user, int times)
    {
        var (calls, logins) = (new Latencies(), new Latencies());
        for (var i = 0; i < times; i++)
        {
            (await calls.Time(user.TryGetUser)).ShouldBeOk();
            if (i % 5 == 0)
            {
                (await logins.Time(() => user.App.TryLogin("una@example.com"))).ShouldBeOk();
            }
        }

        return (calls, logins);
    }

    private static bool IsServed(string reply) => reply.Contains("\"code\":600", StringComparison.Ordinal);

    private static object Nobody(int i) => new { handle = $"nobody{i}@example.com", password = "a wrong password" };

    private static string Address(int i) => Clients.Address(4, i);

    private static Task Repeat(Func<Task> work, CancellationToken until) => Task.Run(
        async () =>
        {
            while (!until.IsCancellationRequested)
            {
                await work();
            }
        },
        CancellationToken.None);
}
