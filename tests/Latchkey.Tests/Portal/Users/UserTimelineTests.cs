using Latchkey.Users;
using Latchkey.Users.Administration;
using Latchkey.Users.Timeline;

namespace Latchkey.Tests.Portal.Users;

/// <summary>What the page of a user says about what happened: calls, messages and sessions in one list.</summary>
public sealed class UserTimelineTests(ServerFixture servers)
{
    private const string Ann = "ann@example.com";
    private const string Rows = "#timeline tbody tr";

    [Fact]
    public async Task Calls_messages_and_sessions_are_one_list_newest_first_in_words()
    {
        var (app, ada, page) = await Ready();
        await app.TryLogin(Ann, "not the password");
        (await app.ForgotPassword(Ann)).ShouldBeTrue();
        await app.WaitForDeferredWork();
        var code = await app.LastCodeFor(Ann);
        (await app.ResetPassword(Ann, code)).ShouldBeTrue();
        var shown = await ada.Get(page);
        var lines = LinesOf(shown);
        lines.ShouldContain(line => line.StartsWith("Signed in with password from 127.0.0.1, ", StringComparison.Ordinal));
        lines.ShouldContain("Login refused: wrong password (600) from 127.0.0.1");
        lines.ShouldContain("Asked for a new password from 127.0.0.1");
        lines.ShouldContain("Mail “Password reset” not sent: no provider is set up, so it is in the mailbox");
        lines.ShouldContain("Set a new password from 127.0.0.1");
        lines.ShouldContain(line => line.EndsWith("ended: the password was reset from 127.0.0.1", StringComparison.Ordinal));
        var times = shown.Document.QuerySelectorAll($"{Rows} time").Select(time => time.GetAttribute("datetime")!).ToList();
        times.ShouldBe(times.OrderByDescending(time => time, StringComparer.Ordinal));
        shown.Document.QuerySelector("#timeline")!.TextContent.ShouldNotContain(code);
    }

    [Theory]
    [InlineData(TimelineKind.Sessions, "Signed in with")]
    [InlineData(TimelineKind.Refused, "refused:")]
    [InlineData(TimelineKind.Done, "Completed the signup")]
    [InlineData(TimelineKind.Messages, "Mail “")]
    public async Task A_kind_shows_its_own_events_only(string kind, string words)
    {
        var (app, ada, page) = await Ready();
        await app.TryLogin(Ann, "not the password");
        var all = LinesOf(await ada.Get(page));
        var some = LinesOf(await ada.Get($"{page}?kind={kind}"));
        some.ShouldContain(line => line.Contains(words, StringComparison.Ordinal));
        some.Count.ShouldBeLessThan(all.Count);
        some.ShouldBeSubsetOf(all);
    }

    [Fact]
    public async Task Pages_follow_one_another_without_a_gap_or_an_event_twice_even_within_a_millisecond()
    {
        var (app, _, page) = await Ready();
        var user = await Find(app, page);
        for (var i = 0; i < 7; i++)
        {
            await Insert(app, at: 5000, i);
            await Insert(app, at: 5000 + i, i + 10);
        }

        var timeline = await app.Installation.Get<UserTimeline>();
        var whole = (await timeline.Page(user, "", "", 1000)).Events.Select(Key).ToList();
        whole.Count.ShouldBeGreaterThan(28);
        whole.ShouldBeUnique();
        foreach (var size in new[] { 1, 2, 5 })
        {
            var read = new List<(long, int, string)>();
            for (string? next = ""; next is not null; )
            {
                (var events, next) = await timeline.Page(user, "", next, size);
                events.Count.ShouldBeLessThanOrEqualTo(size);
                read.AddRange(events.Select(Key));
            }

            read.ShouldBe(whole);
        }

        (await timeline.Page(user, "", "not a cursor", 1000)).Events.Select(Key).ShouldBe(whole);
    }

