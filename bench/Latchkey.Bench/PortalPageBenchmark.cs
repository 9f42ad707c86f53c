using System.Diagnostics;
using System.Text;
using Latchkey.Activity.Audit;
using Latchkey.Applications;
using Latchkey.Core.Configuration;
using Latchkey.Data;
using Latchkey.Operations;
using Microsoft.Extensions.DependencyInjection;

namespace Latchkey.Bench;

/// <summary>How long one page took, from the request to the last byte, in milliseconds.</summary>
public sealed record PageTime(string Engine, string Page, double P50, double P95, long Bytes);

/// <summary>Asks a real server for every page, as an operator, one request at a time.</summary>
public static class PortalPageBenchmark
{
    private const double Bar = 100;

    /// <summary>For pages that look for a part of a handle or name among all users.</summary>
    private const double SearchBar = 1000;
    private const int WarmUps = 5;
    private const int Rounds = 60;

    public static async Task<IReadOnlyList<PageTime>> Measure(string engine, int users)
    {
        await using var place = await BenchmarkInstallation.Make(engine);
        var (appId, token) = await Prepare(place.Installation, engine, users);
        return await Visit(place.Installation, engine, appId, token);
    }

    public static string Report(IReadOnlyList<PageTime> results, int users)
    {
        var text = new StringBuilder();
        text.AppendLine("# Time of the portal's pages").AppendLine();
        text.AppendLine(
            $"{DataSeeder.Applications:N0} applications; one of them has {users:N0} users with a log line each, the others a "
                + $"hundred users each. {Rounds} requests for each page, one at a time, over loopback,"
        );
        text.AppendLine(
                $"from the request to the last byte. The bar is a 95th percentile below {Bar:N0} ms, and below {SearchBar:N0} ms "
                    + "for a part of a handle that stands anywhere (`ple42.c`, and `no-such-person`, which nobody has). Made by "
                    + $"`bench/portal` on {Environment.ProcessorCount} cores."
            )
            .AppendLine();
        text.AppendLine("| Page | Engine | p50, ms | p95, ms | KiB | |").AppendLine("| --- | --- | ---: | ---: | ---: | --- |");
        foreach (var time in results)
        {
            text.AppendLine(
                $"| {time.Page} | {time.Engine} | {time.P50:F1} | {time.P95:F1} | {time.Bytes / 1024.0:F0} | {(time.P95 < BarOf(time.Page) ? "met" : "**missed**")} |"
            );
        }

        return text.ToString();
    }

    private static double BarOf(string page) =>
        page.EndsWith("search=ple42.c", StringComparison.Ordinal) || page.EndsWith("search=no-such-person", StringComparison.Ordinal)
            ? SearchBar
            : Bar;

    private static async Task<(string AppId, string Token)> Prepare(InstallationSettings installation, string engine, int users)
    {
        await using var services = await InstallationServices.Open(installation);
        var (created, _) = await services
            .GetRequiredService<ApplicationCreator>()
            .Create("Large", new Dictionary<string, string>(), Actor.CommandLine);
        var watch = Stopwatch.StartNew();
        await new DataSeeder(services.GetRequiredService<Database>()).Fill(created!.Row, users);
        Console.WriteLine($"{engine}: seeded in {watch.Elapsed.TotalSeconds:F0} s");
        return (created.Row.Id, await BenchmarkInstallation.SignInOperator(services));
    }

    private static async Task<IReadOnlyList<PageTime>> Visit(InstallationSettings installation, string engine, string appId, string token)
    {
        await using var server = await MeasuredProcess.Latchkey(installation.DataFolder, installation.Database);
        using var http = new HttpClient { BaseAddress = new Uri(server.Address) };
        var results = new List<PageTime>();
        foreach (var page in Pages(appId))
        {
            var time = await Time(http, page, token);
            results.Add(new(engine, page.Replace(appId, "…", StringComparison.Ordinal), time.P50, time.P95, time.Bytes));
            Console.WriteLine($"{engine} {results[^1].Page} p50 {time.P50:F1} p95 {time.P95:F1}");
        }

        return results;
    }

    private static IEnumerable<string> Pages(string appId)
    {
        var app = $"/portal/applications/{appId}";
        return
        [
            "/portal",
            "/portal?search=application 77",
            "/portal?sort=users",
            "/portal/operator/applications",
            app,
            $"{app}?hours=48",
            $"{app}?days=90",
            $"{app}?weeks=52",
            $"{app}?months=12",
            $"{app}/settings/general",
            $"{app}/members",
            $"{app}/realm",
            $"{app}/settings/sign-in",
            $"{app}/keys",
            $"{app}/templates",
            $"{app}/templates/EN/signUp",
            $"{app}/locales",
            $"{app}/users",
            $"{app}/users?search=user77",
            $"{app}/users?search=ple42.c",
            $"{app}/users?search=no-such-person",
            $"{app}/users?status=suspend",
            $"{app}/users?sort=login",
            $"{app}/users/invitations",
            $"{app}/users/signups",
            $"{app}/logs",
            $"{app}/logs?action=login&result=refused",
            $"{app}/logs?action=login&code=600",
            $"{app}/logs?action=signup&code=600",
            $"{app}/logs/messages",
            $"{app}/logs/messages?status=failed",
            $"{app}/mailbox",
            $"{app}/reset",
            "/portal/account",
            "/portal/operator",
            "/portal/operator/developers",
            "/portal/operator/log",
            "/portal/operator/petitions",
            "/portal/operator/limits",
            "/portal/operator/providers",
            "/portal/operator/mailbox",
            "/portal/operator/system",
        ];
    }

    private static async Task<(double P50, double P95, long Bytes)> Time(HttpClient http, string page, string token)
    {
        var times = new List<double>();
        var bytes = 0L;
        for (var round = -WarmUps; round < Rounds; round++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, page);
            request.Headers.Add("Cookie", $"latchkey={token}");
            var start = Stopwatch.GetTimestamp();
            using var response = await http.SendAsync(request);
            bytes = (await response.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync()).Length;
            if (round >= 0)
            {
                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
        }

        times.Sort();
        return (times[times.Count / 2], times[(int)(times.Count * 0.95)], bytes);
    }
}
