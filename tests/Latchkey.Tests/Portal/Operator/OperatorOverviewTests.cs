using System.Net;
using Latchkey.Activity.Usage;
using Latchkey.Data;
using Latchkey.Operations.Overview;

namespace Latchkey.Tests.Portal.Operator;

/// <summary>What the operator sees first: what waits, what happened, and what is stuck.</summary>
public sealed class OperatorOverviewTests(ServerFixture servers)
{
    private const string Path = "/portal/operator";

    [Fact]
    public async Task An_installation_where_nothing_waits_says_so()
    {
        var server = await servers.Start("--limits", "off");
        using var ada = await PortalVisitor.Operator(server);
        var shown = await ada.Get(Path);
        shown.Text(".notice").ShouldContain("Nothing waits for you");
        shown.Text("#busy").ShouldContain("No application was used");
        shown.Document.QuerySelectorAll(".tabs .count").ShouldBeEmpty();
    }

    [Fact]
    public async Task Petitions_domains_and_overdue_invoices_are_counted_and_lead_to_their_lists()
    {
        var server = await servers.Start("--limits", "off");
        var app = await server.CreateApp();
        await app.Installation.Execute(
            "INSERT INTO petitions (id, app_id, petitioner, against, reason, words, state, answer, answered_by, created_at) "
                + "VALUES ('p', @Id, 'dev@example.com', 'blocked', '', 'please', 'open', '', '', 1)",
            new { app.Id }
        );
        foreach (var (host, proven, flaw) in new (string, long?, string)[] { ("a.example", 1, ""), ("b.example", null, "no record") })
        {
            await app.Installation.Execute(
                "INSERT INTO domain_requests (app_id, host, proof, requester, created_at, proven_at, flaw) "
                    + "VALUES (@Id, @host, 'p', 'dev@example.com', 1, @proven, @flaw)",
                new
                {
                    app.Id,
                    host,
                    proven,
                    flaw,
                }
            );
        }

        using var ada = await PortalVisitor.Operator(server);
        var shown = await ada.Get(Path);
        shown
            .Document.QuerySelectorAll(".tasks a")
            .Select(link => $"{link.TextContent} {link.GetAttribute("href")}")
            .ShouldBe([$"1 petition to answer {Path}/petitions", $"1 domain to approve {Path}/domains"]);
        shown.Document.QuerySelectorAll(".tabs .count").Length.ShouldBe(2);
        (await ada.Get($"{Path}/system")).Document.QuerySelectorAll(".tabs .count").Length.ShouldBe(2);
    }

    [Fact]
    public async Task The_busiest_application_comes_first_and_refusals_have_their_reasons()
    {
        var server = await servers.Start("--limits", "off");
        var (quiet, busy) = (await App.Create(server, [], "Quiet"), await App.Create(server, ["signupFlow=none"], "Busy"));
        await busy.CreateUser("ann@example.com");
        await busy.Login("ann@example.com");
        await quiet.TryLogin("nobody@example.com");
        await busy.TryLogin("ann@example.com", "not the password");
        await busy.TryLogin("ann@example.com", "not the password");
        await Aggregate(server);
        using var ada = await PortalVisitor.Operator(server);
        foreach (var days in new[] { 2, 7, 30 })
        {
            var shown = await ada.Get($"{Path}?days={days}");
            var rows = shown.Document.QuerySelectorAll("#busy tbody tr").Select(row => string.Join(' ', Words(row.TextContent))).ToList();
            rows.Count.ShouldBe(2);
            rows[0].ShouldStartWith("Busy 1 1 ");
            rows[0].ShouldEndWith(" 2");
            rows[1].ShouldBe("Quiet 0 0 0 1");
            var reason = shown.Document.QuerySelector("#reasons tbody tr")!;
            string.Join(' ', Words(reason.TextContent)).ShouldBe("600 invalid login credentials 3 Busy");
            var log = await ada.Get(reason.QuerySelector("a")!.GetAttribute("href")!);
            log.Status.ShouldBe(HttpStatusCode.OK);
            log.Document.QuerySelectorAll("tbody tr").ShouldNotBeEmpty();
        }
    }

    [Fact]
    public async Task Work_that_waits_too_long_is_overdue()
    {
        var server = await servers.Start("--limits", "off");
        var app = await server.CreateApp();
        var now = TimeProvider.System.Now();
        await app.Installation.Execute(
            "INSERT INTO jobs (id, app_id, kind, actor, input, state, done, total, outcome, created_at, leased_until) "
                + "VALUES ('j', @Id, 'exportLog', 'ada', '', 'open', 0, 0, '', @at, @until)",
            new
            {
                app.Id,
                at = now - 1000,
                until = now + 3_600_000,
            }
        );
        await app.Installation.Execute(
            "INSERT INTO messages (app_id, id, channel, recipient, kind, status, attempts, created_at) "
                + "VALUES (@Id, 'm', 'email', 'ann@example.com', 'signUp', 'pending', 1, @at)",
            new { app.Id, at = now - 3_600_000 }
        );
        using var ada = await PortalVisitor.Operator(server);
        var rows = (await ada.Get(Path))
            .Document.QuerySelectorAll("#queues tbody tr")
            .ToDictionary(row => row.QuerySelector("th")!.TextContent.Trim(), row => row.QuerySelector(".badge")!.TextContent);
        rows["Mails and SMS"].ShouldBe("overdue");
        rows["Resets, deletions, exports"].ShouldBe("working");
        rows["Sign-out notices to clients"].ShouldBe("empty");
        rows.Count.ShouldBe(Enum.GetValues<QueueKind>().Length);
    }

    [Fact]
    public async Task Every_number_leads_to_a_page()
    {
        var server = await servers.Start("--limits", "off");
        var app = await server.CreateApp("signupFlow=none");
        await app.CreateUser("ann@example.com");
        await app.TryLogin("ann@example.com", "not the password");
        await app.Installation.Execute("UPDATE applications SET status = 'suspended' WHERE id = @Id", new { app.Id });
        await Aggregate(server);
        using var ada = await PortalVisitor.Operator(server);
        var links = (await ada.Get(Path))
            .Document.QuerySelectorAll("main .tab a[href]")
            .Select(link => link.GetAttribute("href")!)
            .Where(href => !href.StartsWith('#'))
            .Distinct()
            .ToList();
        links.Count.ShouldBeGreaterThan(10);
        foreach (var link in links)
        {
            (await ada.Get(link)).Status.ShouldBe(HttpStatusCode.OK, link);
        }
    }

    private static string[] Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    private static async Task Aggregate(ServerProcess server)
    {
        var (database, usage) = (await server.Installation.Get<Database>(), await server.Installation.Get<UsageStore>());
        await WaitUntil.IsTrue("the events are counted", async () => !await database.Read(usage.HasPendingEvents));
    }
}
