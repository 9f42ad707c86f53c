using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Latchkey.Activity.Audit;
using Latchkey.Applications;
using Latchkey.Core.Configuration;
using Latchkey.Data;
using Latchkey.Operations;
using Microsoft.Extensions.DependencyInjection;

namespace Latchkey.Bench;

/// <summary>bench/sizes: what a request costs with ten thousand users, with a million and more, and with a thousand applications.</summary>
public static partial class ScalingBenchmark
{
    private const int Small = 10_000;
    private const int Rounds = 200;
    private const int Pages = 1_000;
    private const double Bar = 1.3;
    private const double SearchBar = 1_000;
    private const string Password = "correct horse battery";

    public static async Task<string> Measure(IReadOnlyList<string> engines, int large)
    {
        var text = new StringBuilder();
        text.AppendLine("# Cost against size").AppendLine();
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"Medians of {Rounds} requests, one at a time, over loopback, in milliseconds: one application with {Small:N0} users "
                + $"and one with {large:N0}, each in a database of its own; and one application against {DataSeeder.Applications:N0} "
                + $"with"
        );
        text.AppendLine(
                CultureInfo.InvariantCulture,
                $"{Small / 10:N0} users each, asked in turn. The bar is a ratio of {Bar:F1}; {SearchBar:N0} ms for a part of a "
                    + $"handle that nobody has. Page {Pages:N0} is the last one where there are fewer. Made by `bench/sizes` on "
                    + $"{Environment.ProcessorCount} cores."
            )
            .AppendLine();
        text.AppendLine("| What | Engine | small | large | ratio | |").AppendLine("| --- | --- | ---: | ---: | ---: | --- |");
        foreach (var engine in engines)
        {
            var (few, many) = (await OfOne(engine, Small), await OfOne(engine, large));
            foreach (var (what, time) in few)
            {
                var isSearch = what.StartsWith("search", StringComparison.Ordinal);
                text.AppendLine(Row(what, engine, time, many[what], isSearch ? many[what] < SearchBar : many[what] <= Bar * time));
            }

            foreach (var (what, (one, thousand)) in await OfManyApplications(engine))
            {
                text.AppendLine(Row($"{what}, 1 and 1,000 applications", engine, one, thousand, thousand <= Bar * one));
            }
        }

