using System.Diagnostics.Metrics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Latchkey.Tests.SecretLeaks;

namespace Latchkey.Tests.Core.Metrics;

/// <summary>
/// deploy/alerts.yaml and deploy/dashboard.json against what a server sends: a rule about a metric or label that nobody sends never fires.
/// </summary>
public sealed partial class AlertRuleTests(ServerFixture servers)
{
    /// <summary>Prometheus and the collector make them of service.name, service.instance.id and a histogram's bounds.</summary>
    private static readonly string[] Given = ["job", "instance", "le"];

    private static readonly string[] Functions = ["histogram_quantile", "quantile_over_time", "count_over_time", "absent_over_time"];

    [Fact]
    public async Task They_ask_for_nothing_that_a_server_does_not_send()
    {
        var sent = await Sent();
        var labels = sent.SelectMany(metric => metric.Names.Select(name => (name, metric.Labels))).ToDictionary(StringComparer.Ordinal);
        labels[WhenFlooded()] = [];
        labels.TryAdd("db_client_connection_count", ["db_client_connection_state"]); // Npgsql's: of PostgreSQL only

        var expressions = Alerts().Select(alert => (Query: alert, Legend: "")).Concat(Dashboard()).ToList();
        expressions.Count.ShouldBeGreaterThan(20);
        foreach (var (query, legend) in expressions)
        {
            Words(Selectors().Replace(Groups().Replace(query, ""), ""))
                .Where(word => word.Contains('_'))
                .Except(Functions)
                .ShouldBeEmpty($"asks for a metric of any job: {query}");
            var shown = Groups()
                .Matches(query)
                .SelectMany(group => Words(group.Groups["labels"].Value))
                .Concat(Words(legend).Where(word => legend.Contains($"{{{{{word}}}}}")))
                .ToList();
            Selectors().Matches(query).ShouldNotBeEmpty(query);
            foreach (Match selector in Selectors().Matches(query))
            {
                var (name, conditions) = (selector.Groups["name"].Value, selector.Groups["conditions"].Value);
                labels.Keys.ShouldContain(name);
                conditions.ShouldStartWith("job=\"latchkey\"");
                LabelNames()
                    .Matches(conditions)
                    .Select(label => label.Value)
                    .Concat(shown)
                    .Except([.. labels[name], .. Given])
                    .ShouldBeEmpty(query);
            }
        }

        // Bounds from milliseconds to seconds, or a percentile says nothing.
        foreach (var name in new[] { "latchkey_hashing_wait_seconds_bucket", "http_server_request_duration_seconds_bucket" })
        {
            var bounds = sent.Single(metric => metric.Names.Contains(name)).Bounds;
            (bounds[0], bounds[^1], bounds.Contains(1)).ShouldBe((0.005, 10, true), name);
        }
    }

    /// <summary>The cases are in tests/TestData/alerts.test.yaml; Prometheus' own promtool judges them.</summary>
    [Fact]
    public async Task Each_alert_fires_when_it_should_and_not_when_all_is_well()
    {
        Assert.SkipWhen(Engine.IsPostgres, "the rules are the same on both engines");
        var cases = Path.Combine(RepositoryPaths.Root, "tests", "TestData", "alerts.test.yaml");
        (await ChildProcess.Run("promtool", "test", "rules", cases)).ShouldContain("SUCCESS");
        var tested = AlertNames().Matches(await File.ReadAllTextAsync(cases, TestContext.Current.CancellationToken));
        foreach (Match alert in DeclaredAlerts().Matches(AlertFile()))
        {
            var uses = tested.Where(test => test.Groups["name"].Value == alert.Groups["name"].Value).ToList();
            uses.Count(test => test.Groups["fires"].Success).ShouldBePositive($"{alert.Value} fires");
            uses.Count(test => !test.Groups["fires"].Success).ShouldBePositive($"{alert.Value} does not fire");
        }
    }

