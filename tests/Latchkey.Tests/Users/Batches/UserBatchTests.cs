using System.Net;
using Latchkey.Data;

namespace Latchkey.Tests.Users.Batches;

/// <summary>Many users selected in the list: one action, one question, and what it did.</summary>
public sealed class UserBatchTests(ServerFixture servers)
{
    private const string Reset = "reset-password";

    [Fact]
    public async Task Ten_are_suspended_at_once_and_each_stands_in_the_log()
    {
        var (app, users) = await WithUsers(10);
        using var editor = await PortalVisitor.Member(app, "editor");
        var address = Address(app, "suspend", users.Values, "?q=user&sort=handle");
        var question = await editor.Get(address);
        question.Text("#question").ShouldBe("Suspend 10 users?");
        question.Document.QuerySelectorAll(".chosen li").Length.ShouldBe(10);
        (await Count(app, "status = 'suspend'")).ShouldBe(0);

        var done = await editor.Submit(address, "change");
        (done.Status, done.Location.Split("&shown")[0]).ShouldBe((HttpStatusCode.SeeOther, $"{List(app)}?q=user&sort=handle&done=batch"));
        (await editor.Get(done.Location)).Text("[role=status]").ShouldBe("10 users were suspended.");
        (await Count(app, "status = 'suspend'")).ShouldBe(10);
        (await Logged(app, "suspendUser")).ShouldBe(10);
        (await app.TryLogin(users.Keys.First())).ShouldFailWith(404);
    }

