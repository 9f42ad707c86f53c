using System.Text;
using System.Text.Json;
using Latchkey.Activity.Audit;
using Latchkey.Core;
using Latchkey.Data;

namespace Latchkey.Tests.Activity.Audit;

/// <summary>An application's log: what it holds, what filters find, and its files.</summary>
public sealed class AuditLogTests(ServerFixture servers) : IAsyncLifetime
{
    private const long Noon = 1_790_000_000_000;
    private static readonly Actor Ada = new("ada@example.com", "127.0.0.1");
    private ServerProcess server = null!;
    private App app = null!;
    private App other = null!;
    private AuditLog log = null!;

    public async ValueTask InitializeAsync()
    {
        server = await servers.Unlimited();
        (app, other) = (await server.CreateApp(), await server.CreateApp());
        log = await server.Installation.Get<AuditLog>();
        foreach (var each in new[] { app, other })
        {
            await server.Installation.Execute("DELETE FROM audit WHERE app_id = @Id", new { each.Id });
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Each_filter_finds_its_lines_and_they_can_be_combined()
    {
        await Add("login", "ann@example.com", 0, Noon);
        await Add("login", "ann@example.com", 600, Noon + 1);
        await Add("signup", "bob@example.com", 601, Noon + 2);
        await Add("signup", "bob@example.com", 0, Noon + 86_400_000);
        await Add("login", "ann@example.com", 600, Noon, other.Id);

        (await Found("")).ShouldBe("signup/0 signup/601 login/600 login/0");
        (await Found("action=login")).ShouldBe("login/600 login/0");
        (await Found("result=refused")).ShouldBe("signup/601 login/600");
        (await Found("result=done")).ShouldBe("signup/0 login/0");
        (await Found("code=600")).ShouldBe("login/600");
        (await Found("code=0")).ShouldBe("signup/0 login/0");
        (await Found("handle= ANN@Example.com")).ShouldBe("login/600 login/0");
        (await Found("from=2026-09-22")).ShouldBe("signup/0");
        (await Found("to=2026-09-21")).ShouldBe("signup/601 login/600 login/0");
        (await Found("from=2026-09-21T14:00&to=2026-09-21T14:59")).ShouldBe("signup/601 login/600 login/0");
        (await Found("from=2026-09-21T15:00&to=2026-09-22T14:12")).ShouldBeEmpty();
        (await Found("from=2026-09-21&to=2026-09-22T14:13")).ShouldBe("signup/0 signup/601 login/600 login/0");
        (await Found("action=signup&result=refused&handle=bob@example.com&from=2026-09-21&to=2026-09-21&code=601")).ShouldBe("signup/601");
        (await Found("action=signup&code=600")).ShouldBeEmpty();
        (await Found("result=done&code=600")).ShouldBeEmpty();
        (await log.GetFilterOptions(app.Id)).ShouldSatisfyAllConditions(
            choices => choices.Actions.ShouldBe(["login", "signup"]),
            choices => choices.Codes.ShouldBe([600, 601])
        );
    }

    [Fact]
    public async Task An_international_address_is_found_in_all_its_spellings_in_the_order_of_time()
    {
        string[] spellings = ["ann@bücher.example", "ann@xn--bcher-kva.example"];
        for (var i = 0; i < 30; i++)
        {
            await Add("login", spellings[i % 2], i, Noon + i);
        }

        await Add("login", "ann@example.com", 600, Noon);
        foreach (var spelling in spellings)
        {
            var filter = LogFilter.Read(Parameters($"handle={spelling}")).Value!;
            var codes = new List<int>();
            for (LogCursor? next = LogCursor.Start; next is { } cursor; )
            {
                (var lines, next) = await log.Page(app.Id, filter, cursor, 7);
                codes.AddRange(lines.Select(line => line.Code));
            }

            codes.ShouldBe(Enumerable.Range(0, 30).Reverse(), spelling);
            (await log.Count(app.Id, filter)).ShouldBe(30);
        }
    }

    [Theory]
    [InlineData("from=yesterday", "2026-03-31")]
    [InlineData("to=2026-02-30", "2026-03-31")]
    [InlineData("from=2026-02-02T24:00", "2026-03-31")]
    [InlineData("from=2026-02-02&to=2026-02-01", "after the last")]
    [InlineData("from=2026-02-02T14:00&to=2026-02-02T13:59", "after the last")]
    [InlineData("code=six", "A code must be a number")]
    [InlineData("code=-1", "A code must be a number")]
    [InlineData("result=maybe", "done or refused")]
    public void A_filter_that_means_nothing_says_so(string query, string because) =>
        LogFilter.Read(Parameters(query)).Error!.Message.ShouldContain(because);

    [Theory]
    [InlineData("")]
    [InlineData("action=login")]
    [InlineData("handle=ann@example.com")]
    [InlineData("result=refused")]
    public async Task Pages_hold_each_line_once_and_in_order(string query)
    {
        for (var i = 0; i < 137; i++)
        {
            await Add("login", "ann@example.com", 600, Noon + i / 20); // many have one time
        }

        var (filter, ids, next) = (Filter(query), new List<string>(), (LogCursor?)LogCursor.Start);
        var times = new List<long>();
        while (next is { } cursor)
        {
            (var lines, next) = await log.Page(app.Id, filter, LogCursor.Read(cursor == LogCursor.Start ? "" : cursor.ToString()), 10);
            ids.AddRange(lines.Select(line => line.Id));
            times.AddRange(lines.Select(line => line.At));
        }

        ids.Distinct().Count().ShouldBe(137);
        ids.Count.ShouldBe(137);
        times.ShouldBe(times.OrderDescending());
    }

    [Fact]
    public async Task Naughty_strings_in_any_filter_find_nothing_and_break_nothing()
    {
        await Add("login", "ann@example.com", 600, Noon);
        var strings = JsonSerializer.Deserialize<string[]>(
            await File.ReadAllTextAsync(Path.Combine(RepositoryPaths.TestData, "vectors", "blns.json"))
        )!;
        foreach (var text in strings.Where(text => text.Trim().Length > 0).Append("1-zz").Append("' OR 1=1 --"))
        {
            foreach (var name in new[] { "action", "handle", "code", "result", "from", "to" })
            {
                var (filter, refused) = LogFilter.Read(asked => asked == name ? text : "");
                if (refused is null)
                {
                    (await log.Page(app.Id, filter!, LogCursor.Read(text), 10)).Lines.ShouldBeEmpty($"{name}={text}");
                    LogFilter.Read(Parameters(filter!.Query)).Value.ShouldBe(filter, $"{name}={text}");
                }
            }
        }

        (await log.Page(app.Id, new LogFilter(), LogCursor.Start, 10)).Lines.Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_anonymous_user_is_found_by_its_handle_and_by_its_mask_and_shown_masked()
    {
        await app.Set("anonymousLoginEnabled=1");
        await app.LoginAnonymous("ANON_secret-handle");
        var line = (await log.Page(app.Id, Filter("handle=ANON_secret-handle"), LogCursor.Start, 10)).Lines.ShouldHaveSingleItem();
        line.Handle.ShouldNotContain("secret");
        (await log.Page(app.Id, Filter($"handle={line.Handle}"), LogCursor.Start, 10)).Lines.ShouldHaveSingleItem().Id.ShouldBe(line.Id);
    }

    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+1", "'+1")]
    [InlineData("-1", "'-1")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("'x", "''x")]
    [InlineData("\tx", "'\tx")]
    [InlineData("\rx", "\"'\rx\"")]
    [InlineData("=\"a\",b", "\"'=\"\"a\"\",b\"")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("a\nb", "\"a\nb\"")]
    [InlineData("say \"hi\"", "\"say \"\"hi\"\"\"")]
    [InlineData("plain = fine", "plain = fine")]
    [InlineData("", "")]
    public void No_cell_of_a_file_is_taken_for_a_formula(string text, string cell)
    {
        Csv.Line([text, "next"]).ShouldBe($"{cell},next\r\n");
        Csv.RemoveGuard(Csv.AddGuard(text)).ShouldBe(text);
    }

    [Fact]
    public async Task An_export_in_the_background_is_the_whole_filtered_log()
    {
        for (var i = 0; i < 25; i++)
        {
            await Add("login", i % 2 == 0 ? "=cmd()" : "ann@example.com", i % 5 == 0 ? 0 : 600, Noon + i);
        }

        var exports = await server.Installation.Get<AuditExports>();
        var job = (await exports.Start(app.Id, Filter("result=refused&action=login"), Ada)).Value!;
        await WaitUntil.IsTrue("the export is ready", () => exports.IsReady(app.Id, job));
        (await exports.IsReady(other.Id, job)).ShouldBeFalse();

        var lines = (await log.Page(app.Id, Filter("result=refused&action=login"), LogCursor.Start, 100)).Lines;
        (await Text(exports, app, job)).ShouldBe(AuditLog.CsvHeader + AuditLog.ToCsv(lines));
        lines.Count.ShouldBe(20);
        (await Found("action=exportLog")).ShouldBe("exportLog/0");
    }

    [Fact]
    public async Task An_export_of_an_anonymous_users_lines_has_them_and_keeps_its_handle_nowhere()
    {
        await app.Set("anonymousLoginEnabled=1");
        await app.LoginAnonymous("ANON_another-secret");
        var exports = await server.Installation.Get<AuditExports>();
        var job = (await exports.Start(app.Id, Filter("handle=ANON_another-secret"), Ada)).Value!;
        await WaitUntil.IsTrue("the export is ready", () => exports.IsReady(app.Id, job));
        (await Text(exports, app, job)).ShouldContain(",loginAnonymous,ANON_…");
        (await DatabaseSnapshot.OfApplication(server.Installation, app.Id))
            .Split('\n')
            .Where(row => row.StartsWith("audit", StringComparison.Ordinal) || row.StartsWith("jobs", StringComparison.Ordinal))
            .ShouldAllBe(row => !row.Contains("another-secret"));
    }

    [Fact]
    public async Task Of_exports_that_are_asked_for_at_once_one_is_made_and_the_page_says_why_there_is_no_other()
    {
        var exports = await server.Installation.Get<AuditExports>();
        var started = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => exports.Start(app.Id, new LogFilter(), Ada))));
        started.Where(one => one.Succeeded).ShouldHaveSingleItem();
        started.Where(one => !one.Succeeded).ShouldAllBe(one => one.Error!.Message.Contains("already running"));
        await WaitUntil.IsTrue("the export is ready", () => exports.IsReady(app.Id, started.Single(one => one.Succeeded).Value!));

        using var viewer = await PortalVisitor.Member(app, "viewer");
        await server.Installation.Execute(
            "UPDATE jobs SET state = 'open', leased_until = @forever WHERE app_id = @Id",
            new { app.Id, forever = long.MaxValue }
        );
        (await viewer.Submit(Page(app), "export")).Text(".notice.bad").ShouldContain("already running");
        (await Found("action=exportLog")).ShouldBe("exportLog/0");
        (await server.Installation.Query<long>("SELECT COUNT(*) FROM jobs WHERE app_id = @Id", new { app.Id })).ShouldBe(1);
        await server.Installation.Execute("UPDATE jobs SET state = 'done' WHERE app_id = @Id", new { app.Id });
        (await viewer.Submit(Page(app), "export")).Location.ShouldStartWith("/portal/jobs/");
    }

