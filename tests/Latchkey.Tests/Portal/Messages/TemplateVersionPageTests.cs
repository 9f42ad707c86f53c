using System.Net;

namespace Latchkey.Tests.Portal.Messages;

/// <summary>The versions of a template in the portal: listed, compared, shown, used again.</summary>
public sealed class TemplateVersionPageTests(ServerFixture servers)
{
    [Fact]
    public async Task An_editor_compares_an_earlier_version_and_uses_it_again()
    {
        var (app, address) = await Create();
        using var editor = await PortalVisitor.Member(app, "editor");
        await Save(editor, address, "<p>First %CODE%</p>");
        var saved = await Save(editor, address, "<p>Second %CODE%</p>");
        saved.Text("#history tbody tr").ShouldContain("Version 2");
        saved.Text("#history tbody tr").ShouldContain("in use");
        saved.Text("#difference ins").ShouldContain("Second");
        var first = await editor.Get($"{address}/versions/1");
        first.Text("del").ShouldContain("- <p>Second %CODE%</p>");
        first.Text("ins mark").ShouldBe("First");
        (await editor.Get($"{address}/preview?version=1")).Html.ShouldBe("<p>First 123456</p>");
        var back = await editor.SubmitAndFollow($"{address}/versions/1", "restore");
        back.Text(".notice").ShouldContain("Saved");
        back.Text("#history tbody tr").ShouldContain("as version 1");
        back.Text("#field-html").Trim().ShouldBe("<p>First %CODE%</p>");
        (await editor.Get($"{address}/versions/3"))
            .Document.QuerySelectorAll("form[method=post] button")
            .Select(b => b.TextContent)
            .ShouldNotContain("Use this version again");
        var reset = await editor.SubmitAndFollow(address, "reset");
        reset.Text("#history tbody").ShouldNotContain("in use");
        reset.Text("#history tbody").ShouldContain("Version 3");
    }

    [Fact]
    public async Task A_viewer_looks_and_changes_nothing()
    {
        var (app, address) = await Create();
        using var editor = await PortalVisitor.Member(app, "editor");
        await Save(editor, address, "<p>First %CODE%</p>");
        await Save(editor, address, "<p>Second %CODE%</p>");
        using var viewer = await PortalVisitor.Member(app, "viewer");
        var page = await viewer.Get($"{address}/versions/1");
        page.Status.ShouldBe(HttpStatusCode.OK);
        page.Text("ins").ShouldContain("First");
        page.Html.ShouldNotContain("Use this version again");
        var form = await editor.Open($"{address}/versions/1", "restore");
        (await viewer.Send($"{address}/versions/1", form)).Status.ShouldNotBe(HttpStatusCode.SeeOther);
        (await editor.Get($"{address}/preview")).Html.ShouldBe("<p>Second 123456</p>");
    }

    [Fact]
    public async Task A_version_that_is_not_there_is_not_found()
    {
        var (app, address) = await Create();
        using var editor = await PortalVisitor.Member(app, "editor");
        await Save(editor, address, "<p>First %CODE%</p>");
        foreach (var number in new[] { "0", "2", "-1", "x", "1e1", "99999999999999999999" })
        {
            (await editor.Get($"{address}/versions/{number}")).Status.ShouldBe(HttpStatusCode.NotFound, number);
            (await editor.Get($"{address}/preview?version={number}")).Status.ShouldBe(HttpStatusCode.NotFound, number);
        }

        var (other, foreign) = await Create();
        using var stranger = await PortalVisitor.Member(other, "editor");
        (await stranger.Get($"{address}/versions/1")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await stranger.Get($"{address}/preview?version=1")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await stranger.Get($"{foreign}/preview?version=1")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await editor.Get($"{address.Replace("signUp", "noSuch", StringComparison.Ordinal)}/versions/1")).Status.ShouldBe(
            HttpStatusCode.NotFound
        );
    }

    [Fact]
    public async Task The_preview_is_shown_in_the_colours_that_were_asked_for()
    {
        var (app, address) = await Create();
        using var editor = await PortalVisitor.Member(app, "editor");
        (await editor.Get($"{address}/preview")).Html.ShouldContain("@media (max-width: 0)");
        (await editor.Get($"{address}/preview?scheme=dark")).Html.ShouldContain("@media (min-width: 0)");
        var form = await editor.Open(address, "template");
        const string Own = "<style>@media (prefers-color-scheme: dark) { p { color: red } }</style><p>%CODE%</p>";
        (await editor.Send($"{address}/preview", form, ("html", Own), ("scheme", "dark"))).Html.ShouldContain("@media (min-width: 0)");
        (await editor.Send($"{address}/preview", form, ("html", Own))).Html.ShouldContain("@media (max-width: 0)");
        var plain = await editor.Send(address, form, ("html", "<p>%CODE%</p>"), ("do", "check"), ("scheme", "dark"));
        plain.Text(".if-dark").ShouldContain("no colours for dark mode");
        plain.Document.QuerySelector("#scheme-dark")!.HasAttribute("checked").ShouldBeTrue();
    }

    [Fact]
    public async Task Hostile_texts_are_compared_as_text()
    {
        var (app, address) = await Create();
        using var editor = await PortalVisitor.Member(app, "editor");
        var page = await Save(editor, address, "</pre><script>alert(1)</script><p>%CODE%</p>");
        page.Document.QuerySelectorAll("script").ShouldAllBe(script => script.HasAttribute("src"));
        page.Text("#difference ins").ShouldContain("</pre><script>alert(1)</script>");
    }

    private async Task<(App App, string Address)> Create()
    {
        var app = await (await servers.Unlimited()).CreateApp();
        return (app, $"/portal/applications/{app.Id}/templates/EN/signUp");
    }

    private static Task<PortalResponse> Save(PortalVisitor editor, string address, string html) =>
        editor.SubmitAndFollow(address, "template", ("subject", "A code"), ("html", html), ("do", "save"));
}