    [Fact]
    public async Task What_changes_nothing_is_said_and_not_logged()
    {
        var (app, users) = await WithUsers(2);
        using var editor = await PortalVisitor.Member(app, "editor");
        (await editor.Submit(Address(app, "suspend", users.Values.Take(1)), "change")).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await editor.SubmitAndFollow(Address(app, "suspend", users.Values), "change"))
            .Text("[role=status]")
            .ShouldBe($"1 user was suspended. {users.Keys.First()}: The user was suspended already.");
        (await Logged(app, "suspendUser")).ShouldBe(2);
        (await editor.SubmitAndFollow(Address(app, "unlock", users.Values.Take(1)), "change"))
            .Text("[role=status]")
            .ShouldBe($"0 users were unlocked. {users.Keys.First()}: The user was not locked.");
        (await editor.SubmitAndFollow(Address(app, "activate", users.Values), "change"))
            .Text("[role=status]")
            .ShouldBe("2 users were activated.");
    }

    [Fact]
    public async Task Users_of_another_application_are_left_alone()
    {
        var (app, users) = await WithUsers(1);
        var (other, strangers) = await WithUsers(2);
        using var editor = await PortalVisitor.Member(app, "editor");
        var before = await DatabaseSnapshot.OfApplication(other.Installation, other.Id);
        foreach (var action in new[] { "suspend", "activate", "unlock", "sign-out", Reset, "delete" })
        {
            (await editor.Get(Address(app, action, strangers.Values))).Text("[role=alert]").ShouldBe("These users no longer exist.");
            var address = Address(app, action, strangers.Values.Concat(users.Values));
            var question = await editor.Get(address);
            question.Text("#question").ShouldEndWith(" 1 user?");
            question.Html.ShouldNotContain(strangers.Keys.First());
            await editor.Submit(address, action == "delete" ? "delete" : "change");
        }

        (await DatabaseSnapshot.OfApplication(other.Installation, other.Id)).ShouldBe(before);
        (await Count(app, "1 = 1")).ShouldBe(0); // and their own was deleted
    }

    [Fact]
    public async Task A_viewer_changes_nobody_and_takes_no_file()
    {
        var (app, users) = await WithUsers(1);
        using var viewer = await PortalVisitor.Member(app, "viewer");
        var address = Address(app, "suspend", users.Values);
        (await viewer.Get(address)).Status.ShouldBe(HttpStatusCode.NotFound);
        (await viewer.Get($"{List(app)}/export?id={users.Values.First()}")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await viewer.Get(List(app))).Document.QuerySelectorAll("input[type=checkbox], #bulk, .rowtools").ShouldBeEmpty();
        (await Count(app, "status = 'suspend'")).ShouldBe(0);
    }

    [Theory]
    [InlineData("", "This cannot be done with many users at once. Choose one of the buttons below the list.")]
    [InlineData("promote", "This cannot be done with many users at once. Choose one of the buttons below the list.")]
    [InlineData("suspend", "No user is selected. Go back and select users by the boxes in front of them.")]
    public async Task A_selection_that_cannot_be_used_says_why(string action, string problem)
    {
        var (app, _) = await WithUsers(0);
        using var editor = await PortalVisitor.Member(app, "editor");
        (await editor.Get(Address(app, action, ["nobody", "../../x"]))).Text("[role=alert]").ShouldBe(problem);
        var many = Enumerable.Range(0, 51).Select(_ => Ids.New(TimeProvider.System));
        (await editor.Get(Address(app, "suspend", many))).Text("[role=alert]").ShouldBe("Select at most 50 users, or all who match.");
    }

    [Fact]
    public async Task Deleting_more_than_ten_asks_for_the_application()
    {
        var (app, users) = await WithUsers(11);
        using var editor = await PortalVisitor.Member(app, "editor");
        var address = Address(app, "delete", users.Values);
        var refused = await editor.Submit(address, "delete", ("name", "Demo!"));
        refused.Text("#field-name-error").ShouldBe("This is not Demo. Nothing was deleted.");
        (await editor.Submit(address, "delete", ("_handler", "change"))).Status.ShouldNotBe(HttpStatusCode.SeeOther);
        (await Count(app, "1 = 1")).ShouldBe(11);
        (await editor.SubmitAndFollow(address, "delete", ("name", "Demo"))).Text("[role=status]").ShouldBe("11 users were deleted.");
        (await Count(app, "1 = 1")).ShouldBe(0);
        (await Logged(app, "deleteUser")).ShouldBe(11);
    }

    [Fact]
    public async Task Sessions_end_and_codes_are_mailed()
    {
        var (app, users) = await WithUsers(2);
        var session = await app.Login(users.Keys.First());
        using var editor = await PortalVisitor.Member(app, "editor");
        (await editor.SubmitAndFollow(Address(app, "sign-out", users.Values), "change"))
            .Text("[role=status]")
            .ShouldBe("2 users were signed out.");
        (
            await app.Installation.Query<long>("SELECT COUNT(*) FROM sessions WHERE app_id = @Id AND ended_at IS NULL", new { app.Id })
        ).ShouldBe(0);
        session.ShouldNotBeNull();
        await app.Installation.Execute(
            "UPDATE users SET login_provider = 'apple', password_hash = NULL WHERE id = @id",
            new { id = users.Values.First() }
        );
        (await editor.SubmitAndFollow(Address(app, Reset, users.Values), "change"))
            .Text("[role=status]")
            .ShouldBe(
                $"1 user was mailed a code for a new password. {users.Keys.First()}: The user signs in with Apple or Google and has no password."
            );
        (await app.Mails(users.Keys.Last())).ShouldContain(mail => mail.Kind == "resetPassword");
    }

    [Fact]
    public async Task The_selected_are_exported_without_hashes_and_others()
    {
        var (app, users) = await WithUsers(3);
        var (_, strangers) = await WithUsers(1);
        using var editor = await PortalVisitor.Member(app, "editor");
        var ids = string.Join('&', users.Values.Take(2).Concat(strangers.Values).Select(id => $"id={id}"));
        var csv = await editor.Get($"{List(app)}/export?format=csv&{ids}");
        csv.Html.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(3); // the header and two users
        csv.Html.ShouldContain(users.Keys.First());
        csv.Html.ShouldNotContain("argon2");
        var json = await editor.Get($"{List(app)}/export?format=json&all=1&list={Uri.EscapeDataString("?q=user2")}");
        json.Html.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldHaveSingleItem().ShouldContain("user2@");
        (await Logged(app, "exportUsers")).ShouldBe(2);
        (await editor.Get($"{List(app)}/export")).Location.ShouldEndWith("/users/bulk");
    }

    /// <summary>Their handles are credentials.</summary>
    [Fact]
    public async Task No_file_has_the_handle_of_an_anonymous_user()
    {
        var app = await servers.Main.CreateApp("anonymousLoginEnabled=1");
        var handle = "ANON_0f8fad5b-d9cb-469f-a165-70867728950e";
        await app.LoginAnonymous(handle);
        var id = await app.Installation.Query<string>("SELECT id FROM users WHERE app_id = @Id", new { app.Id });
        using var editor = await PortalVisitor.Member(app, "editor");
        (await editor.Get($"{List(app)}/export?id={id}")).Html.ShouldNotContain("0f8fad5b");
        (await editor.Get($"{List(app)}/export?all=1&kind=anonymous")).Html.ShouldNotContain("0f8fad5b");
        var address = $"{Address(app, "suspend", [id])}&kind=anonymous";
        (await editor.Get(address)).Html.ShouldNotContain("0f8fad5b");
        (await editor.Submit(address, "change")).Location.ShouldStartWith($"{List(app)}/anonymous?done=batch");
        (await editor.Get($"{Address(app, Reset, [id])}&kind=anonymous")).Text("[role=alert]").ShouldContain("no address");
    }

    private static string List(App app) => $"/portal/applications/{app.Id}/users";

    private static string Address(App app, string action, IEnumerable<string> ids, string list = "?") =>
        $"{List(app)}/bulk?action={action}&list={Uri.EscapeDataString(list)}&{string.Join('&', ids.Select(id => $"id={id}"))}";

    /// <summary>Users by their handles, which come from the server's own sign-up.</summary>
    private async Task<(App App, IReadOnlyDictionary<string, string> Users)> WithUsers(int count)
    {
        var app = await (await servers.Unlimited()).CreateApp("signupFlow=none");
        for (var i = 0; i < count; i++)
        {
            (await app.Signup($"user{i}@{app.Id[..8]}.example")).ShouldBeOk();
        }

        var users = new SortedDictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < count; i++)
        {
            var handle = $"user{i}@{app.Id[..8]}.example";
            users[handle] = await app.Installation.Query<string>(
                "SELECT id FROM users WHERE app_id = @Id AND handle = @handle",
                new { app.Id, handle }
            );
        }

        return (app, users);
    }

    private static Task<long> Count(App app, string condition) =>
        app.Installation.Query<long>($"SELECT COUNT(*) FROM users WHERE app_id = @Id AND {condition}", new { app.Id });

    private static Task<long> Logged(App app, string action) =>
        app.Installation.Query<long>("SELECT COUNT(*) FROM audit WHERE app_id = @Id AND action = @action", new { app.Id, action });
}
