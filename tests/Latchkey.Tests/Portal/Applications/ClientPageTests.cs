using System.Net;

namespace Latchkey.Tests.Portal.Applications;

/// <summary>The tab Clients.</summary>
public sealed class ClientPageTests(ServerFixture servers)
{
    private const string Callback = "https://client.example.com/callback";

    private static string Path(App app) => $"/portal/applications/{app.Id}/clients";

    [Fact]
    public async Task A_client_is_added_with_a_secret_that_is_shown_once()
    {
        var app = await servers.Main.CreateApp();
        using var editor = await PortalVisitor.Member(app, "editor");
        var added = await editor.Submit($"{Path(app)}/new", "create", ("name", "Shop"), ("type", "web"), ("redirectUris", Callback));
        var page = await editor.Get(added.Location);
        var id = page.Document.QuerySelector("#copy-client-id")!.TextContent;
        var secret = page.Document.QuerySelector("#copy-client-secret")!.TextContent;
        secret.Length.ShouldBe(43);
        foreach (var again in new[] { added.Location, $"{Path(app)}/{id}" })
        {
            (await editor.Get(again)).Document.QuerySelector("#copy-client-secret").ShouldBeNull();
        }

        page.Document.QuerySelector("#field-redirectUris")!.TextContent.Trim().ShouldBe(Callback);
        var listed = await editor.Get(Path(app));
        listed.Text("#clients").ShouldContain("Shop");
        (await editor.Get($"{Path(app)}?search=nobody")).Text("#clients").ShouldContain("Nothing found");
    }

    [Fact]
    public async Task What_is_wrong_stands_beside_its_field()
    {
        var app = await servers.Main.CreateApp();
        using var editor = await PortalVisitor.Member(app, "editor");
        var refused = await editor.Submit($"{Path(app)}/new", "create", ("name", ""), ("type", "web"), ("redirectUris", "nowhere"));
        refused.Text("#field-name-error").ShouldContain("name must have");
        refused.Text("#field-redirectUris-error").ShouldContain("absolute");
        var id = await Add(app, editor, "Shop");
        var wrong = await editor.Submit(
            $"{Path(app)}/{id}",
            "addresses",
            ("redirectUris", "http://client.example.com/"),
            ("logoutUri", "x")
        );
        wrong.Text("#field-redirectUris-error").ShouldContain("must begin with https");
        wrong.Text("#field-logoutUri-error").ShouldContain("absolute");
        (await editor.Get($"{Path(app)}/{id}")).Text("#field-redirectUris").Trim().ShouldBe(Callback);
    }

