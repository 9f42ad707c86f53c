namespace Latchkey.Tests.Users.Administration;

/// <summary>What a row of the list of users shows and does.</summary>
public sealed class UserRowTests(ServerFixture servers)
{
    private const string Ann = "ann@example.com";

    [Fact]
    public async Task A_user_is_suspended_and_activated_in_the_list_which_stays_as_it_was()
    {
        var (app, id, list) = await WithAnn();
        using var editor = await PortalVisitor.Member(app, "editor");

        var suspended = await Press(editor, $"{list}?q=ann&sort=handle&done=deleted", id, "suspend");
        suspended.Location.ShouldBe($"{list}?q=ann&sort=handle&done=suspended&user={id}#user-{id}");
        var page = await editor.Get(suspended.Location);
        page.Text("[role=status]").ShouldBe($"{Ann} is suspended. All sessions have ended, and login is refused with code 404.");
        page.Text($"#user-{id} .badge").ShouldBe("suspended");
        (await app.TryLogin(Ann)).ShouldFailWith(404);

        var activated = await Press(editor, $"{list}?status=suspend", id, "activate");
        (await editor.Get(activated.Location)).Text("[role=status]").ShouldBe("The user is activated."); // left the list
        (await app.TryLogin(Ann)).ShouldBeOk();
    }

    [Fact]
    public async Task A_locked_user_is_unlocked_in_the_list()
    {
        var app = await servers.Main.CreateApp("signupFlow=none", "maxLoginAttempts=1");
        (await app.Signup(Ann)).ShouldBeOk();
        (await app.TryLogin(Ann, "wrong")).ShouldFailWith(600);
        var id = await IdOf(app, Ann);
        using var editor = await PortalVisitor.Member(app, "editor");
        var done = await Press(editor, $"/portal/applications/{app.Id}/users", id, "unlock");
        (await editor.Get(done.Location)).Text("[role=status]").ShouldBe($"{Ann} is unlocked.");
        (await app.TryLogin(Ann)).ShouldBeOk();
    }

    /// <summary>Two people press the same button, or one presses it twice.</summary>
    [Fact]
    public async Task What_was_done_already_is_not_an_error()
    {
        var (app, id, list) = await WithAnn();
        using var editor = await PortalVisitor.Member(app, "editor");
        var form = await editor.Open(list, "suspend");
        (await editor.Send($"{list}/{id}", form)).Location.ShouldContain("done=suspended");
        var again = await editor.Send($"{list}/{id}", form);
        again.Location.ShouldBe($"{list}?done=suspended&user={id}#user-{id}");
        (await editor.Get(again.Location)).Text($"#user-{id} .badge").ShouldBe("suspended");
    }

    [Theory]
    [InlineData("?q=a&next=//evil.example", "?q=a&")]
    [InlineData("?https://evil.example", "?")]
    [InlineData("?done=deleted&user=x", "?")]
    [InlineData("?q=%0D%0ASet-Cookie:x", "?q=%0D%0ASet-Cookie%3Ax&")]
    public async Task Only_what_a_list_knows_comes_back_from_the_browser(string sent, string kept)
    {
        var (app, id, list) = await WithAnn();
        using var editor = await PortalVisitor.Member(app, "editor");
        var form = await editor.Open(list, "suspend");
        (await editor.Send($"{list}/{id}", form, ("list", sent))).Location.ShouldBe($"{list}{kept}done=suspended&user={id}#user-{id}");
    }

    [Fact]
    public async Task Metadata_opens_in_the_row()
    {
        var app = await servers.Main.CreateApp(
            "signupFlow=none",
            """metaData=[{"path":"user.name","fieldName":"name","canEdit":true,"required":false}]"""
        );
        (await app.Signup(Ann, metaData: """{"user":{"name":"Ann <b>of</b> Kiel"}}""")).ShouldBeOk();
        (await app.Signup("ben@example.com")).ShouldBeOk();
        using var viewer = await PortalVisitor.Member(app, "viewer");
        var page = await viewer.Get($"/portal/applications/{app.Id}/users");
        page.Text($"#user-{await IdOf(app, Ann)} details dt").ShouldBe("user.name");
        page.Text($"#user-{await IdOf(app, Ann)} details dd").ShouldBe("Ann <b>of</b> Kiel");
        page.Document.QuerySelector($"#user-{await IdOf(app, "ben@example.com")} details").ShouldBeNull();
        page.Document.QuerySelectorAll(".rowtools :is(form, a)").ShouldBeEmpty(); // a viewer changes nothing
    }

    [Fact]
    public async Task Metadata_in_the_row_is_what_the_tokens_have()
    {
        var app = await servers.Main.CreateApp(
            "signupFlow=none",
            """metaData=[{"path":"club.role","fieldName":"clubRole","canEdit":true,"required":false}]"""
        );
        (await app.Signup(Ann, metaData: """{"club":{"role":"guest"}}""")).ShouldBeOk();
        var id = await IdOf(app, Ann);
        await app.Installation.Execute(
            "UPDATE users SET invite_metadata = @invited, metadata = @own WHERE app_id = @appId AND id = @id",
            new
            {
                appId = app.Id,
                id,
                invited = """{"club.role":"admin"}""",
                own = """{"club.role":"guest","gone":"with its field"}""",
            }
        );
        using var viewer = await PortalVisitor.Member(app, "viewer");
        var row = (await viewer.Get($"/portal/applications/{app.Id}/users")).Document.QuerySelector($"#user-{id} details")!.TextContent;
        row.ShouldContain("admin");
        row.ShouldNotContain("guest");
        row.ShouldNotContain("gone");
    }

    [Fact]
    public async Task An_anonymous_user_has_no_password_to_reset_and_no_handle_to_see()
    {
        var app = await servers.Main.CreateApp("anonymousLoginEnabled=1");
        var handle = "ANON_0f8fad5b-d9cb-469f-a165-70867728950e";
        await app.LoginAnonymous(handle);
        using var editor = await PortalVisitor.Member(app, "editor");
        var list = $"/portal/applications/{app.Id}/users/anonymous";
        var page = await editor.Get(list);
        page.Html.ShouldNotContain(handle);
        page.Document.QuerySelectorAll(".rowtools a").Select(link => link.TextContent).ShouldBe(["Delete"]);
        var id = await IdOf(app, handle);
        var done = await editor.Send($"/portal/applications/{app.Id}/users/{id}", await editor.Open(list, "suspend"));
        done.Location.ShouldStartWith($"{list}?done=suspended");
    }

    private async Task<(App App, string Id, string List)> WithAnn()
    {
        var app = await servers.Main.CreateApp("signupFlow=none");
        (await app.Signup(Ann)).ShouldBeOk();
        return (app, await IdOf(app, Ann), $"/portal/applications/{app.Id}/users");
    }

    /// <summary>Sends the form of the row to where it goes.</summary>
    private static async Task<PortalResponse> Press(PortalVisitor editor, string list, string id, string form)
    {
        var page = await editor.Get(list);
        page.Document.QuerySelector($"#user-{id} form:has([value={form}])")!.GetAttribute("action").ShouldBe($"{list.Split('?')[0]}/{id}");
        return await editor.Send($"{list.Split('?')[0]}/{id}", await editor.Open(list, form));
    }

    private static Task<string> IdOf(App app, string handle) =>
        app.Installation.Query<string>("SELECT id FROM users WHERE app_id = @AppId AND handle = @handle", new { AppId = app.Id, handle });
}