    [Fact]
    public async Task Counters_begin_at_zero_so_that_the_first_burst_raises_an_alert()
    {
        using var collector = new OtlpCollector();
        await using var server = await ServerProcess.Start(await servers.NewInstallation(), environment: collector.Environment);
        (await server.Stop()).ShouldBe(0);
        var names = collector.Metrics.SelectMany(SentMetric.In).SelectMany(metric => metric.Names).ToHashSet(StringComparer.Ordinal);
        names.ShouldContain("latchkey_calls_total");
        names.ShouldContain("latchkey_messages_total");
        names.ShouldContain("latchkey_credentials_unknown_total");
        names.ShouldContain("latchkey_hashing_refused_total");
        names.ShouldContain("latchkey_forwarded_untrusted_total");
    }

    /// <summary>
    /// What a server sends that has logged somebody in, refused a call, failed to send a message, and met an unnamed proxy.
    /// </summary>
    private async Task<IReadOnlyList<SentMetric>> Sent()
    {
        using var collector = new OtlpCollector();
        await using var server = await ServerProcess.Start(await servers.NewInstallation(), environment: collector.Environment);
        var app = await server.CreateApp(
            "emailExtension=1",
            "mailProvider=smtp",
            "mailFrom=demo@example.com",
            "smtpHost=127.0.0.1",
            $"smtpPort={FreePort.Find()}",
            "smtpSecurity=none"
        );
        (await app.Signup("ann@example.com")).ShouldBeTrue();
        (await app.TryLogin("nobody@example.com")).Code.ShouldBe(600);
        (await app.Get("getApplication", ("X-Forwarded-For", "192.0.2.1"))).ShouldBeOk();
        await WaitUntil.IsTrue(
            "a try has failed",
            async () => await server.Installation.Query<long>("SELECT COUNT(*) FROM messages WHERE attempts > 0 AND answer IS NOT NULL") > 0
        );
        (await server.Stop()).ShouldBe(0);
        return
        [
            .. collector
                .Metrics.SelectMany(SentMetric.In)
                .GroupBy(metric => metric.Names[0])
                .Select(all => new SentMetric(
                    all.First().Names,
                    [.. all.SelectMany(one => one.Labels).Distinct()],
                    all.First().Bounds,
                    all.First().Count
                )),
        ];
    }

    /// <summary>The one metric that takes hundreds of logins at once: its name from the program's own declaration.</summary>
    private static string WhenFlooded()
    {
        Latchkey.Core.Metrics.LatchkeyMeter.SetMessagesWaiting(0);
        var name = "";
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
            name = instrument is Counter<long> { Name: "latchkey.hashing.refused" }
                ? SentMetric.NameOf(instrument.Name, instrument.Unit ?? "", isCounter: true)
                : name;
        listener.Start();
        return name;
    }

    private static IEnumerable<string> Alerts() =>
        Expressions().Matches(AlertFile()).Select(expression => expression.Groups["query"].Value);

    private static string AlertFile() => File.ReadAllText(Path.Combine(RepositoryPaths.Root, "deploy", "alerts.yaml"));

    private static IEnumerable<(string Query, string Legend)> Dashboard()
    {
        using var dashboard = JsonDocument.Parse(File.ReadAllText(Path.Combine(RepositoryPaths.Root, "deploy", "dashboard.json")));
        return
        [
            .. dashboard
                .RootElement.GetProperty("panels")
                .EnumerateArray()
                .SelectMany(panel => panel.GetProperty("targets").EnumerateArray())
                .Select(target => (target.GetProperty("expr").GetString()!, target.GetProperty("legendFormat").GetString()!)),
        ];
    }

    [GeneratedRegex("^ *expr: (?<query>.+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Expressions();

    [GeneratedRegex("^ *- alert: (?<name>[A-Za-z]+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex DeclaredAlerts();

    /// <summary>A use in a case, with whether alerts are expected there.</summary>
    [GeneratedRegex(
        @"alertname: (?<name>[A-Za-z]+)(, eval_time: \w+ \}|\n +eval_time: \w+\n +(?<fires>exp_alerts))",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex AlertNames();

    private static IEnumerable<string> Words(string text) => Word().Matches(text).Select(word => word.Value);

    [GeneratedRegex(@"(?<name>\w+)\{(?<conditions>[^}]*)\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Selectors();

    [GeneratedRegex(@"\w+(?=(=~|!~|!=|=)"")", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex LabelNames();

    [GeneratedRegex(@"\bby \((?<labels>[^)]*)\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Groups();

    [GeneratedRegex(@"[A-Za-z]\w*", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Word();
}
