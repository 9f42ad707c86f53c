using System.Net;
using Latchkey.Provider.Clients;
using Latchkey.Tests.Api.Sessions;

namespace Latchkey.Tests.Provider;

/// <summary>Refresh tokens of clients: rows of OAuth 2.1, RFC 9700 and RFC 8707, and B-37 of the suite.</summary>
public sealed class RefreshGrantTests(ServerFixture servers)
{
    [Fact]
    public async Task Row_21_48_An_unknown_revoked_or_foreign_token_is_refused()
    {
        var client = await Client();
        var tokens = await client.SignIn();
        var (refresh, other) = (tokens.Text("refresh_token"), await client.Provider.AddClient());
        (await client.Refresh("lkr_unknown")).ShouldRefuse("invalid_grant");
        (await client.Refresh(tokens.Text("access_token"))).ShouldRefuse("invalid_grant");
        (await other.Refresh(refresh)).ShouldRefuse("invalid_grant");
        (await client.Refresh(refresh)).ShouldBeOk(); // the foreign use did no harm
        (await client.Revoke(refresh)).ShouldBeOk();
        (await client.Refresh(refresh)).ShouldRefuse("invalid_grant");
    }

    [Fact]
    public async Task Row_21_48_A_token_of_the_app_itself_is_no_clients()
    {
        var provider = await ProviderApp.Create(servers, "sessionMode=refresh");
        var (client, ann) = (await provider.AddClient(), await provider.App.CreateUser(ProviderCalls.Ann));
        (await client.Refresh(ann.RefreshToken!)).ShouldRefuse("invalid_grant");
        var clients = (await client.Exchange(await provider.IssueCode(client, ann, "openid offline_access"))).Text("refresh_token");
        (await provider.App.Post("refresh", new { refreshToken = clients })).ShouldFailWith(711);
    }

    [Fact]
    public async Task Row_21_49_A_wider_scope_is_refused_and_changes_nothing()
    {
        var client = await Client();
        var refresh = (await client.SignIn()).Text("refresh_token");
        (await client.Refresh(refresh, ("scope", "openid email"))).ShouldRefuse("invalid_scope");
        (
            await client.Provider.Installation.Query<long>(
                "SELECT generation FROM session_grants WHERE app_id = @Id",
                new { client.Provider.Id }
            )
        ).ShouldBe(1);
        (await client.Refresh(refresh)).ShouldBeOk();
    }

    [Fact]
    public async Task Row_21_50_A_narrower_scope_narrows_the_access_token_only()
    {
        var client = await Client();
        var tokens = await client.SignIn("openid email offline_access");
        var narrow = await client.Refresh(tokens.Text("refresh_token"), ("scope", "email"));
        narrow.Text("scope").ShouldBe("email");
        narrow.Claims("access_token").GetProperty("scope").GetString().ShouldBe("email");
        narrow.Has("id_token").ShouldBeFalse();
        (await client.Refresh(narrow.Text("refresh_token"))).Text("scope").ShouldBe("openid email offline_access");
    }

    [Fact]
    public async Task Row_21_51_A_confidential_client_must_prove_itself()
    {
        var client = await Client();
        var refresh = (await client.SignIn()).Text("refresh_token");
        (
            await client.Provider.Post("token", [("grant_type", "refresh_token"), ("refresh_token", refresh), ("client_id", client.Id)])
        ).ShouldRefuseClient();
        (await client.Refresh(refresh)).ShouldBeOk();
    }

