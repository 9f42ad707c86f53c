using Latchkey.Data;
using Latchkey.Provider.Clients;
using Latchkey.Tests.Api.Sessions;
using Latchkey.Users.Sessions;

namespace Latchkey.Tests.Provider;

/// <summary>How long grants of clients live, what ends with them, and whom the end of a session is told to.</summary>
public sealed class GrantEndTests(ServerFixture servers)
{
    private const string Offline = "openid offline_access";

    [Fact]
    public async Task A_client_that_is_told_of_logouts_is_told_also_when_its_tokens_are_long_over()
    {
        await using var receiver = await LogoutReceiver.Start();
        var app = await ProviderApp.Create(servers);
        var (told, other, ann) = (await app.AddLogoutClient(receiver), await app.AddClient(), await app.App.CreateUser(ProviderCalls.Ann));
        var tokens = (await told.Exchange(await app.IssueCode(told, ann))).ShouldBeOk();
        (await other.Exchange(await app.IssueCode(other, ann))).ShouldBeOk();
        await app.Age(TimeSpan.FromDays(2));
        var (store, database) = (await app.Installation.Get<SessionGrantStore>(), await app.Installation.Get<Database>());
        await database.Write(db => store.RemoveExpired(db, TimeProvider.System.Now(), 1000));
        (await other.LiveGrants()).ShouldBe(0);
        (await ann.Post("logout", new { })).ShouldBeTrue();
        await receiver.WaitFor(1);
        receiver.Claims[0].GetProperty("sid").GetString().ShouldBe(tokens.Claims("id_token").GetProperty("sid").GetString());
    }

    [Fact]
    public async Task Where_offline_access_outlives_the_browser_its_logout_is_told_and_the_tokens_go_on()
    {
        await using var receiver = await LogoutReceiver.Start();
        var app = await Outliving();
        var (client, ann) = (await app.AddLogoutClient(receiver), await app.App.CreateUser(ProviderCalls.Ann));
        var tokens = (await client.Exchange(await app.IssueCode(client, ann, Offline))).ShouldBeOk();
        (await ann.Post("logout", new { })).ShouldBeTrue();
        await receiver.WaitFor(1);
        receiver.Claims[0].GetProperty("sid").GetString().ShouldBe(tokens.Claims("id_token").GetProperty("sid").GetString());
        (await client.Refresh(tokens.Text("refresh_token"))).ShouldBeOk();
    }

    [Fact]
    public async Task The_end_of_a_session_beside_is_no_logout_of_the_browser()
    {
        await using var receiver = await LogoutReceiver.Start();
        var app = await Outliving();
        var (client, ann) = (await app.AddLogoutClient(receiver), await app.App.CreateUser(ProviderCalls.Ann));
        var tokens = (await client.Exchange(await app.IssueCode(client, ann, Offline))).ShouldBeOk();
        (await app.LiveSessions()).ShouldBe(2);
        (await client.Revoke(tokens.Text("refresh_token"))).ShouldBeOk();
        (await app.LiveSessions()).ShouldBe(1);
        (await app.Count("logout_notices")).ShouldBe(0);
        (await ann.IsSignedIn()).ShouldBeTrue();
    }

    [Fact]
    public async Task A_client_has_five_sessions_beside_that_of_a_browser_one_for_each_tab()
    {
        var app = await Outliving();
        var (client, other, ann) = (await app.AddClient(), await app.AddClient(), await app.App.CreateUser(ProviderCalls.Ann));
        var others = (await other.Exchange(await app.IssueCode(other, ann, Offline))).ShouldBeOk();
        var tabs = new List<Reply>();
        for (var tab = 0; tab < OwnedSessionStore.MaxBeside + 1; tab++)
        {
            tabs.Add((await client.Exchange(await app.IssueCode(client, ann, Offline))).ShouldBeOk());
        }

        (await app.LiveSessions()).ShouldBe(1 + OwnedSessionStore.MaxBeside + 1); // the browser's, and those of each client
        (await client.Refresh(tabs[0].Text("refresh_token"))).ShouldRefuse("invalid_grant");
        foreach (var tab in tabs.Skip(1))
        {
            (await client.Refresh(tab.Text("refresh_token"))).ShouldBeOk();
        }

        (await other.Refresh(others.Text("refresh_token"))).ShouldBeOk();
        (await ann.IsSignedIn()).ShouldBeTrue();
    }

