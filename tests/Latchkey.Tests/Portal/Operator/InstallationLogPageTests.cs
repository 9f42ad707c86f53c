using System.Net;
using Latchkey.Data;

namespace Latchkey.Tests.Portal.Operator;

/// <summary>The page of the installation's log, and the newest of it on the overview.</summary>
public sealed class InstallationLogPageTests(ServerFixture servers)
{
    private const string Path = "/portal/operator/log";

    [Fact]
    public async Task Each_line_leads_to_the_developers_and_their_page_leads_back()
    {
        var server = await servers.Start("--limits", "off");
        var bob = await PortalAccount.Create(server, "bob");
        using var ada = await PortalVisitor.Operator(server);
        (await ada.Submit($"/portal/operator/developers/{bob.Id}", "suspend")).Status.ShouldBe(HttpStatusCode.SeeOther);
        var shown = await ada.Get(Path);
        var newest = shown.Document.QuerySelector("tbody tr")!;
        Words(newest.TextContent).ShouldContain($"suspendDeveloper ada@operators.example 127.0.0.1 suspended: {bob.Email}");
        var page = newest.QuerySelectorAll("a").Select(link => link.GetAttribute("href")!).Last();
        page.ShouldBe($"/portal/operator/developers/{bob.Id}");
        var back = (await ada.Get(page)).Document.QuerySelectorAll("main a").First(link => link.TextContent == "What this developer did");
        var his = await ada.Get(back.GetAttribute("href")!);
        his.Document.QuerySelectorAll("tbody th").Select(action => action.TextContent).ShouldBe(["suspendDeveloper", "createDeveloper"]);
        (await ada.Get("/portal/operator")).Text("#log tbody").ShouldContain("suspended");
    }

    [Fact]
    public async Task Filters_find_and_say_when_they_find_nothing()
    {
        var server = await servers.Start("--limits", "off");
        using var ada = await PortalVisitor.Operator(server);
        (await ada.Get($"{Path}?action=signIn&result=done")).Document.QuerySelectorAll("tbody tr").Length.ShouldBe(1);
        (await ada.Get($"{Path}?action=signIn&result=refused")).Text("#found").ShouldContain("Nothing found");
        (await ada.Get($"{Path}?handle=nobody@example.com")).Text("#found").ShouldContain("Nothing found");
        (await ada.Get($"{Path}?from=2026-02-31")).Text(".notice").ShouldContain("date");
        (await ada.Get($"{Path}?from=2020-01-01&to=2020-01-02")).Text("#found").ShouldContain("Show all");
    }

    [Fact]
    public async Task Older_lines_are_on_the_next_page()
    {
        var server = await servers.Start("--limits", "off");
        using var ada = await PortalVisitor.Operator(server);
        for (var i = 0; i < 60; i++)
        {
            await server.Installation.Execute(
                "INSERT INTO installation_log (id, at, action, actor, actor_id, developer_id, refused, detail, client) "
                    + "VALUES (@id, 1, 'setLimits', '<b>server</b>', '', '', FALSE, '<script>', '')",
                new { id = Ids.New(TimeProvider.System) }
            );
        }

        var first = await ada.Get($"{Path}?action=setLimits");
        first.Document.QuerySelectorAll("tbody tr").Length.ShouldBe(50);
        first.Document.QuerySelectorAll("tbody script, tbody b").ShouldBeEmpty();
        var second = await ada.Get(first.Document.QuerySelector("[rel=next]")!.GetAttribute("href")!);
        second.Document.QuerySelectorAll("tbody tr").Length.ShouldBe(10);
        second.Document.QuerySelector("[rel=next]").ShouldBeNull();
        second.Text(".pager").ShouldContain("Newest");
    }

    [Fact]
    public async Task Only_operators_read_it()
    {
        var app = await servers.Main.CreateApp();
        using var owner = await PortalVisitor.Member(app, "owner");
        (await owner.Get(Path)).Status.ShouldBe(HttpStatusCode.NotFound);
        using var stranger = PortalVisitor.Anonymous(servers.Main);
        (await stranger.Get(Path)).Location.ShouldContain("/portal/sign-in");
    }

    private static string Words(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
