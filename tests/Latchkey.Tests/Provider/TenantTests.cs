using System.Net;
using Latchkey.Data;
using Latchkey.Provider.Clients;

namespace Latchkey.Tests.Provider;

/// <summary>What is one application's is worth nothing at the endpoints of another.</summary>
public sealed class TenantTests(ServerFixture servers)
{
    [Fact]
    public async Task Codes_tokens_and_clients_of_another_application_are_refused_and_nothing_changes()
    {
        var (victims, strangers) = (await ProviderApp.Create(servers), await ProviderApp.Create(servers));
        var (client, stranger) = (await victims.AddClient(), await strangers.AddClient());
        var tokens = await client.SignIn();
        var code = await victims.IssueCode(client, await victims.App.CreateUser("ben@example.com"));
        var before = await DatabaseSnapshot.OfApplication(victims.Installation, victims.Id);

        (await stranger.Exchange(code)).ShouldRefuse("invalid_grant");
        (await stranger.Refresh(tokens.Text("refresh_token"))).ShouldRefuse("invalid_grant");
        foreach (var token in new[] { "access_token", "refresh_token", "id_token" })
        {
            (await stranger.Introspect(tokens.Text(token))).IsActive().ShouldBeFalse();
            (await stranger.Revoke(tokens.Text(token))).ShouldBeOk(); // unknown there
            (await strangers.UserInfo(tokens.Text(token))).ShouldRefuse("invalid_token", HttpStatusCode.Unauthorized);
        }

        var away = client with { Provider = strangers };
        (await away.Token(("grant_type", GrantType.RefreshToken), ("refresh_token", "x"))).ShouldRefuseClient();
        (await away.Introspect(tokens.Text("access_token"))).ShouldRefuseClient();
        (await away.Revoke(tokens.Text("refresh_token"))).ShouldRefuseClient();

        (await DatabaseSnapshot.OfApplication(victims.Installation, victims.Id)).ShouldBe(before);
        (await client.Exchange(code)).ShouldBeOk();
        (await client.Refresh(tokens.Text("refresh_token"))).ShouldBeOk();
    }

    [Fact]
    public async Task A_suspended_application_issues_nothing()
    {
        var client = await (await ProviderApp.Create(servers)).AddClient();
        var tokens = await client.SignIn();
        await client.Provider.App.Set("status=suspended");
        (await client.Refresh(tokens.Text("refresh_token"))).ShouldRefuse("temporarily_unavailable", HttpStatusCode.ServiceUnavailable);
        ((int)(await client.Provider.UserInfo(tokens.Text("access_token"))).Status).ShouldBe(503);
    }

    [Fact]
    public async Task An_unknown_application_has_no_endpoints() =>
        (await (await servers.Unlimited()).Get($"/apps/{new string('0', 32)}/oauth2/userinfo")).Status.ShouldBe(HttpStatusCode.NotFound);
}