    [Fact]
    public async Task Row_21_52_An_old_token_after_the_grace_time_ends_the_grant_and_not_the_users_session()
    {
        var client = await Client();
        var ann = await client.Provider.App.CreateUser(ProviderCalls.Ann);
        var first = await client.Exchange(await client.Provider.IssueCode(client, ann, "openid offline_access"));
        var mails = (await client.Provider.App.Mails(ProviderCalls.Ann)).Count;
        var second = (await client.Refresh(first.Text("refresh_token"))).Text("refresh_token");
        var third = (await client.Refresh(second)).Text("refresh_token");
        await client.Provider.App.LetTimePass(TimeSpan.FromMinutes(5));
        (await client.Refresh(first.Text("refresh_token"))).ShouldRefuse("invalid_grant");
        (await client.Refresh(third)).ShouldRefuse("invalid_grant");
        (await client.Provider.UserInfo(first.Text("access_token"))).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await ann.IsSignedIn()).ShouldBeTrue();
        (await client.Provider.App.Mails(ProviderCalls.Ann)).Count.ShouldBe(mails); // no session has ended
        (await client.Provider.Causes("refresh"))
            .ShouldHaveSingleItem()
            .ShouldStartWith($"what client {client.Id} was granted has ended: ");
    }

    [Fact]
    public async Task Row_21_53_A_lost_answer_gives_the_same_successor_again()
    {
        var client = await Client();
        var first = (await client.SignIn()).Text("refresh_token");
        var second = (await client.Refresh(first)).Text("refresh_token");
        await client.Provider.App.LetTimePass(TimeSpan.FromSeconds(30));
        (await client.Refresh(first)).Text("refresh_token").ShouldBe(second);
        (await client.Refresh(second)).ShouldBeOk();
    }

    [Fact]
    public async Task B_37_RefreshToken()
    {
        var client = await Client();
        var other = await client.Provider.AddClient();
        var first = await client.SignIn("openid offline_access");
        var others = await other.SignIn("openid offline_access", "ben@example.com");
        var before = first.Claims("id_token");
        first.Text("refresh_token").ShouldAllBe(c => c > ' ' && c <= '~');
        first.Text("refresh_token").Length.ShouldBeGreaterThan(32);
        await WaitUntil.IsTrue(
            "the next second",
            () => Task.FromResult(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() > before.GetProperty("iat").GetInt64())
        );
        var second = await client.Refresh(first.Text("refresh_token"), ("scope", "openid"));
        second.Header("Cache-Control").ShouldBe("no-store");
        second.Text("token_type").ShouldBe("Bearer");
        second.Has("expires_in").ShouldBeTrue();
        var after = second.Claims("id_token");
        foreach (var same in new[] { "iss", "sub", "aud", "auth_time", "sid" })
        {
            after.GetProperty(same).ToString().ShouldBe(before.GetProperty(same).ToString(), same);
        }

        after.TryGetProperty("azp", out _).ShouldBeFalse();
        after.TryGetProperty("nonce", out _).ShouldBeFalse();
        after.GetProperty("iat").GetInt64().ShouldBeGreaterThan(before.GetProperty("iat").GetInt64());
        (await client.Provider.UserInfo(second.Text("access_token"))).ShouldBeOk();
        (await other.Refresh(others.Text("refresh_token"))).ShouldBeOk();
        (await client.Refresh(others.Text("refresh_token"))).ShouldRefuse("invalid_grant");
    }

    [Fact]
    public async Task Row_9700_25_A_public_clients_refresh_token_is_rotated()
    {
        var provider = await ProviderApp.Create(servers);
        var spa = await provider.AddClient(ClientType.Browser);
        var first = await spa.SignIn();
        (await spa.Refresh(first.Text("refresh_token"))).Text("refresh_token").ShouldNotBe(first.Text("refresh_token"));
    }

    [Fact]
    public async Task Row_9700_26_A_reuse_revokes_the_newest_token_too_and_the_client_has_to_ask_again()
    {
        var provider = await ProviderApp.Create(servers);
        var spa = await provider.AddClient(ClientType.Browser);
        var first = (await spa.SignIn()).Text("refresh_token");
        var newest = (await spa.Refresh((await spa.Refresh(first)).Text("refresh_token"))).Text("refresh_token");
        await provider.App.LetTimePass(TimeSpan.FromMinutes(5));
        (await spa.Refresh(first)).ShouldRefuse("invalid_grant");
        (await spa.Refresh(newest)).ShouldRefuse("invalid_grant");
    }

    [Fact]
    public async Task Row_9700_27_A_refresh_token_is_bound_to_the_scope_and_the_resource_of_the_grant()
    {
        var (client, resource) = (await Client(), "https://orders.example.com/");
        await client.Provider.AddResource(resource, "orders:read");
        var refresh = (await client.SignIn("openid offline_access")).Text("refresh_token");
        (await client.Refresh(refresh, ("scope", "orders:read"))).ShouldRefuse("invalid_scope");
        (await client.Refresh(refresh, ("resource", resource))).ShouldRefuse("invalid_target");
        (await client.Refresh(refresh)).ShouldBeOk();
    }

    [Fact]
    public async Task Row_9700_28_An_idle_refresh_token_expires()
    {
        var provider = await ProviderApp.Create(servers, "sessionMode=refresh", "sessionIdleDays=30");
        var client = await provider.AddClient();
        var refresh = (await client.SignIn()).Text("refresh_token");
        await provider.Installation.Execute("UPDATE sessions SET idle_expires_at = 1 WHERE app_id = @Id", new { provider.Id });
        (await client.Refresh(refresh)).ShouldRefuse("invalid_grant");
        (await provider.Causes("token")).Single().ShouldStartWith($"client {client.Id}: ");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Row_9700_29_A_logout_ends_the_refresh_token_unless_a_setting_lets_it_live(bool outlives)
    {
        var (client, ann, refresh) = await SignedIn(outlives);
        (await ann.Post("logout", new { })).ShouldBeTrue();
        var reply = await client.Refresh(refresh);
        (outlives ? reply.ShouldBeOk() : reply.ShouldRefuse("invalid_grant")).Has("access_token").ShouldBe(outlives);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Row_9700_29_A_changed_password_ends_the_refresh_tokens_of_all_other_sessions_whatever_the_setting_says(bool outlives)
    {
        var (client, _, refresh) = await SignedIn(outlives);
        var elsewhere = await client.Provider.App.Login(ProviderCalls.Ann);
        var change = new { password = App.Password, newPassword = AppFlows.NewPassword };
        (await elsewhere.Post("changePassword", change)).ShouldBeTrue();
        (await client.Refresh(refresh)).ShouldRefuse("invalid_grant");
    }

    [Fact]
    public async Task A_scope_that_was_taken_from_the_client_since_is_left_out()
    {
        var client = await Client();
        var refresh = (await client.SignIn("openid email offline_access")).Text("refresh_token");
        var (store, database) = (
            await client.Provider.Installation.Get<ClientStore>(),
            await client.Provider.Installation.Get<Latchkey.Data.Database>()
        );
        await database.Write(db =>
            store.Update(db, client.Row with { Settings = client.Row.Settings with { Scopes = ["openid", "offline_access"] } })
        );
        (await client.Refresh(refresh)).Text("scope").ShouldBe("openid offline_access");
    }

    [Fact]
    public async Task A_resource_that_gets_a_granted_scope_later_is_not_of_the_grant()
    {
        const string orders = "https://orders.example.com/";
        const string later = "https://later.example.com/";
        var provider = await ProviderApp.Create(servers);
        await provider.AddResource(orders, "read");
        await provider.Change(settings => settings);
        var client = await provider.AddClient(change: s => s with { Resources = [orders, later], Scopes = [.. s.Scopes, "read", "own"] });
        var tokens = await client.SignIn("openid read offline_access");
        tokens.Claims("access_token").GetProperty("aud").GetString().ShouldBe(orders);
        var own = await client.SignIn("openid own offline_access", "ben@example.com");
        own.Claims("access_token").GetProperty("aud").GetString().ShouldBe(provider.Issuer);
        await provider.AddResource(later, "read own");
        await provider.Change(settings => settings);
        (await client.Refresh(tokens.Text("refresh_token"), ("resource", later))).ShouldRefuse("invalid_target");
        var again = (await client.Refresh(tokens.Text("refresh_token"))).ShouldBeOk();
        again.Claims("access_token").GetProperty("aud").GetString().ShouldBe(orders);
        var narrow = (await client.Refresh(again.Text("refresh_token"), ("scope", "openid"))).ShouldBeOk();
        narrow.Claims("access_token").GetProperty("aud").GetString().ShouldBe(provider.Issuer);
        var owns = (await client.Refresh(own.Text("refresh_token"))).ShouldBeOk().Claims("access_token");
        owns.GetProperty("aud").GetString().ShouldBe(provider.Issuer);
        owns.GetProperty("scope").GetString().ShouldBe("openid offline_access");
    }

    /// <summary>A client with a refresh token, where the setting whether it outlives the browser's session is so.</summary>
    private async Task<(ProviderClient Client, LoggedInUser User, string RefreshToken)> SignedIn(bool outlives)
    {
        var provider = await ProviderApp.Create(servers, outlives ? ["offlineOutlivesLogout=1"] : []);
        var (client, ann) = (await provider.AddClient(), await provider.App.CreateUser(ProviderCalls.Ann));
        var tokens = await client.Exchange(await provider.IssueCode(client, ann, "openid offline_access"));
        return (client, ann, tokens.Text("refresh_token"));
    }

    private async Task<ProviderClient> Client() => await (await ProviderApp.Create(servers)).AddClient();
}
