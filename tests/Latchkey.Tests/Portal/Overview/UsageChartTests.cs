using System.Globalization;
using AngleSharp.Dom;

namespace Latchkey.Tests.Portal.Overview;

/// <summary>The charts of an application's overview, by hour, day, week and month.</summary>
public sealed class UsageChartTests(ServerFixture servers) : IAsyncLifetime
{
    private App app = null!;
    private PortalVisitor viewer = null!;

    public async ValueTask InitializeAsync()
    {
        var server = await servers.Unlimited();
        app = await server.CreateApp();
        viewer = await PortalVisitor.Member(app, "viewer");
    }

    public ValueTask DisposeAsync()
    {
        viewer.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task An_hour_has_its_calls_and_leads_to_its_log_its_messages_and_its_users()
    {
        var hour = Now.Date.AddHours(Now.Hour - 2);
        await AddHour(hour, ("login_password", 7), ("failure", 3), ("mail", 2), ("signup", 1));
        await AddHour(hour.AddHours(-48), ("failure", 1));
        var page = await viewer.Get($"/portal/applications/{app.Id}?hours=48");

        page.Document.QuerySelectorAll("section:has(#logins) .bar").Length.ShouldBe(48);
        var label = hour.ToString("d MMM HH:mm 'UTC'", CultureInfo.InvariantCulture);
        Bar(page, "logins", label).GetAttribute("aria-label").ShouldBe($"{label}: 7 logins, before: 0 logins");
        Bar(page, "failures", label).GetAttribute("aria-label").ShouldBe($"{label}: 3 failures, before: 1 failures");
        page.Text("section:has(#failures) .change").ShouldBe("+200 % on the 48 hours before (1).");
        page.Document.QuerySelectorAll($"section:has(#failures) time[datetime='{hour:yyyy-MM-dd'T'HH:mm:ss}Z']").Length.ShouldBe(1);
        page.Document.QuerySelectorAll("#active").ShouldBeEmpty(); // users are not told apart by the hour

        var time = $"from={hour:yyyy-MM-dd'T'HH':00'}&to={hour:yyyy-MM-dd'T'HH':59'}";
        Link(page, "failures", label).ShouldBe($"/portal/applications/{app.Id}/logs?result=refused&{time}");
        Link(page, "mails", label).ShouldBe($"/portal/applications/{app.Id}/logs/messages?channel=email&{time}");
        var log = await viewer.Get(Link(page, "failures", label));
        log.Document.QuerySelector("#from")!.GetAttribute("type").ShouldBe("datetime-local");
        log.Document.QuerySelector("#to")!.GetAttribute("value").ShouldBe($"{hour:yyyy-MM-dd'T'HH':59'}");
        (await viewer.Get(Link(page, "signups", label))).Text("main").ShouldContain("No user matches");
    }

    [Fact]
    public async Task A_week_begins_on_monday_and_counts_its_users_once()
    {
        var monday = Now.Date.AddDays(-((int)Now.DayOfWeek + 6) % 7 - 7);
        await AddDay(monday, ("active_week", 5), ("active", 4), ("login_password", 6));
        await AddDay(monday.AddDays(6), ("active", 3), ("login_password", 1), ("signup", 2));
        await AddDay(monday.AddDays(-1), ("active", 9), ("login_password", 9));
        var page = await viewer.Get($"/portal/applications/{app.Id}?weeks=52");

        var label = monday.ToString("d MMM", CultureInfo.InvariantCulture);
        page.Document.QuerySelectorAll("section:has(#logins) .bar").Length.ShouldBe(52);
        Bar(page, "logins", label).GetAttribute("aria-label").ShouldBe($"{label}: 7 logins, before: 0 logins");
        Bar(page, "active", label).GetAttribute("aria-label").ShouldBe($"{label}: 5 active users, before: 0 active users");
        page.Text("section:has(#active) .sum")
            .ShouldBe(
                $"5 the sum of each week’s active users, counted since {monday.ToString("d MMM yyyy", CultureInfo.InvariantCulture)}"
            );
        Link(page, "logins", label)
            .ShouldBe($"/portal/applications/{app.Id}/logs?from={monday:yyyy-MM-dd}&to={monday.AddDays(6):yyyy-MM-dd}");
        Uri.UnescapeDataString(Link(page, "signups", label))
            .ShouldBe($"/portal/applications/{app.Id}/users?q=created:>{monday:yyyy-MM-dd} created:<{monday.AddDays(7):yyyy-MM-dd}");
        (await viewer.Get(Link(page, "signups", label))).Text("main").ShouldContain("No user matches");
    }

    [Fact]
    public async Task A_month_is_a_calendar_month_and_counts_its_users_once()
    {
        var first = new DateTime(Now.Year, Now.Month, 1, 0, 0, 0, DateTimeKind.Utc).AddMonths(-2);
        await AddDay(first, ("active_month", 5), ("active", 4), ("login_password", 6));
        await AddDay(first.AddMonths(1).AddDays(-1), ("active", 3), ("login_password", 1), ("signup", 2));
        await AddDay(first.AddMonths(-12), ("active_month", 2), ("login_password", 14));
        var page = await viewer.Get($"/portal/applications/{app.Id}?months=12");

        var label = first.ToString("MMM yyyy", CultureInfo.InvariantCulture);
        page.Document.QuerySelectorAll("section:has(#logins) .bar").Length.ShouldBe(12);
        Bar(page, "logins", label).GetAttribute("aria-label").ShouldBe($"{label}: 7 logins, before: 14 logins");
        Bar(page, "active", label).GetAttribute("aria-label").ShouldBe($"{label}: 5 active users, before: 2 active users");
        page.Text("section:has(#logins) .change").ShouldBe("-50 % on the 12 months before (14).");
        Link(page, "logins", label)
            .ShouldBe($"/portal/applications/{app.Id}/logs?from={first:yyyy-MM-dd}&to={first.AddMonths(1).AddDays(-1):yyyy-MM-dd}");
        Uri.UnescapeDataString(Link(page, "signups", label)).ShouldBe($"/portal/applications/{app.Id}/users?q=created:{first:yyyy-MM}");
    }

    [Theory]
    [InlineData("")]
    [InlineData("?days=31")]
    [InlineData("?hours=30")]
    [InlineData("?weeks=many")]
    public async Task Thirty_days_are_shown_unless_another_time_is_chosen(string query)
    {
        var page = await viewer.Get($"/portal/applications/{app.Id}{query}");
        page.Document.QuerySelectorAll("section:has(#logins) .bar").Length.ShouldBe(30);
        page.Text("nav.views [aria-current]").ShouldBe("30 days");
    }

    private static DateTime Now { get; } = TimeProvider.System.GetUtcNow().UtcDateTime;

    private static IElement Bar(PortalResponse page, string chart, string label) =>
        page
            .Document.QuerySelectorAll($"section:has(#{chart}) .chart a")
            .Single(bar => bar.GetAttribute("aria-label")!.StartsWith($"{label}:", StringComparison.Ordinal));

    private static string Link(PortalResponse page, string chart, string label) => Bar(page, chart, label).GetAttribute("href")!;

    private Task AddHour(DateTime hour, params (string Kind, long Count)[] counts) =>
        Add("usage_hours (app_id, hour, kind, count)", (long)(hour - DateTime.UnixEpoch).TotalHours, counts);

    private Task AddDay(DateTime day, params (string Kind, long Count)[] counts) =>
        Add("usage_days (app_id, day, kind, count)", (long)(day - DateTime.UnixEpoch).TotalDays, counts);

    private async Task Add(string table, long time, (string Kind, long Count)[] counts)
    {
        foreach (var (kind, count) in counts)
        {
            await app.Installation.Execute(
                $"INSERT INTO {table} VALUES (@Id, @time, @kind, @count)",
                new
                {
                    app.Id,
                    time,
                    kind,
                    count,
                }
            );
        }
    }
}
