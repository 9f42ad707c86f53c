using System.Net;
using System.Text.Json;
using Latchkey.Cryptography;

namespace Latchkey.Tests.Portal.Navigation;

/// <summary>What the search offers is what the visitor may open, and nobody finds users of an application that is not theirs.</summary>
public sealed class PortalSearchTests(ServerFixture servers)
{
    [Fact]
    public async Task Users_are_found_by_the_beginning_of_their_handle_or_user_name_and_by_their_id()
    {
        var app = await servers.Main.CreateApp("signupFlow=none", "userNamesEnabled=1", "anonymousLoginEnabled=1");
        await app.CreateUser("ann.lee@example.com");
        await app.CreateUser("bob@example.com");
        await app.LoginAnonymous("ANON_annabel");
        await app.Installation.Execute("UPDATE users SET user_name = 'skipper' WHERE app_id = @Id AND handle LIKE 'ann%'", new { app.Id });
        var id = await app.Installation.Query<string>("SELECT id FROM users WHERE app_id = @Id AND user_name = 'skipper'", new { app.Id });
        using var viewer = await PortalVisitor.Member(app, "viewer");
        foreach (var typed in new[] { "ann", "ANN.lee@", "skip", id })
        {
            (await Find(viewer, app.Id, typed))
                .Where(one => one.Kind == "Users")
                .Select(one => one.Text)
                .ShouldBe(["ann.lee@example.com"], typed);
        }

        foreach (var typed in new[] { "nn.lee", "ANON_", "anon_annabel", "%", "_", "", "\0" })
        {
            (await Find(viewer, app.Id, typed)).ShouldNotContain(one => one.Kind == "Users", typed);
        }

        (await viewer.Get((await Find(viewer, app.Id, "ann")).Single(one => one.Kind == "Users").Address))
            .Text("h1")
            .ShouldBe("ann.lee@example.com");
    }

    [Fact]
    public async Task A_developer_finds_nothing_of_applications_that_are_not_theirs()
    {
        var mine = await servers.Main.CreateApp("signupFlow=none");
        var other = await App.Create(servers.Main, ["signupFlow=none"], $"Secret harbour {Secrets.AppId()}");
        await other.CreateUser("secret@example.com");
        using var owner = await PortalVisitor.Member(mine, "owner");
        (await owner.Answer($"/portal/applications/{other.Id}/search/results?q=secret")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await owner.Answer($"/portal/applications/{other.Id}/search?q=secret")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await Find(owner, mine.Id, "secret")).ShouldNotContain(one => one.Kind == "Users" || one.Kind == "Applications");
        (await Find(owner, mine.Id, other.Id)).ShouldBeEmpty();
        (await owner.Get($"/portal/applications/{mine.Id}")).Html.ShouldNotContain(other.Id);

        using var nobody = PortalVisitor.Anonymous(servers.Main);
        (await nobody.Answer("/portal/search/results?q=a")).StatusCode.ShouldBe(HttpStatusCode.Found);
    }

    [Fact]
    public async Task Each_role_is_offered_the_pages_and_actions_that_it_can_open()
    {
        var app = await servers.Main.CreateApp();
        using var viewer = await PortalVisitor.Member(app, "viewer");
        using var editor = await PortalVisitor.Member(app, "editor");
        using var owner = await PortalVisitor.Member(app, "owner");
        using var operators = await PortalVisitor.Operator(servers.Main, $"op-{app.Id[..8]}@operators.example");
        (await Texts(viewer, "add")).ShouldNotContain("Add a user");
        (await Texts(editor, "add")).ShouldContain("Add a user");
        (await Texts(editor, "app secrets")).ShouldNotContain("App Secrets");
        (await Texts(owner, "app secrets")).ShouldContain("App Secrets");
        (await Texts(owner, "installation")).ShouldBeEmpty();
        (await Texts(operators, "installation limits")).ShouldBe(["Installation: Limits"]);
        foreach (var visitor in new[] { viewer, editor, owner, operators })
        {
            foreach (var word in "a c d e i k l m o p r s u w".Split(' '))
            {
                foreach (var one in (await Find(visitor, app.Id, word)).Where(one => one.Kind != "Applications"))
                {
                    (await visitor.Get(one.Address)).Status.ShouldBeOneOf(HttpStatusCode.OK, HttpStatusCode.SeeOther, HttpStatusCode.Found);
                }
            }
        }

        await app.Set("jwtEnabled=0");
        (await Texts(owner, "users")).ShouldNotContain("JWT Users");

        async Task<IEnumerable<string>> Texts(PortalVisitor visitor, string typed) =>
            (await Find(visitor, app.Id, typed)).Select(one => one.Text);
    }

    [Fact]
    public async Task The_applications_that_were_open_last_come_first_and_a_made_up_cookie_shows_nothing()
    {
        var first = await App.Create(servers.Main, [], $"Zulu {Secrets.AppId()}");
        var second = await App.Create(servers.Main, [], $"Yankee {Secrets.AppId()}");
        using var visitor = await PortalVisitor.Operator(servers.Main, $"recent-{first.Id[..8]}@operators.example");
        await visitor.Get($"/portal/applications/{first.Id}/logs");
        await visitor.Get($"/portal/applications/{second.Id}/logs");
        var shown = (await visitor.Get("/portal/account"))
            .Document.QuerySelectorAll(".switcher li a")
            .Select(link => link.GetAttribute("href"));
        shown.Take(2).ShouldBe([$"/portal/applications/{second.Id}", $"/portal/applications/{first.Id}"]);
        (await Find(visitor, "", "")).Where(one => one.Kind == "Applications").Take(2).Select(one => one.Address).ShouldBe(shown.Take(2));

        using var stranger = await PortalVisitor.Member(await servers.Main.CreateApp(), "viewer");
        stranger.SetCookie("latchkey-recent", $"{first.Id}.../../<script>.{new string('a', 32)}");
        (await stranger.Get("/portal/account")).Html.ShouldNotContain(first.Id);
    }

    private static async Task<IReadOnlyList<Result>> Find(PortalVisitor visitor, string appId, string typed)
    {
        var below = appId.Length == 0 ? "/portal" : $"/portal/applications/{appId}";
        var answer = await visitor.Get($"{below}/search/results?q={Uri.EscapeDataString(typed)}");
        answer.Status.ShouldBe(HttpStatusCode.OK, typed);
        var found = JsonSerializer.Deserialize<List<Result>>(answer.Html, JsonSerializerOptions.Web) ?? [];
        (await visitor.Get($"{below}/search?q={Uri.EscapeDataString(typed)}"))
            .Document.QuerySelectorAll(".found:not([aria-labelledby=Applications]) a")
            .Select(link => link.GetAttribute("href"))
            .ShouldBe(found.Where(one => one.Kind != "Applications").Select(one => one.Address), typed);
        return found;
    }

    private sealed record Result(string Kind, string Text, string Detail, string Address);
}