        return text.ToString();
    }

    private static async Task<Dictionary<string, double>> OfOne(string engine, int users)
    {
        await using var place = await BenchmarkInstallation.Make(engine);
        var (app, session) = await Prepare(place.Installation, users);
        await using var server = await MeasuredProcess.Latchkey(
            place.Installation.DataFolder,
            place.Installation.Database,
            "--limits",
            "off"
        );
        using var http = new HttpClient { BaseAddress = new Uri(server.Address) };
        http.DefaultRequestHeaders.Add("app-token", app.AppToken);
        using var signup = await http.PostAsJsonAsync("/api/appuser/signup", new { handle = "ada@example.com", password = Password });
        http.DefaultRequestHeaders.Add(
            "access-token",
            (await signup.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>()).GetProperty("access-token").GetString()
        );
        http.DefaultRequestHeaders.Add("Cookie", $"latchkey={session}");
        var list = $"/portal/applications/{app.Row.Id}/users";
        var deep = await Walk(http, list);
        var times = new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["getUser"] = await Time(() => http.GetAsync("/api/appuser/getUser")),
            ["login"] = await Time(() =>
                http.PostAsJsonAsync("/api/appuser/login", new { handle = "ada@example.com", password = Password })
            ),
            ["portal, users by prefix"] = await Time(() => http.GetAsync($"{list}?search=user77")),
            ["portal, page 1,000 of users"] = await Time(() => http.GetAsync(deep)),
            ["search for a part that nobody has"] = await Time(() => http.GetAsync($"{list}?search=no-such-person")),
        };
        foreach (var (what, time) in times)
        {
            Console.WriteLine($"{engine} {users} {what} {time:F2}");
        }

        return times;
    }

    private static async Task<(CreatedApplication App, string Session)> Prepare(InstallationSettings installation, int users)
    {
        await using var services = await InstallationServices.Open(installation);
        var app = (
            await services
                .GetRequiredService<ApplicationCreator>()
                .Create("Sized", new Dictionary<string, string>(StringComparer.Ordinal) { ["signupFlow"] = "none" }, Actor.CommandLine)
        ).Value!;
        var watch = Stopwatch.StartNew();
        await new DataSeeder(services.GetRequiredService<Database>()).UsersAlone(app.Row, users);
        Console.WriteLine($"{users:N0} users in {watch.Elapsed.TotalSeconds:F0} s");
        return (app, await BenchmarkInstallation.SignInOperator(services));
    }

    private static async Task<Dictionary<string, (double One, double Thousand)>> OfManyApplications(string engine)
    {
        await using var place = await BenchmarkInstallation.Make(engine);
        var apps = new List<CreatedApplication>();
        await using (var services = await InstallationServices.Open(place.Installation))
        {
            var rules = services.GetRequiredService<ApplicationCreator>();
            for (var i = 0; i < DataSeeder.Applications; i++)
            {
                apps.Add(
                    (
                        await rules.Create(
                            $"Application {i}",
                            new Dictionary<string, string>(StringComparer.Ordinal) { ["anonymousLoginEnabled"] = "1" },
                            Actor.CommandLine,
                            algorithm: "ES256"
                        )
                    ).Value!
                );
            }

            await new DataSeeder(services.GetRequiredService<Database>()).UsersOfEach([.. apps.Select(app => app.Row)], Small / 10);
        }

        await using var server = await MeasuredProcess.Latchkey(
            place.Installation.DataFolder,
            place.Installation.Database,
            "--limits",
            "off"
        );
        using var http = new HttpClient { BaseAddress = new Uri(server.Address) };
        var users = new List<string>();
        foreach (var app in apps)
        {
            using var login = await Send(
                HttpMethod.Post,
                "loginAnonymous",
                "app-token",
                app.AppToken,
                JsonContent.Create(new { handle = "ANON_first" })
            );
            users.Add(
                (await login.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>()).GetProperty("access-token").GetString()!
            );
        }

        var (next, handle) = (0, 0);
        Task<HttpResponseMessage> Application(int i) => Send(HttpMethod.Get, "getApplication", "app-token", apps[i].AppToken);
        Task<HttpResponseMessage> User(int i) => Send(HttpMethod.Get, "getUser", "access-token", users[i]);
        Task<HttpResponseMessage> Login(int i) =>
            Send(HttpMethod.Post, "loginAnonymous", "app-token", apps[i].AppToken, JsonContent.Create(new { handle = $"ANON_{handle++}" }));
        int Next() => next++ % apps.Count;
        return new(StringComparer.Ordinal)
        {
            ["getApplication"] = (await Time(() => Application(0)), await Time(() => Application(Next()))),
            ["getUser"] = (await Time(() => User(0)), await Time(() => User(Next()))),
            ["loginAnonymous"] = (await Time(() => Login(0)), await Time(() => Login(Next()))),
        };

        Task<HttpResponseMessage> Send(HttpMethod method, string function, string header, string token, HttpContent? body = null) =>
            http.SendAsync(new HttpRequestMessage(method, $"/api/appuser/{function}") { Headers = { { header, token } }, Content = body });
    }

    /// <summary>The address of page 1,000, or of the last one.</summary>
    private static async Task<string> Walk(HttpClient http, string list)
    {
        var address = list;
        for (var page = 1; page < Pages && Next().Match(await http.GetStringAsync(address)) is { Success: true } next; page++)
        {
            address = $"{list}?after={next.Groups["cursor"].Value}";
        }

        return address;
    }

    private static async Task<double> Time(Func<Task<HttpResponseMessage>> ask)
    {
        var times = new List<double>();
        for (var round = -20; round < Rounds; round++)
        {
            var start = Stopwatch.GetTimestamp();
            using var answer = await ask();
            await answer.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync();
            if (round >= 0)
            {
                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
        }

        return times.Order().ElementAt(Rounds / 2);
    }

    private static string Row(string what, string engine, double small, double large, bool isMet) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"| {what} | {engine} | {small:F2} | {large:F2} | {large / small:F2} | {(isMet ? "met" : "**missed**")} |"
        );

    [GeneratedRegex("after=(?<cursor>[0-9a-f]+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Next();
}
