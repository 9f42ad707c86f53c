using System.Net;
using Latchkey.Users.Search;

namespace Latchkey.Tests.Users.Search;

/// <summary>Searches that a portal account keeps over the list of users.</summary>
public sealed class SavedSearchTests(ServerFixture servers)
{
    [Fact]
    public async Task A_viewer_keeps_renames_and_deletes_searches_of_their_own()
    {
        var app = await MakeApp();
        using var viewer = await PortalVisitor.Member(app, "viewer");
        using var editor = await PortalVisitor.Member(app, "editor");
        var saved = await Save(viewer, app, "Kiel", "meta.club:Kiel");
        saved.Status.ShouldBe(HttpStatusCode.SeeOther);
        saved.Location.ShouldBe($"{Users(app)}?q=meta.club%3AKiel");

        var list = await viewer.Get(saved.Location);
        list.Text(".chips a[aria-current]").ShouldBe("Kiel");
        list.Document.QuerySelectorAll(".save-search").ShouldBeEmpty();
        (await editor.Get(Users(app))).Text(".chips").ShouldNotContain("Kiel");

        var id = (await viewer.Get(Searches(app))).Document.QuerySelector("button[name=rename]")!.GetAttribute("value")!;
        (await viewer.SubmitAndFollow(Searches(app), "change", ("rename", id), ($"name-{id}", "From Kiel")))
            .Text("[role=status]")
            .ShouldContain("renamed");
        (await viewer.Get(Users(app))).Text(".chips").ShouldContain("From Kiel");
        var own = await viewer.Open(Searches(app), "change");
        await Save(editor, app, "Mine", "status:locked source:import");
        (await editor.Send(Searches(app), await editor.Open(Searches(app), "change"), ("rename", id), ($"name-{id}", "Stolen")))
            .Text("[role=alert]")
            .ShouldContain("deleted meanwhile");
        await editor.Send(Searches(app), await editor.Open(Searches(app), "change"), ("delete", id));
        (await viewer.Get(Users(app))).Text(".chips").ShouldContain("From Kiel");
        (await viewer.Send(Searches(app), own, ("delete", id))).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await viewer.Get(Users(app))).Text(".chips").ShouldNotContain("From Kiel");
    }

    [Theory]
    [InlineData("", "status:locked", "a name of 1 to 40 characters")]
    [InlineData("12345678901234567890123456789012345678901", "status:locked", "a name of 1 to 40 characters")]
    [InlineData("a\u0007b", "status:locked", "a name of 1 to 40 characters")]
    [InlineData("Nothing", " ", "Type a search first")]
    [InlineData("Wrong", "status:lockd", "Possible are active, locked")]
    [InlineData("taken", "status:suspended", "You have a search with this name")]
    public async Task A_search_that_cannot_be_kept_says_why_and_stays_to_be_corrected(string name, string query, string message)
    {
        var app = await MakeApp();
        using var viewer = await PortalVisitor.Member(app, "viewer");
        await Save(viewer, app, "taken", "status:locked source:import");
        var refused = await Save(viewer, app, name, query);
        refused.Status.ShouldBe(HttpStatusCode.OK);
        refused.Text("[role=alert]").ShouldContain(message);
        refused.Document.QuerySelector("#field-query")!.GetAttribute("value").ShouldBe(query);
        (await viewer.Get(Searches(app))).Document.QuerySelectorAll("button[name=rename]").Length.ShouldBe(1);
    }

    [Fact]
    public async Task There_are_twenty_at_most_and_another_application_has_its_own()
    {
        var app = await MakeApp();
        using var viewer = await PortalVisitor.Member(app, "viewer");
        for (var i = 0; i < SavedSearches.MaxSearches; i++)
        {
            (await Save(viewer, app, $"Search {i}", $"club{i}")).Status.ShouldBe(HttpStatusCode.SeeOther);
        }

        (await Save(viewer, app, "One more", "more")).Text("[role=alert]").ShouldContain("You have 20 searches");
        using var ada = await PortalVisitor.Operator(app.Server, $"ada-{app.Id[..8]}@operators.example");
        (await Save(ada, app, "Mine", "x")).Status.ShouldBe(HttpStatusCode.SeeOther);
        var other = await MakeApp();
        (await ada.Get(Users(other))).Text(".chips").ShouldNotContain("Mine");
    }

    [Fact]
    public async Task They_go_with_the_account_and_with_the_application()
    {
        var (app, other) = (await MakeApp(), await MakeApp());
        using var viewer = await PortalVisitor.Member(app, "viewer");
        using var ada = await PortalVisitor.Operator(app.Server, $"ada-{app.Id[..8]}@operators.example");
        await Save(viewer, app, "Mine", "x");
        await Save(ada, app, "Mine", "x");
        await Save(ada, other, "Mine", "x");
        await app.Installation.Execute(
            "DELETE FROM developers WHERE email = @email",
            new { email = $"viewer-{app.Id[..8]}@developers.example" }
        );
        (await Count(app)).ShouldBe(1);
        await app.Delete();
        (await Count(app)).ShouldBe(0);
        (await Count(other)).ShouldBe(1);
    }

    private static Task<long> Count(App app) =>
        app.Installation.Query<long>("SELECT COUNT(*) FROM saved_searches WHERE app_id = @Id", new { app.Id });

    private async Task<App> MakeApp()
    {
        var app = await (await servers.Unlimited()).CreateApp("signupFlow=none", """metaData=[{"path":"club","fieldName":"club"}]""");
        await app.CreateUser("anna@example.com", metaData: """{"club":"Kiel"}""");
        return app;
    }

    /// <summary>By the form over the list.</summary>
    private static async Task<PortalResponse> Save(PortalVisitor visitor, App app, string name, string query) =>
        await visitor.Send(Searches(app), await visitor.Open($"{Users(app)}?q=not-kept", "add"), ("name", name), ("query", query));

    private static string Users(App app) => $"/portal/applications/{app.Id}/users";

    private static string Searches(App app) => $"{Users(app)}/searches";
}
