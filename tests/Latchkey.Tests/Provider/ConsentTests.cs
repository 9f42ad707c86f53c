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
        var (client, other, unused) = (await app.AddClient(), await app.AddClient(), await app.AddClient());
        var (ann, bob) = (await app.App.CreateUser(Ann), await app.App.CreateUser("bob@example.com"));
        foreach (var user in new[] { ann, bob })
        {
            await app.AddConsent(client, user, "openid");
            await app.AddGrant(client, user);
            await app.AddGrant(other, user);
        }

        (await ann.Post("revokeConsent", new { clientId = unused.Id })).ShouldFailWith(753);
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

    [Fact]
    public async Task Grants_without_a_consent_are_taken_back_too_and_the_apps_own_is_not_touched()
    {
        var app = await ProviderApp.Create(servers, "sessionMode=refresh");
        var (client, other) = (await app.AddClient(change: s => s with { FirstParty = true }), await app.AddClient());
        var ann = await app.App.CreateUser(Ann);
        await app.AddGrant(other, ann);
        var tokens = (await client.Exchange(await app.IssueCode(client, ann, "openid offline_access"))).ShouldBeOk();
        (await ann.Post("revokeConsent", new { clientId = client.Id })).ShouldBeTrue();
        (await ann.Post("revokeConsent", new { clientId = client.Id })).ShouldFailWith(753);
        (await client.Refresh(tokens.Text("refresh_token"))).ShouldRefuse("invalid_grant");
        (await LiveGrants(app, other)).ShouldBe(1);
        (await ann.TryRefresh()).Code.ShouldBeNull();
    }

    [Theory]
    [InlineData("none")]
    [InlineData("narrower scope")]
    [InlineData("another case")]
    [InlineData("other resources")]
    public async Task A_code_is_worth_nothing_once_the_consent_no_longer_covers_it(string what)
    {
        var app = await ProviderApp.Create(servers);
        const string resource = "https://api.example.com/";
        await app.AddResource(resource, "read write");
        await app.Change(settings => settings);
        var (client, ann) = (
            await app.AddClient(change: s => s with { Resources = [resource], Scopes = [.. s.Scopes, "read", "write"] }),
            await app.App.CreateUser(Ann)
        );
        Task<string> Code() => app.IssueCode(client, ann, "openid read write", code => code with { Resources = resource });
        var code = await Code();
        switch (what)
        {
            case "none":
                (await ann.Post("revokeConsent", new { clientId = client.Id })).ShouldBeTrue();
                break;
            case "narrower scope":
                await app.AddConsent(client, ann, "openid read overwrite", resource);
                break;
            case "another case":
                await app.AddConsent(client, ann, "openid read Write", resource);
                break;
            default:
                await app.AddConsent(client, ann, "openid read write", $"{resource}more");
                break;
        }

        (await client.Exchange(code)).ShouldRefuse("invalid_grant");
        (await LiveGrants(app, client)).ShouldBe(0);
        var next = await Code(); // allowed again, but the old code is burnt
        (await client.Exchange(code)).ShouldRefuse("invalid_grant");
        (await client.Exchange(next)).ShouldBeOk();
    }

    [Fact]
    public async Task What_was_approved_on_a_device_ends_with_the_consent()
    {
        var app = await DeviceApp.Create(servers);
        var (asked, used, later) = (await app.Ask(), await app.Ask(), await app.Ask());
        await app.Approve(asked);
        await app.Approve(used);
        (await app.Poll(used)).ShouldBeOk();
        (await app.Provider.LiveSessions()).ShouldBe(2);
        (await app.User.Post("revokeConsent", new { clientId = app.Client.Id })).ShouldBeTrue();
        (await app.Poll(asked)).ShouldRefuse("access_denied");
        (await app.Provider.LiveSessions()).ShouldBe(1);
        await app.Approve(later);
        await app.Provider.AddConsent(app.Client, app.User, "openid");
        (await app.Poll(later)).ShouldRefuse("access_denied");
    }

    private static Task<long> LiveGrants(ProviderApp app, ProviderClient client) =>
        app.Installation.Query<long>(
            "SELECT COUNT(*) FROM session_grants WHERE app_id = @AppId AND client = @Id AND ended_at IS NULL",
            new { AppId = app.Id, client.Id }
        );
}