    [Theory]
    [InlineData("code")]
    [InlineData("consent")]
    [InlineData("client")]
    public async Task A_session_beside_ends_with_its_only_grant(string how)
    {
        var app = await Outliving();
        var (client, ann) = (await app.AddClient(), await app.App.CreateUser(ProviderCalls.Ann));
        var code = await app.IssueCode(client, ann, Offline);
        (await client.Exchange(code)).ShouldBeOk();
        (await app.LiveSessions()).ShouldBe(2);
        switch (how)
        {
            case "code":
                (await client.Exchange(code)).ShouldRefuse("invalid_grant");
                break;
            case "consent":
                (await ann.Post("revokeConsent", new { clientId = client.Id })).ShouldBeTrue();
                break;
            default:
                (await app.App.SendAsServer(HttpMethod.Delete, $"clients/{client.Id}")).ShouldBeTrue();
                break;
        }

        (await app.LiveSessions()).ShouldBe(1);
        (await ann.IsSignedIn()).ShouldBeTrue();
    }

    [Fact]
    public async Task A_devices_session_ends_with_its_grant()
    {
        var app = await DeviceApp.Create(servers);
        var asked = await app.Ask();
        await app.Approve(asked);
        var tokens = (await app.Poll(asked)).ShouldBeOk();
        (await app.Provider.LiveSessions()).ShouldBe(2);
        (await app.Client.Revoke(tokens.Text("refresh_token"))).ShouldBeOk();
        (await app.Provider.LiveSessions()).ShouldBe(1);
        (await app.User.IsSignedIn()).ShouldBeTrue();
    }

    [Fact]
    public async Task A_reuse_of_a_refresh_token_ends_a_session_beside_and_is_told_by_mail()
    {
        var app = await Outliving();
        var (client, ann) = (await app.AddClient(), await app.App.CreateUser(ProviderCalls.Ann));
        var first = (await client.Exchange(await app.IssueCode(client, ann, Offline))).Text("refresh_token");
        (await client.Refresh((await client.Refresh(first)).Text("refresh_token"))).ShouldBeOk();
        await app.App.LetTimePass(TimeSpan.FromMinutes(5));
        var mails = (await app.App.Mails(ProviderCalls.Ann)).Count;
        (await client.Refresh(first)).ShouldRefuse("invalid_grant");
        (await app.LiveSessions()).ShouldBe(1);
        (await ann.IsSignedIn()).ShouldBeTrue();
        (await app.App.Mails(ProviderCalls.Ann)).Count.ShouldBe(mails + 1);
    }

    [Fact]
    public async Task A_client_keeps_twenty_grants_in_a_session_and_all_whose_codes_could_come_again()
    {
        var app = await ProviderApp.Create(servers);
        var (client, other, ann) = (await app.AddClient(), await app.AddClient(), await app.App.CreateUser(ProviderCalls.Ann));
        (await other.Exchange(await app.IssueCode(other, ann))).ShouldBeOk();
        for (var i = 0; i < SessionGrantStore.MaxPerSession + 2; i++)
        {
            (await client.Exchange(await app.IssueCode(client, ann))).ShouldBeOk();
        }

        (await client.LiveGrants()).ShouldBe(SessionGrantStore.MaxPerSession + 2);
        await app.Age(TimeSpan.FromSeconds(61));
        var last = (await client.Exchange(await app.IssueCode(client, ann))).ShouldBeOk();
        (await client.LiveGrants()).ShouldBe(SessionGrantStore.MaxPerSession);
        (await other.LiveGrants()).ShouldBe(1);
        (await app.UserInfo(last.Text("access_token"))).ShouldBeOk();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Refresh_tokens_stop_when_the_client_may_no_longer_have_them(bool byScope)
    {
        var client = await (await ProviderApp.Create(servers)).AddClient();
        var refresh = (await client.SignIn()).Text("refresh_token");
        await client.Change(settings =>
            byScope ? settings with { Scopes = ["openid"] } : settings with { GrantTypes = [GrantType.AuthorizationCode] }
        );
        (await client.Refresh(refresh)).ShouldRefuse(byScope ? "invalid_grant" : "unauthorized_client");
        await client.Change(settings => settings);
        (await client.Refresh(refresh)).ShouldBeOk();
    }

    private async Task<ProviderApp> Outliving()
    {
        var app = await ProviderApp.Create(servers);
        await app.Change(settings => settings with { OfflineOutlivesLogout = true });
        return app;
    }
}
