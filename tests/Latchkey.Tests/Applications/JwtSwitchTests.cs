using System.Net;

namespace Latchkey.Tests.Applications;

/// <summary>Switching JWT of an application off and on: asked first, for a reason, and kept on record.</summary>
public sealed class JwtSwitchTests(ServerFixture servers)
{
    [Fact]
    public async Task The_settings_page_has_no_control_that_switches_it_with_one_click()
    {
        var app = await servers.Main.CreateApp();
        using var owner = await PortalVisitor.Member(app, "owner");
        var settings = await owner.Get($"/portal/applications/{app.Id}/settings/general");
        settings.Document.QuerySelectorAll("form [name=jwtEnabled]").ShouldBeEmpty();
        settings.Document.QuerySelector($"a[href='/portal/applications/{app.Id}/jwt-switch/off']").ShouldNotBeNull();
    }

    [Fact]
    public async Task An_editor_is_asked_and_the_history_shows_who_when_and_why()
    {
        var app = await servers.Main.CreateApp("signupFlow=none");
        (await app.Signup("ann@example.com")).ShouldBeOk();
        using var editor = await PortalVisitor.Member(app, "editor");
        var (path, history) = ($"/portal/applications/{app.Id}/jwt-switch/off", $"/portal/applications/{app.Id}/history");
        (await editor.Get(path)).Text("main").ShouldContain("1 user");
        (await app.Signup("ben@example.com")).ShouldBeOk();
        (await editor.Get(history)).Text("#jwt").ShouldContain("has not been switched");

        (await editor.Submit(path, "jwt", ("reason", new string('x', 501)))).Text("#field-reason-error").ShouldContain("at most 500");
        (await editor.Submit(path, "jwt", ("reason", "Moved to another login"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await app.Signup("eve@example.com")).ShouldFailWith(402);
        (await app.Get("getApplication")).ShouldBeOk().Json.GetProperty("jwtEnabled").GetInt32().ShouldBe(0);
        (await editor.Get($"/portal/applications/{app.Id}/settings/general")).Text("#jwt").ShouldContain("Reason: Moved to another login");
        (await editor.Get(path)).Text("h2").ShouldContain("already off");

        await app.Set("jwtEnabled=1");
        (await app.Signup("eve@example.com")).ShouldBeOk();
        var rows = (await editor.Get(history)).Document.QuerySelectorAll("#jwt tbody tr").Select(row => row.TextContent).ToList();
        rows.Count.ShouldBe(2);
        rows[0].ShouldContain($"command line ({Environment.UserName}");
        rows[1].ShouldContain("Moved to another login");
        rows[1].ShouldContain($"editor-{app.Id[..8]}");
        var log = await editor.Get($"/portal/applications/{app.Id}/logs?action=changeSettings");
        log.Text(".changed-values").ShouldContain("jwtEnabled");
        log.Text(".changed-values .after").ShouldContain("Moved to another login");
    }

    [Fact]
    public async Task The_command_line_gives_a_reason_too()
    {
        var app = await servers.Main.CreateApp();
        (await app.Installation.Run("app", "set", app.Id, "jwtEnabled=0", "--reason", "Winter break")).ShouldSucceed();
        using var owner = await PortalVisitor.Member(app, "owner");
        (await owner.Get($"/portal/applications/{app.Id}/history")).Text("#jwt tbody").ShouldContain("Winter break");
    }

    [Fact]
    public async Task A_viewer_can_neither_open_nor_send_the_question()
    {
        var app = await servers.Main.CreateApp();
        var path = $"/portal/applications/{app.Id}/jwt-switch/off";
        using var viewer = await PortalVisitor.Member(app, "viewer");
        using var editor = await PortalVisitor.Member(app, "editor");
        (await viewer.Get(path)).Status.ShouldBe(HttpStatusCode.NotFound);
        (await viewer.Send(path, await editor.Open(path, "jwt"))).Status.ShouldNotBe(HttpStatusCode.SeeOther);
        (await app.Get("getApplication")).Json.GetProperty("jwtEnabled").GetInt32().ShouldBe(1);
    }
}
