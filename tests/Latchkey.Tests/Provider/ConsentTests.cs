using Latchkey.Provider.Clients;
using Latchkey.Tests.Provider.Clients;

namespace Latchkey.Tests.Provider;

/// <summary>Users look at what they have allowed to clients, and take it back.</summary>
public sealed class ConsentTests(ServerFixture servers)
{
    private const string Ann = "ann@example.com";

    [Fact]
    public async Task A_user_lists_what_they_have_allowed()
    {
        var app = await ProviderApp.Create(servers);
        var (client, ann) = (await app.AddClient(ClientType.Web, name: "Photo prints"), await app.App.CreateUser(Ann));
        (await ann.Get("consents")).ShouldBeOk().Json.GetProperty("consents").GetArrayLength().ShouldBe(0);
        await app.AddConsent(client, ann, "openid email", "https://api.example.com");
        var listed = (await ann.Get("consents")).ShouldBeOk().Json.GetProperty("consents")[0];
        listed.GetProperty("clientId").GetString().ShouldBe(client.Id);
        listed.GetProperty("name").GetString().ShouldBe("Photo prints");
        listed.GetProperty("scopes").EnumerateArray().Select(one => one.GetString()).ShouldBe(["openid", "email"]);
        listed.GetProperty("resources")[0].GetString().ShouldBe("https://api.example.com");
    }

    [Fact]
    [Covers(753)]
    public async Task Taking_a_consent_back_ends_the_clients_grants_and_no_others()
    {
        var app = await ProviderApp.Create(servers);
        var (client, other) = (await app.AddClient(), await app.AddClient());
        var (ann, bob) = (await app.App.CreateUser(Ann), await app.App.CreateUser("bob@example.com"));
        foreach (var user in new[] { ann, bob })
        {
            await app.AddConsent(client, user, "openid");
            await app.AddGrant(client, user);
            await app.AddGrant(other, user);
        }

        (await ann.Post("revokeConsent", new { clientId = other.Id })).ShouldFailWith(753);
        (await ann.Post("revokeConsent", new { clientId = client.Id })).ShouldBeTrue();
        (await ann.Post("revokeConsent", new { clientId = client.Id })).ShouldFailWith(753);
        (await ann.Get("consents")).Json.GetProperty("consents").GetArrayLength().ShouldBe(0);
        (await bob.Get("consents")).Json.GetProperty("consents").GetArrayLength().ShouldBe(1);
        (await LiveGrants(app, client)).ShouldBe(1);
        (await LiveGrants(app, other)).ShouldBe(2);
    }

    [Fact]
    public async Task Another_application_sees_and_changes_nothing()
    {
        var (app, foreign) = (await ProviderApp.Create(servers), await ProviderApp.Create(servers));
        var (client, ann) = (await app.AddClient(), await app.App.CreateUser(Ann));
        await app.AddConsent(client, ann, "openid");
        var same = await foreign.App.CreateUser(Ann);
        (await same.Get("consents")).Json.GetProperty("consents").GetArrayLength().ShouldBe(0);
        (await same.Post("revokeConsent", new { clientId = client.Id })).ShouldFailWith(753);
        (await ann.Get("consents")).Json.GetProperty("consents").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task A_developer_sees_them_in_the_portal_and_takes_one_back()
    {
        var app = await ProviderApp.Create(servers);
        var (client, other, ann) = (await app.AddClient(name: "Photo prints"), await app.AddClient(), await app.App.CreateUser(Ann));
        var address = $"/portal/applications/{app.Id}/users/{ann.Id()}";
        using var editor = await PortalVisitor.Member(app.App, "editor");
        (await editor.Get(address)).Document.QuerySelector("#consents").ShouldBeNull();
        await app.AddConsent(client, ann, "openid email", "https://api.example.com");
        await app.AddConsent(other, ann, "openid");
        await app.AddGrant(client, ann);
        await app.AddGrant(other, ann);

        using (var viewer = await PortalVisitor.Member(app.App, "viewer"))
        {
            var seen = (await viewer.Get(address)).Document.QuerySelector("#consents")!;
            seen.TextContent.ShouldContain("Photo prints");
            seen.TextContent.ShouldContain("openid email");
            seen.TextContent.ShouldContain("https://api.example.com");
            seen.QuerySelector("button").ShouldBeNull();
        }

        (await editor.SubmitAndFollow(address, "take-back", ("client", client.Id))).Text("main").ShouldContain("Taken back.");
        (await ann.Get("consents"))
            .Json.GetProperty("consents")
            .EnumerateArray()
            .Single()
            .GetProperty("clientId")
            .GetString()
            .ShouldBe(other.Id);
        ((await LiveGrants(app, client)), (await LiveGrants(app, other))).ShouldBe((0, 1));
        (await app.App.Log("revokeConsent")).Count.ShouldBe(1);
        (await editor.Submit(address, "take-back", ("client", client.Id))).Text("#consents").ShouldContain("consent does not exist");
    }

    private static Task<long> LiveGrants(ProviderApp app, ProviderClient client) =>
        app.Installation.Query<long>(
            "SELECT COUNT(*) FROM session_grants WHERE app_id = @AppId AND client = @Id AND ended_at IS NULL",
            new { AppId = app.Id, client.Id }
        );
}
