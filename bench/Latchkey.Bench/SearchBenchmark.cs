using System.Diagnostics;
using System.Globalization;
using System.Text;
using Dapper;
using Latchkey.Activity.Audit;
using Latchkey.Applications;
using Latchkey.Core.Configuration;
using Latchkey.Data;
using Latchkey.Operations;
using Microsoft.Extensions.DependencyInjection;

namespace Latchkey.Bench;

/// <summary>Asks a real server for the list of users with each kind of search, in one application with many users who have metadata.</summary>
public static class SearchBenchmark
{
    private const double Bar = 100;

    /// <summary>For parts of values, which no index finds on SQLite.</summary>
    private const double PartBar = 1000;
    private const int WarmUps = 3;
    private const int Rounds = 60;
    private const int Batch = 50_000;

    /// <summary>Each search, with an order where it is not the usual one.</summary>
    private static readonly (string Search, string Sort)[] Searches =
    [
        ("", ""),
        ("", "-lastLogin"),
        ("status:locked", ""),
        ("status:suspended", ""),
        ("status:suspended", "-lastLogin"),
        ("status:unverified", ""),
        ("-status:suspended", ""),
        ("source:invitation", ""),
        ("source:import", ""),
        ("source:signup", ""),
        ("provider:google", ""),
        ("email:user77", ""),
        ("name:name77", ""),
        ("id:01900000-0000-7000-8000-0000000000ff", ""),
        ("meta.name:\"Person 4711\"", ""),
        ("meta.club:\"Club 17\"", ""),
        ("meta.club:\"Club 17\"", "-lastLogin"),
        ("meta.club:\"Old club\"", ""),
        ("meta.club:\"Old club\"", "handle"),
        ("meta.club:\"Club 17\" status:suspended", ""),
        ("meta.club:\"Club 17\" status:locked", ""),
        ("meta.club:\"Club 17\" source:import", ""),
        ("meta.club:\"Club 17\" last:<30d created:>2026-01", ""),
        ("meta.club:nobody", ""),
        ("meta.name:\"Person 471\"*", ""),
        ("meta.name:*4711*", ""),
        ("meta.name:*nobody*", ""),
        ("last:<1d", ""),
        ("last:>80d", ""),
        ("last:never", ""),
        ("created:<2025-03", ""),
        ("created:2026-02 status:suspended", ""),
        ("status:locked source:invitation last:<30d", ""),
        ("factor:yes", ""),
        ("passkey:yes", ""),
        ("status:suspended source:invitation factor:yes", ""),
        ("user77", ""),
        ("ple42.c", ""),
        ("ple42.c status:locked", ""),
        ("no-such-person", ""),
    ];

    public static async Task<string> Measure(IReadOnlyList<string> engines, int users)
    {
        var text = new StringBuilder();
        text.AppendLine("# Time of searches for users").AppendLine();
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"One application with {users:N0} users, who have two metadata values each. {Rounds} requests for each search, one at a time, over loopback, from the request to the last byte of the page;"
        );
        text.AppendLine(
                CultureInfo.InvariantCulture,
                $"every third is for the next page. The bar is a 95th percentile below {Bar:N0} ms, and below {PartBar:N0} ms for a part of a text. Made by `bench/search` on {Environment.ProcessorCount} cores."
            )
            .AppendLine();
        text.AppendLine("| Search | Order | Engine | rows | p50, ms | p95, ms | |")
            .AppendLine("| --- | --- | --- | ---: | ---: | ---: | --- |");
        foreach (var engine in engines)
        {
            await using var place = await BenchmarkInstallation.Make(engine);
            var (appId, token) = await Prepare(place.Installation, engine, users);
            await Visit(place.Installation, engine, appId, token, text);
        }

