using System.Text.Json.Nodes;

namespace Latchkey.Tests.Applications.Realm;

/// <summary>The users of the Realm application, read with keys given for the visit.</summary>
[Collection(RealmServerFixture.Collection)]
public sealed class RealmUserListTests(RealmServerFixture shared)
{
    [Fact]
    public async Task Shows_id_identities_and_times()
    {
        var visit = await RealmPageClient.Begin(shared);
        visit.Realm.AddUsers(2);
        var answer = await visit.ShowUsers();
        var row = answer.Text("#realm-users tbody tr:nth-child(2)");
        row.ShouldContain("000000000000000000000001");
        row.ShouldContain("custom-token");
        row.ShouldContain("user1@example.com");
        row.ShouldContain("2023-11-14");
        row.ShouldContain("2024-03-09");
        answer.Document.QuerySelectorAll("form input[name=after]").ShouldBeEmpty();
        visit.Writes().ShouldBeEmpty();
        await visit.ShouldKeepNoKey();
    }

    [Fact]
    public async Task Realm_users_and_users_of_the_application_lead_to_each_other()
    {
        var visit = await RealmPageClient.Begin(shared, "signupFlow=none");
        (await visit.App.Signup("user1@example.com")).ShouldBeOk();
        var id = await visit.App.Installation.Query<string>("SELECT id FROM users WHERE app_id = @Id", new { visit.App.Id });
        var user = $"/portal/applications/{visit.App.Id}/users/{id}";
        visit.Realm.AddUsers(3);
        visit.Realm.Users.Add(RealmUser("other", "user1@example.com", "local-userpass"));
        visit.Realm.Users.Add(RealmUser("hidden", "ANON_0123456789abcdef0123456789abcdef", "custom-token"));
        var all = await visit.ShowUsers();
        all.Document.QuerySelectorAll("#realm-users a").Select(link => link.GetAttribute("href")).ShouldBe([user]);
        all.Html.ShouldNotContain("ANON_0123456789abcdef"); // it is all that such a user logs in with

        var link = (await visit.Visitor.Get(user)).Document.QuerySelector("a[href*='realm-users?user=']")!.GetAttribute("href")!;
        var one = await visit.Visitor.Submit(link, "show", RealmPageClient.Keys);
        one.Document.QuerySelectorAll("#realm-users tbody tr").ShouldHaveSingleItem().TextContent.ShouldContain("000000000000000000000001");
    }

    [Fact]
    public async Task A_user_without_a_Realm_user_is_told_so()
    {
        var visit = await RealmPageClient.Begin(shared, "signupFlow=none");
        (await visit.App.Signup("nobody@example.com")).ShouldBeOk();
        var id = await visit.App.Installation.Query<string>("SELECT id FROM users WHERE app_id = @Id", new { visit.App.Id });
        visit.Realm.AddUsers(2);
        var page = await visit.Visitor.Submit($"{visit.Page}-users?user={id}", "show", RealmPageClient.Keys);
        page.Text(".empty").ShouldContain("No Realm user that was read has this identity");
        (await visit.Visitor.Submit($"{visit.Page}-users?user=nobody", "show", RealmPageClient.Keys))
            .Document.QuerySelectorAll("#realm-users tbody tr")
            .Length.ShouldBe(2);
    }

    [Fact]
    public async Task A_long_list_goes_on_where_it_ended_when_the_keys_are_given_again()
    {
        var visit = await RealmPageClient.Begin(shared);
        visit.Realm.AddUsers(503);
        var first = await visit.ShowUsers();
        first.Document.QuerySelectorAll("#realm-users tbody tr").Length.ShouldBe(500);
        first.Html.ShouldNotContain(FakeAppServices.PrivateKey);
        var after = first.Document.QuerySelector("input[name=after]")!.GetAttribute("value")!;
        var rest = await visit.ShowUsers(("after", after));
        rest.Document.QuerySelectorAll("#realm-users tbody tr").Length.ShouldBe(3);
        rest.Text("#realm-users").ShouldContain("user502@example.com");
    }

    [Fact]
    public async Task Nobody_is_an_empty_list()
    {
        var visit = await RealmPageClient.Begin(shared);
        (await visit.ShowUsers()).Text(".empty").ShouldContain("No Realm user yet");
    }

    [Fact]
    public async Task A_server_that_starts_over_does_not_make_the_list_endless()
    {
        var visit = await RealmPageClient.Begin(shared);
        visit.Realm.AddUsers(60);
        visit.Realm.ForgetsCursor = true;
        (await visit.ShowUsers()).Document.QuerySelectorAll("#realm-users tbody tr").Length.ShouldBe(50);
    }

    [Theory]
    [InlineData("../apps")]
    [InlineData("a&limit=1")]
    [InlineData("x y")]
    public async Task A_cursor_that_is_none_starts_at_the_beginning(string after)
    {
        var visit = await RealmPageClient.Begin(shared);
        visit.Realm.AddUsers(1);
        (await visit.ShowUsers(("after", after))).Text("#realm-users").ShouldContain("user0@example.com");
    }

    [Theory]
    [InlineData("""{"users":[]}""")]
    [InlineData("""["u"]""")]
    [InlineData("""[{"_id":7}]""")]
    public async Task A_list_of_another_shape_is_refused(string body)
    {
        var visit = await RealmPageClient.Begin(shared);
        visit.Realm.Plan("GET …/users", 200, body);
        (await visit.ShowUsers()).Text(".notice.bad").ShouldContain("not like the App Services Admin API");
    }

    [Fact]
    public async Task Odd_values_of_a_user_are_left_out()
    {
        var visit = await RealmPageClient.Begin(shared);
        visit.Realm.Users.Add(
            new JsonObject
            {
                ["_id"] = "aa",
                ["identities"] = "none",
                ["creation_date"] = "yesterday",
                ["last_authentication_date"] = 1e300,
            }
        );
        visit.Realm.Users.Add(
            new JsonObject
            {
                ["_id"] = "bb",
                ["identities"] = new JsonArray(1, new JsonObject { ["id"] = "<script>x</script>" }),
                ["creation_date"] = -5,
            }
        );
        var answer = await visit.ShowUsers();
        answer.Document.QuerySelectorAll("#realm-users tbody tr").Length.ShouldBe(2);
        answer.Html.ShouldNotContain("<script>x");
    }

    private static JsonObject RealmUser(string id, string identity, string provider) =>
        new() { ["_id"] = id, ["identities"] = new JsonArray(new JsonObject { ["id"] = identity, ["provider_type"] = provider }) };
}
