using System.Text.Json;

namespace Latchkey.Tests.Users.Administration;

/// <summary>Whom lists show as locked, and how users came to be.</summary>
public sealed class UserStatusAndSourceTests(ServerFixture servers)
{
    private const string Ann = "ann@example.com";
    private const string Ben = "ben@example.com";

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_locked_user_is_shown_as_locked_and_found_as_locked(int maxLoginAttempts)
    {
        var app = await (await servers.Unlimited()).CreateApp("signupFlow=none", $"maxLoginAttempts={maxLoginAttempts}");
        (await app.Signup(Ann)).ShouldBeOk();
        (await app.Signup(Ben)).ShouldBeOk();
        for (var i = 0; i < maxLoginAttempts; i++)
        {
            (await app.TryLogin(Ann, "wrong")).ShouldFailWith(600);
        }

        using var editor = await PortalVisitor.Member(app, "editor");
        var list = $"/portal/applications/{app.Id}/users";
        Statuses(await editor.Get(list)).ShouldBe([(Ben, "active"), (Ann, "locked")]);
        foreach (var sort in new[] { "", "created", "-lastLogin", "handle" })
        {
            Statuses(await editor.Get($"{list}?status=locked&sort={sort}")).ShouldBe([(Ann, "locked")], sort);
            Statuses(await editor.Get($"{list}?status=active&sort={sort}")).ShouldBe([(Ben, "active")], sort);
        }

        Statuses(await editor.Get($"{list}?status=locked&search=example")).ShouldBe([(Ann, "locked")]);
        (await ServerUser(app, Ann)).GetProperty("locked").GetBoolean().ShouldBeTrue();
        (await ServerUser(app, Ben)).GetProperty("locked").GetBoolean().ShouldBeFalse();
        (await app.Installation.Run("user", "list", app.Id)).ShouldSucceed().Output.ShouldContain("  locked   ");

        var page =
            $"{list}/{await app.Installation.Query<string>("SELECT id FROM users WHERE handle = @Ann AND app_id = @Id", new { Ann, app.Id })}";
        (await editor.Get(page)).Text(".userhead .badge").ShouldBe("locked");
        await editor.Submit(page, "unlock");
        Statuses(await editor.Get(list)).ShouldBe([(Ben, "active"), (Ann, "active")]);
    }

    [Fact]
    public async Task Nobody_is_locked_where_the_application_locks_nobody()
    {
        var app = await servers.Main.CreateApp("signupFlow=none", "maxLoginAttempts=1");
        (await app.Signup(Ann)).ShouldBeOk();
        (await app.TryLogin(Ann, "wrong")).ShouldFailWith(600);
        await app.Set("maxLoginAttempts=0");
        using var viewer = await PortalVisitor.Member(app, "viewer");
        Statuses(await viewer.Get($"/portal/applications/{app.Id}/users?status=active")).ShouldBe([(Ann, "active")]);
        Statuses(await viewer.Get($"/portal/applications/{app.Id}/users?status=locked")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Users_say_who_added_them_and_are_found_by_it()
    {
        var app = await servers.Main.CreateApp();
        using var editor = await PortalVisitor.Member(app, "editor");
        var list = $"/portal/applications/{app.Id}/users";
        await editor.Submit($"{list}/new", "user", ("handle", "portal@example.com"), ("locale", "EN"));
        (await app.SendAsServer(HttpMethod.Post, "users", new { handle = "server@example.com", password = App.Password })).ShouldBeOk();
        (await app.Installation.RunWithInput(App.Password, "user", "add", app.Id, "cli@example.com", "--password-stdin")).ShouldSucceed();

        foreach (var (source, text) in new[] { ("portal", "portal"), ("server", "server API"), ("cli", "command line") })
        {
            var found = await editor.Get($"{list}?source={source}");
            found.Text("tbody [data-label=Source]").ShouldBe(text);
            found.Text("tbody th a.name").ShouldBe($"{source}@example.com");
            (await ServerUser(app, $"{source}@example.com")).GetProperty("origin").GetString().ShouldBe(source);
        }
    }

    private static List<(string Handle, string Status)> Statuses(PortalResponse page) =>
        [
            .. page
                .Document.QuerySelectorAll("#users tbody tr[id]")
                .Select(row =>
                    (row.QuerySelector("th a.name")!.TextContent.Trim(), row.QuerySelector("[data-label=Status]")!.TextContent.Trim())
                ),
        ];

    private static async Task<JsonElement> ServerUser(App app, string handle) =>
        (await app.SendAsServer(HttpMethod.Get, $"users/{handle}")).ShouldBeOk().Json;
}