    [Fact]
    public async Task Settings_are_saved_in_groups_and_what_somebody_else_changed_is_kept()
    {
        var app = await servers.Main.CreateApp();
        using var editor = await PortalVisitor.Member(app, "editor");
        var id = await Add(app, editor, "Shop");
        var open = await editor.Open($"{Path(app)}/{id}", "access");
        (await app.Installation.Run("client", "set", app.Id, id, "--scope", "openid")).ShouldSucceed();
        (await editor.Send($"{Path(app)}/{id}", open, ("firstParty", "1"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        var shown = (await app.Installation.Run("client", "show", app.Id, id, "--json")).ShouldSucceed().Json;
        shown.GetProperty("firstParty").GetBoolean().ShouldBeTrue();
        shown.GetProperty("scopes").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task A_secret_is_ended_and_a_client_deleted()
    {
        var app = await servers.Main.CreateApp();
        using var editor = await PortalVisitor.Member(app, "editor");
        var id = await Add(app, editor, "Shop");
        (await editor.Submit($"{Path(app)}/{id}", "add-secret")).Status.ShouldBe(HttpStatusCode.SeeOther);
        var page = await editor.Get($"{Path(app)}/{id}");
        var end = page.Document.QuerySelector("#secrets a[href$='/end']")!.GetAttribute("href")!;
        (await editor.Submit(end, "end", ("days", "0"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await editor.Get($"{Path(app)}/{id}")).Document.QuerySelectorAll("#secrets tbody tr").Length.ShouldBe(1);
        (await editor.Get(end)).Status.ShouldBe(HttpStatusCode.NotFound);
        (await editor.Submit($"{Path(app)}/{id}/delete", "delete")).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await editor.Get($"{Path(app)}/{id}")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_viewer_sees_everything_and_changes_nothing()
    {
        var app = await servers.Main.CreateApp();
        using var editor = await PortalVisitor.Member(app, "editor");
        using var viewer = await PortalVisitor.Member(app, "viewer");
        var id = await Add(app, editor, "Shop");
        foreach (var path in new[] { "", $"/{id}", $"/{id}/code", "/resources" })
        {
            var seen = await viewer.Get($"{Path(app)}{path}");
            seen.Status.ShouldBe(HttpStatusCode.OK, path);
            seen.Document.QuerySelectorAll("main form:not([method=get])").ShouldBeEmpty(path);
            seen.Document.QuerySelectorAll("#copy-client-secret").ShouldBeEmpty(path);
        }

        foreach (var path in new[] { "/new", $"/{id}/delete" })
        {
            (await viewer.Get($"{Path(app)}{path}")).Status.ShouldBe(HttpStatusCode.NotFound, path);
        }
    }

    [Fact]
    public async Task Names_and_addresses_are_shown_as_text()
    {
        var app = await servers.Main.CreateApp();
        using var editor = await PortalVisitor.Member(app, "editor");
        var id = await Add(app, editor, "<img src=x onerror=alert(1)>\"'&amp;");
        foreach (var path in new[] { "", $"/{id}", $"/{id}/code", $"/{id}/delete" })
        {
            var page = await editor.Get($"{Path(app)}{path}");
            page.Document.QuerySelectorAll("img").ShouldBeEmpty(path);
            page.Document.Body!.TextContent.ShouldContain("<img src=x onerror=alert(1)>\"'&amp;");
        }
    }

    [Fact]
    public async Task The_code_has_the_clients_own_values()
    {
        var app = await servers.Main.CreateApp();
        using var editor = await PortalVisitor.Member(app, "editor");
        foreach (var type in new[] { "web", "browser", "native", "service", "device" })
        {
            var made = (await app.Installation.Run("client", "create", app.Id, "--name", type, "--type", type, "--json")).ShouldSucceed();
            var id = made.Json.GetProperty("clientId").GetString()!;
            var samples = (await editor.Get($"{Path(app)}/{id}/code")).Document.QuerySelectorAll("pre");
            samples.Length.ShouldBeGreaterThan(0, type);
            var code = samples.Where(sample =>
                sample.Id is not ("copy-install" or "copy-run") && !sample.TextContent.Contains("<!doctype")
            );
            code.Count(sample => sample.TextContent.Contains(id) && sample.TextContent.Contains($"/apps/{app.Id}"))
                .ShouldBeGreaterThanOrEqualTo(type is "service" or "device" ? 1 : 2, type);
        }
    }

    [Fact]
    public async Task Resources_and_claims_are_set()
    {
        var app = await servers.Main.CreateApp();
        using var editor = await PortalVisitor.Member(app, "editor");
        var path = $"{Path(app)}/resources";
        (await editor.Submit(path, "add", ("resource", "api"), ("tokenSeconds", "600"))).Text("main").ShouldContain("absolute address");
        var add = ("resource", "https://api.example.com/a?b=c&d");
        (await editor.Submit(path, "add", add, ("scopes", "read\nwrite"), ("tokenSeconds", "600"))).Status.ShouldBe(
            HttpStatusCode.SeeOther
        );
        var link = (await editor.Get(path)).Document.QuerySelector("tbody a")!.GetAttribute("href")!;
        (await editor.Submit(link, "save", ("name", "Orders"), ("scopes", "read"), ("tokenSeconds", "90"))).Status.ShouldBe(
            HttpStatusCode.SeeOther
        );
        (await editor.Get(path)).Text("tbody").ShouldContain("Orders");
        var metadata = $"/portal/applications/{app.Id}/settings/metadata";
        (await editor.Submit(metadata, "settings", ("claimMappings", "sub=a"))).Text("main").ShouldContain("a claim that Latchkey sets");
        (await editor.Submit(metadata, "settings", ("claimMappings", "nickname=nick"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await editor.Get(metadata)).Text("main").ShouldContain("no metadata field has the path nick");
        (await editor.Submit(link, "remove")).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await editor.Get(link)).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    private static async Task<string> Add(App app, PortalVisitor editor, string name)
    {
        var added = await editor.Submit($"{Path(app)}/new", "create", ("name", name), ("type", "web"), ("redirectUris", Callback));
        added.Status.ShouldBe(HttpStatusCode.SeeOther, added.Text("main"));
        return (await app.Installation.Run("client", "list", app.Id, "--json"))
            .ShouldSucceed()
            .Json[0]
            .GetProperty("clientId")
            .GetString()!;
    }
}