    [Fact]
    public async Task A_log_is_exported_ten_times_a_day_at_most()
    {
        var limited = await servers.Main.CreateApp();
        using var viewer = await PortalVisitor.Member(limited, "viewer");
        for (var i = 0; i < 10; i++)
        {
            (await viewer.Submit(Page(limited), "export")).Location.ShouldStartWith("/portal/jobs/");
            await limited.Installation.Execute("UPDATE jobs SET state = 'failed' WHERE app_id = @Id", new { limited.Id });
        }

        (await viewer.Submit(Page(limited), "export")).Text(".notice.bad").ShouldContain("10 times within a day");
        (await limited.Installation.Query<long>("SELECT COUNT(*) FROM jobs WHERE app_id = @Id", new { limited.Id })).ShouldBe(10);
    }

    private static string Page(App app) => $"/portal/applications/{app.Id}/logs/export";

    private static async Task<string> Text(AuditExports exports, App app, string job)
    {
        var text = new StringBuilder();
        await foreach (var piece in exports.Read(app.Id, job, TestContext.Current.CancellationToken))
        {
            using var reader = new StreamReader(piece);
            text.Append(await reader.ReadToEndAsync());
        }

        return text.ToString();
    }

    private Task<int> Add(string action, string handle, int code, long at, string? appId = null) =>
        server.Installation.Execute(
            "INSERT INTO audit (id, app_id, action, actor, handle, code, detail, client, at) VALUES (@id, @appId, @action, "
                + "'user', @handle, @code, '', '127.0.0.1', @at)",
            new
            {
                id = Guid.CreateVersion7().ToString(),
                appId = appId ?? app.Id,
                action,
                handle,
                code,
                at,
            }
        );

    private async Task<string> Found(string query) =>
        string.Join(' ', (await log.Page(app.Id, Filter(query), LogCursor.Start, 100)).Lines.Select(line => $"{line.Action}/{line.Code}"));

    private static LogFilter Filter(string query) => LogFilter.Read(Parameters(query)).Value!;

    private static Func<string, string> Parameters(string query)
    {
        var pairs = query
            .Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('=', 2))
            .ToDictionary(pair => pair[0], pair => Uri.UnescapeDataString(pair[1]), StringComparer.Ordinal);
        return name => pairs.GetValueOrDefault(name, "");
    }
}