        return text.ToString();
    }

    private static async Task<(string AppId, string Token)> Prepare(InstallationSettings installation, string engine, int users)
    {
        await using var services = await InstallationServices.Open(installation);
        var settings = new Dictionary<string, string>
        {
            ["metaData"] = """[{"path":"user_data.club","fieldName":"club"},{"path":"user_data.name","fieldName":"name"}]""",
            ["maxLoginAttempts"] = "5",
        };
        var (created, refused) = await services.GetRequiredService<ApplicationCreator>().Create("Large", settings, Actor.CommandLine);
        var app = created?.Row ?? throw new InvalidOperationException(refused?.Message);
        var (database, watch) = (services.GetRequiredService<Database>(), Stopwatch.StartNew());
        for (var from = 1; from <= users; from += Batch)
        {
            await Insert(database, app, from, Math.Min(users, from + Batch - 1));
        }

        await DataSeeder.Analyze(database);
        Console.WriteLine($"{engine}: seeded in {watch.Elapsed.TotalSeconds:F0} s");
        return (app.Id, await BenchmarkInstallation.SignInOperator(services));
    }

    private static Task<int> Insert(Database database, ApplicationRow app, int from, int to)
    {
        const string handle = "'user' || ((n * 7919) % 10000019) || '.' || n || '@example' || (n % 97) || '.com'";
        var (hex, numbers) =
            database is PostgresDatabase
                ? ("lpad(to_hex(n), 12, '0')", $"(SELECT generate_series({from}::bigint, {to}::bigint) AS n) numbers")
                : (
                    "printf('%012x', n)",
                    $"(WITH RECURSIVE counted(n) AS (SELECT {from} UNION ALL SELECT n + 1 FROM counted WHERE n < {to}) SELECT n FROM counted) numbers"
                );
        return database.Write(db =>
            db.ExecuteAsync(
                $$"""
                INSERT INTO users (id, app_id, handle, handle_key, user_name, anonymous, origin, status, locale, email_verified, password_hash,
                  password_prehashed, metadata, invite_metadata, login_provider, two_factor_google, two_factor_phone, totp_last_step,
                  failed_logins, passkey_count, last_login_at, created_at, updated_at)
                SELECT '01900000-0000-7000-8000-' || {{hex}}, @Id, {{handle}}, {{handle}}, CASE WHEN n % 4 = 0 THEN 'name' || n END, FALSE,
                  CASE WHEN n % 5 = 0 THEN 'invitation' WHEN n % 3001 = 7 THEN 'import' ELSE 'signup' END,
                  CASE WHEN n % 50 = 0 THEN 'suspend' ELSE 'active' END, 'EN', n % 1000 <> 1, '$x', FALSE,
                  '{"user_data.club":"' || CASE WHEN n > 990000 THEN 'Old club' ELSE 'Club ' || (n % 500) END
                    || '","user_data.name":"Person ' || n || '"}', '{}',
                  CASE WHEN n % 211 = 3 THEN 'google' ELSE '' END, n % 300 = 2, FALSE, 0,
                  CASE WHEN n % 2001 = 5 THEN 9 ELSE 0 END, CASE WHEN n % 997 = 11 THEN 1 ELSE 0 END,
                  CASE WHEN n % 3 > 0 THEN @CreatedAt - (n % 90) * 86400000 - n END, @CreatedAt - n * 60000, @CreatedAt
                FROM {{numbers}}
                """,
                new { app.Id, app.CreatedAt }
            )
        );
    }

    private static async Task Visit(InstallationSettings installation, string engine, string appId, string token, StringBuilder text)
    {
        await using var server = await MeasuredProcess.Latchkey(installation.DataFolder, installation.Database);
        using var http = new HttpClient { BaseAddress = new Uri(server.Address) };
        foreach (var (search, sort) in Searches)
        {
            var path = $"/portal/applications/{appId}/users?q={Uri.EscapeDataString(search)}&sort={sort}";
            var (p50, p95, rows) = await Time(http, path, token);
            var verdict = p95 < BarOf(search) ? "met" : "**missed**";
            var row = string.Create(
                CultureInfo.InvariantCulture,
                $"| `{(search.Length == 0 ? " " : search)}` | {sort} | {engine} | {rows} | {p50:F1} | {p95:F1} | {verdict} |"
            );
            text.AppendLine(row);
            Console.WriteLine(row);
        }
    }

    private static double BarOf(string search) =>
        search.Contains('*', StringComparison.Ordinal)
        || search.StartsWith("ple42.c", StringComparison.Ordinal)
        || search == "no-such-person"
            ? PartBar
            : Bar;

    private static async Task<(double P50, double P95, int Rows)> Time(HttpClient http, string path, string token)
    {
        var (times, first, next) = (new List<double>(), 0, "");
        for (var round = -WarmUps; round < Rounds; round++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, round % 3 == 2 && next.Length > 0 ? next : path);
            request.Headers.Add("Cookie", $"latchkey={token}");
            var start = Stopwatch.GetTimestamp();
            using var response = await http.SendAsync(request);
            var page = await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync();
            if (round >= 0)
            {
                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }

            if (round == -WarmUps)
            {
                first = page.Split("<tr id=\"user-").Length - 1;
                next = NextOf(page);
            }
        }

        times.Sort();
        return (times[times.Count / 2], times[(int)(times.Count * 0.95)], first);
    }

    private static string NextOf(string page)
    {
        var rel = page.IndexOf("rel=\"next\"", StringComparison.Ordinal);
        var href = rel < 0 ? -1 : page.LastIndexOf("href=\"", rel, StringComparison.Ordinal);
        return href < 0 ? "" : System.Net.WebUtility.HtmlDecode(page[(href + 6)..page.IndexOf('"', href + 6)]);
    }
}
