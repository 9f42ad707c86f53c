using System.Diagnostics;
using System.Text.RegularExpressions;
using Latchkey.Tests.Api.LoginCodes;
using Latchkey.Tests.Core.Metrics;
using Latchkey.Tests.SecretLeaks;

namespace Latchkey.Tests.Abuse;

/// <summary>
/// Where an application hides accounts, neither answers nor their times tell known handles from unknown ones (security.md row 6).
/// </summary>
[Collection(SerialCollection.Name)]
public sealed partial class UserEnumerationTests(ServerFixture servers)
{
    private const string Known = "known@example.com";

    [Theory]
    [InlineData("login")]
    [InlineData("signup")]
    [InlineData("forgotPassword")]
    [InlineData("invite")]
    [InlineData("resetPassword")]
    [InlineData("loginCode")]
    [InlineData("loginCodeComplete")]
    public async Task Known_and_unknown_handles_cost_the_server_the_same_hashes(string function)
    {
        var installation = await servers.NewInstallation();
        await using var server = await ServerProcess.Start(installation, ["--limits", "off"]);
        var app = await server.CreateApp("hideAccountExistence=1", "emailCodeLogin=1", "maxLoginAttempts=1000");
        await app.CreateUserByCode(Known);
        var inviter = await app.CreateUserByCode("inviter@example.com");
        (await server.Stop()).ShouldBe(0);

        var known = await Hashes(Known);

        (await Hashes("nobody@example.com")).ShouldBe(known);
        known.ShouldBe(function is "login" or "signup" ? 1 : 0);

        async Task<long> Hashes(string handle)
        {
            using var collector = new OtlpCollector();
            await using var measured = await ServerProcess.Start(installation, ["--limits", "off"], collector.Environment);
            var there = app with { Server = measured };
            await Ask(function, there, inviter with { App = there }, handle, await Begin(function, there, handle));
            (await measured.Stop()).ShouldBe(0); // and sends its metrics
            return collector
                .Metrics.SelectMany(SentMetric.In)
                .Where(metric => metric.Names.Contains("latchkey_hashing_wait_seconds_count"))
                .Select(metric => metric.Count)
                .DefaultIfEmpty()
                .Max();
        }
    }

    /// <summary>The short run compares the answers; their times are judged where nothing else runs beside.</summary>
    [Theory]
    [InlineData("login")]
    [InlineData("signup")]
    [InlineData("forgotPassword")]
    [InlineData("invite")]
    [InlineData("resetPassword")]
    [InlineData("loginCode")]
    [InlineData("loginCodeComplete")]
    public async Task Known_and_unknown_handles_are_answered_alike_and_as_fast(string function)
    {
        var pairs = TestScale.Size(25, 1_000);
        var app = await servers.Main.CreateApp(
            "hideAccountExistence=1",
            "emailCodeLogin=1",
            "maxLoginAttempts=1000",
            "callsPerSecond=1000000"
        );
        await app.CreateUserByCode(Known);
        var inviter = await app.CreateUserByCode("inviter@example.com");
        await app.CopyUser(Known, pairs);
        var requests = Array.Empty<CodeRequest?>();
        await Ask(Known);
        await Ask("first@example.com");
        var (known, unknown) = (new List<double>(), new List<double>());
        for (var i = 0; i < pairs; i++)
        {
            // Limits are on, since what they count is part of the work.
            if (i % 15 == 0)
            {
                await app.WaitForDeferredWork();
                await app.Installation.Execute("DELETE FROM limits WHERE bucket LIKE @ofApp", new { ofApp = $"{app.Id}|%" });
            }

            var (user, stranger) = ($"copy{i + 1}@example.com", $"none{i + 1}@example.com");
            requests = [await Begin(function, app, user), await Begin(function, app, stranger)];
            var (first, second) =
                i % 2 == 0 ? (await Ask(user), await Ask(stranger))
                : await Ask(stranger) is var earlier ? (await Ask(user), earlier)
                : default;
            (second.Reply.Status, WithoutToken(second.Reply)).ShouldBe((first.Reply.Status, WithoutToken(first.Reply)));
            second.Reply.Headers.Keys.Order().ShouldBe(first.Reply.Headers.Keys.Order());
            known.Add(first.Milliseconds);
            unknown.Add(second.Milliseconds);
        }

        var z = SignedRank([.. known.Zip(unknown, (one, other) => one - other)]);
        TestScale.RecordFigure(
            6,
            $"{function}: {pairs:N0} pairs, medians {Median(known):0.00} ms known and {Median(unknown):0.00} ms unknown, z {z:0.0}"
        );
        Math.Abs(z).ShouldBeLessThan(TestScale.IsLong ? 3 : 4.3, function); // of 25 pairs, 4.37 is the most there can be

        async Task<(Reply Reply, double Milliseconds)> Ask(string handle)
        {
            var request = requests.FirstOrDefault(one => one?.Handle == handle);
            var watch = Stopwatch.StartNew();
            var reply = await UserEnumerationTests.Ask(function, app, inviter, handle, request);
            return (reply, watch.Elapsed.TotalMilliseconds);
        }
    }

    /// <summary>The z value of Wilcoxon's signed-rank test: how unlikely it is that the differences come from chance alone.</summary>
    private static double SignedRank(IReadOnlyList<double> differences)
    {
        var n = differences.Count;
        var ranked = differences.OrderBy(Math.Abs).Select((difference, index) => difference > 0 ? index + 1.0 : 0);
        return (ranked.Sum() - (n * (n + 1) / 4.0)) / Math.Sqrt(n * (n + 1) * ((2 * n) + 1) / 24.0);
    }

    /// <summary>The request that loginCodeComplete guesses at, once what loginCode left for later is done; null for other functions.</summary>
    private static async Task<CodeRequest?> Begin(string function, App app, string handle)
    {
        if (function != "loginCodeComplete")
        {
            return null;
        }

        var request = await app.BeginCodeLogin(handle);
        await app.WaitForDeferredWork();
        return request;
    }

    /// <summary>The answer without its one value that is new each time.</summary>
    private static string WithoutToken(Reply reply) => RequestToken().Replace(reply.Text, "token");

    private static Task<Reply> Ask(string function, App app, LoggedInUser inviter, string handle, CodeRequest? request) =>
        function switch
        {
            "login" => app.TryLogin(handle, "a wrong password"),
            "signup" => app.Signup(handle, "another good password"),
            "forgotPassword" => app.ForgotPassword(handle),
            "resetPassword" => app.ResetPassword(handle, "123456"),
            "loginCode" => app.AskForCode(handle),
            "loginCodeComplete" => (request ?? new CodeRequest(app, handle, "none")).Complete("123456"),
            _ => inviter.Invite(handle),
        };

    private static double Median(IEnumerable<double> values) => values.Order().ToList() is var sorted ? sorted[sorted.Count / 2] : 0;

    [GeneratedRegex("(?<=\"request-token\":\")[^\"]+")]
    private static partial Regex RequestToken();
}