    [Fact]
    public async Task It_has_nothing_of_other_applications_or_other_users_and_not_what_members_did()
    {
        var (app, ada, page) = await Ready();
        var other = await app.Server.CreateApp("signupFlow=code");
        await other.CreateUserByCode(Ann);
        await app.CreateUserByCode("bob@example.com");
        var before = LinesOf(await ada.Get(page));
        await other.TryLogin(Ann, "not the password");
        await app.TryLogin("bob@example.com", "not the password");
        await app.Installation.Execute(
            "INSERT INTO audit (app_id, at, id, action, actor, handle, code, detail, client) "
                + "VALUES (@Id, 9, 'a', 'inviteMember', 'ada', @Ann, 0, '', '')",
            new { app.Id, Ann }
        );
        LinesOf(await ada.Get(page)).ShouldBe(before);
        (await ada.Get(page.Replace(app.Id, other.Id, StringComparison.Ordinal))).Status.ShouldBe(System.Net.HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Calls_by_user_name_are_found_and_those_before_the_address_changed()
    {
        var (app, ada, page) = await Ready("userNamesEnabled=1");
        await app.Installation.Execute("UPDATE users SET user_name = 'annie_of_kiel' WHERE app_id = @Id", new { app.Id });
        await app.TryLogin("annie_of_kiel", "not the password");
        var audit = await app.Installation.Get<Latchkey.Activity.Audit.AuditStore>();
        var database = await app.Installation.Get<Latchkey.Data.Database>();
        await app.Installation.Execute(
            "UPDATE users SET handle = 'new@example.com', handle_key = 'new@example.com' WHERE app_id = @Id",
            new { app.Id }
        );
        await database.Write(db => audit.Rename(db, app.Id, Ann, "new@example.com"));
        var lines = LinesOf(await ada.Get(page));
        lines.ShouldContain("Login refused: wrong password (600) from 127.0.0.1");
        lines.ShouldContain("Completed the signup from 127.0.0.1");
    }

    private async Task<(App App, PortalVisitor Ada, string Page)> Ready(params string[] settings)
    {
        var app = await (await servers.Unlimited()).CreateApp(["signupFlow=code", .. settings]);
        await app.CreateUserByCode(Ann);
        await app.Login(Ann);
        var id = await app.Installation.Query<string>("SELECT id FROM users WHERE app_id = @Id", new { app.Id });
        var ada = await PortalVisitor.Operator(app.Server, $"ada-{app.Id[..8]}@operators.example");
        return (app, ada, $"/portal/applications/{app.Id}/users/{id}");
    }

    private static async Task<User> Find(App app, string page) =>
        await (await app.Installation.Get<UserAdministration>()).FindById(app.Id, page[(page.LastIndexOf('/') + 1)..])
        ?? throw new InvalidOperationException("no user");

    private static async Task Insert(App app, long at, int number)
    {
        var id = $"00000000-0000-7000-8000-{number:d12}";
        await app.Installation.Execute(
            "INSERT INTO audit (app_id, at, id, action, actor, handle, code, detail, client) "
                + "VALUES (@appId, @at, @id, 'login', 'user', @Ann, 600, '', '')",
            new
            {
                appId = app.Id,
                at,
                id,
                Ann,
            }
        );
        await app.Installation.Execute(
            "INSERT INTO messages (app_id, id, channel, recipient, kind, status, attempts, created_at) "
                + "VALUES (@appId, @id, 'email', @Ann, 'signUp', 'sent', 1, @at)",
            new
            {
                appId = app.Id,
                at,
                id,
                Ann,
            }
        );
    }

    private static (long At, int Rank, string Id) Key(TimelineEvent one) => (one.At, one.Rank, one.Id);

    private static IReadOnlyList<string> LinesOf(PortalResponse shown) =>
        [.. shown.Document.QuerySelectorAll($"{Rows} td:nth-child(2)").Select(cell => cell.TextContent.Trim())];
}
