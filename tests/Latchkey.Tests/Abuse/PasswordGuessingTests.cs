using System.Collections.Concurrent;
using System.Diagnostics;

namespace Latchkey.Tests.Abuse;

/// <summary>Guessing passwords at a server with its limits on, twenty connections at once: security.md rows 1, 2, 3 and 5.</summary>
[Collection(SerialCollection.Name)]
public sealed class PasswordGuessingTests(ServerFixture servers)
{
    private const string Ann = "ann@example.com";
    private const string Wrong = "a wrong password";
    private const int Connections = 20;

    [Fact]
    public async Task Of_ten_thousand_guesses_a_hundred_at_most_are_evaluated_and_guess_101_does_not_get_in()
    {
        var (app, guesses) = ((await WithAnn()).WithAddress("127.51.0.1"), TestScale.Size(2_000, 10_000));
        var answers = await Flood(guesses, i => app.TryLogin(Ann, i == 100 ? App.Password : $"{Wrong} {i}"));
        answers.Keys.ShouldBeSubsetOf([600, 700]);
        answers[600].ShouldBeInRange(5, 100);
        (await app.WithAddress("127.51.0.2").TryLogin(Ann)).ShouldBeOk();
        TestScale.RecordFigure(
            1,
            $"{guesses:N0} guesses over {Connections} connections, {answers[600]} evaluated, the right password as guess 101 refused"
        );
    }

    [Fact]
    public async Task A_flood_from_one_network_does_not_keep_the_victim_out_in_another()
    {
        var (app, failures, logins) = (await WithAnn(), TestScale.Size(200, 1_000), TestScale.Size(20, 100));
        var flood = Flood(failures, i => app.WithAddress("127.52.0.1").TryLogin(Ann, $"{Wrong} {i}"));
        for (var i = 0; i < logins; i++)
        {
            (await app.WithAddress("127.52.0.2").TryLogin(Ann)).ShouldBeOk();
            if (i % 19 == 18)
            {
                await app.ForgetLogins(); // twenty a minute are all that one user needs
            }
        }

        (await flood).Keys.ShouldBeSubsetOf([600, 700]);
        (await app.WithAddress("127.52.0.2").TryLogin(Ann)).ShouldBeOk();
        TestScale.RecordFigure(2, $"{failures:N0} attacker's failures, {logins} of {logins} logins");
    }

    [Fact]
    public async Task Spraying_one_password_over_many_handles_is_thirty_tries_in_five_minutes()
    {
        var (app, handles, watch) = ((await WithAnn()).WithAddress("127.53.0.1"), TestScale.Size(300, 2_000), Stopwatch.StartNew());
        var answers = await Flood(handles, i => app.TryLogin($"user{i}@example.com", Wrong));
        answers.Keys.ShouldBeSubsetOf([600, 700]);
        answers[600].ShouldBeInRange(30, 30 * (1 + (int)(watch.Elapsed.TotalMinutes / 5)));
        TestScale.RecordFigure(3, $"{handles:N0} handles in {watch.Elapsed.TotalSeconds:0} s, {answers[600]} evaluated");
    }

    [Fact]
    public async Task A_thousand_forged_forwarding_headers_are_one_client()
    {
        var (app, forged) = ((await WithAnn()).WithAddress("127.54.0.1"), TestScale.Size(150, 1_000));
        string[] names =
        [
            "X-Forwarded-For",
            "X-Real-IP",
            "Forwarded",
            "X-Client-IP",
            "True-Client-IP",
            "CF-Connecting-IP",
            "X-Original-For",
        ];
        var answers = await Flood(
            forged,
            i =>
                app.Post(
                    "login",
                    new { handle = Ann, password = Wrong },
                    ("X-Forwarded-For", Claimed(i)),
                    (names[i % names.Length], Claimed(i + 1))
                )
        );
        answers.Keys.ShouldBeSubsetOf([600, 700]);
        answers[600].ShouldBe(5);
        (
            await app.Installation.Query<string>(
                "SELECT MIN(client) || ' ' || MAX(client) FROM audit WHERE app_id = @Id AND action = 'login'",
                new { app.Id }
            )
        ).ShouldBe("127.54.0.1 127.54.0.1");
        TestScale.RecordFigure(5, $"{forged:N0} forged headers, {answers[600]} evaluated, one client address in the log");
    }

    /// <summary>An address that a stranger claims to come from, well or badly written.</summary>
    private static string Claimed(int i) =>
        (i % 10) switch
        {
            0 => $"203.0.{i / 256}.{i % 256}",
            1 => $"2001:db8:{i:x}::1",
            2 => $"[2001:db8:{i:x}::1]:{i + 1}",
            3 => $"203.0.113.{i % 256}:{i + 1}",
            4 => $"203.0.113.{i % 256}, 198.51.100.{i % 256}, 127.0.0.1",
            5 => $"999.{i}.1.1",
            6 => $"for=\"[2001:db8::{i:x}]\";proto=https;by=127.0.0.1",
            7 => $"not an address {i}",
            8 => new string(',', (i % 50) + 1),
            _ => $"127.0.0.1, , ;{i}",
        };

    private async Task<App> WithAnn()
    {
        var app = await servers.Main.CreateApp("signupFlow=none", "callsPerSecond=1000000");
        await app.CreateUser(Ann);
        return app;
    }

    /// <summary>Sends requests over twenty connections as fast as they are answered; how often each code came, 200 for success.</summary>
    private static async Task<IReadOnlyDictionary<int, int>> Flood(int times, Func<int, Task<Reply>> send)
    {
        var (next, codes) = (-1, new ConcurrentDictionary<int, int>());
        await Task.WhenAll(
            Enumerable
                .Range(0, Connections)
                .Select(_ =>
                    Task.Run(async () =>
                    {
                        for (var i = Interlocked.Increment(ref next); i < times; i = Interlocked.Increment(ref next))
                        {
                            codes.AddOrUpdate((await send(i)).Code ?? 200, 1, (_, count) => count + 1);
                        }
                    })
                )
        );
        codes.Values.Sum().ShouldBe(times);
        return codes;
    }
}
