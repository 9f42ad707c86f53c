using System.Net;
using Latchkey.Provider.Clients;

namespace Latchkey.Tests.Provider;

/// <summary>Revocation, row by row of section 12 (RFC 7009).</summary>
public sealed class RevocationTests(ServerFixture servers)
{
    [Fact]
    public async Task Row_7009_01_Discovery_names_the_endpoint_and_its_methods()
    {
        var provider = await ProviderApp.Create(servers);
        var metadata = (await provider.Get(".well-known/openid-configuration")).ShouldBeOk().Json;
        metadata.GetProperty("revocation_endpoint").GetString().ShouldBe($"{provider.Issuer}/oauth2/revoke");
        metadata
            .GetProperty("revocation_endpoint_auth_methods_supported")
            .Names()
            .ShouldBe(["client_secret_basic", "client_secret_post", "private_key_jwt", "none"]);
    }

    [Fact]
    public async Task Row_7009_02_It_takes_a_POST_only()
    {
        var client = await Client();
        (await client.Revoke((await client.SignIn()).Text("refresh_token"))).ShouldBeOk();
        (await client.Provider.Get("oauth2/revoke?token=x")).Status.ShouldBe(HttpStatusCode.MethodNotAllowed);
    }

    [Fact]
    public async Task Row_7009_03_The_token_must_not_be_missing() =>
        (await (await Client()).Call("revoke")).ShouldRefuse("invalid_request");

    [Fact]
    public async Task Row_7009_04_Tokens_are_found_without_a_hint()
    {
        await ShouldRevoke("access_token", []);
        await ShouldRevoke("refresh_token", []);
    }

    [Fact]
    public async Task Row_7009_05_Tokens_are_found_with_the_hint_of_the_other_type()
    {
        await ShouldRevoke("access_token", [("token_type_hint", "refresh_token")]);
        await ShouldRevoke("refresh_token", [("token_type_hint", "access_token")]);
    }

    [Fact]
    public async Task Row_7009_06_An_unknown_hint_is_ignored()
    {
        await ShouldRevoke("access_token", [("token_type_hint", "unheard_of")]);
        await ShouldRevoke("refresh_token", [("token_type_hint", "unheard_of")]);
    }

    [Fact]
    public async Task Row_7009_07_A_confidential_client_that_fails_revokes_nothing()
    {
        var client = await Client();
        var refresh = (await client.SignIn()).Text("refresh_token");
        (await client.Provider.Post("revoke", [("token", refresh), ("client_id", client.Id)])).ShouldRefuseClient();
        (await client.Provider.Post("revoke", [("token", refresh)], (client with { Secret = "wrong" }).Basic)).ShouldRefuseClient();
        (await client.Refresh(refresh)).ShouldBeOk();
    }

    [Fact]
    public async Task Row_7009_08_A_public_client_names_itself()
    {
        var native = await (await ProviderApp.Create(servers)).AddClient(ClientType.Native);
        var refresh = (await native.SignIn()).Text("refresh_token");
        (await native.Revoke(refresh)).ShouldBeOk();
        (await native.Refresh(refresh)).ShouldRefuse("invalid_grant");
    }

    [Fact]
    public async Task Row_7009_09_Another_clients_token_is_refused_and_lives()
    {
        var client = await Client();
        var (tokens, other) = (await client.SignIn(), await client.Provider.AddClient());
        (await other.Revoke(tokens.Text("refresh_token"))).ShouldRefuse("invalid_grant");
        (await other.Revoke(tokens.Text("access_token"))).ShouldRefuse("invalid_grant");
        (await client.Provider.UserInfo(tokens.Text("access_token"))).ShouldBeOk();
        (await client.Refresh(tokens.Text("refresh_token"))).ShouldBeOk();
    }

    [Fact]
    public async Task Row_7009_10_An_unknown_or_revoked_token_is_a_success()
    {
        var client = await Client();
        var refresh = (await client.SignIn()).Text("refresh_token");
        foreach (var token in new[] { "unknown", "lkr_unknown", "lka_unknown", "a.b.c", refresh, refresh })
        {
            (await client.Revoke(token)).ShouldBeOk();
        }
    }

    [Fact]
    public async Task Row_7009_11_A_valid_token_is_a_success_that_no_cache_keeps() =>
        (await (await Client()).Revoke((await (await Client()).SignIn()).Text("refresh_token")))
            .ShouldBeOk()
            .Header("Cache-Control")
            .ShouldBe("no-store");

    [Fact]
    public async Task Row_7009_12_With_a_refresh_token_its_access_tokens_end()
    {
        var client = await Client();
        var tokens = await client.SignIn();
        (await client.Revoke(tokens.Text("refresh_token"))).ShouldBeOk();
        (await client.Provider.UserInfo(tokens.Text("access_token"))).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Row_7009_13_An_access_token_ends_at_once_and_its_refresh_token_lives()
    {
        var client = await Client();
        var tokens = await client.SignIn();
        (await client.Revoke(tokens.Text("access_token"))).ShouldBeOk();
        (await client.Provider.UserInfo(tokens.Text("access_token"))).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await client.Introspect(tokens.Text("access_token"))).IsActive().ShouldBeFalse();
        var next = (await client.Refresh(tokens.Text("refresh_token"))).Text("access_token");
        (await client.Provider.UserInfo(next)).ShouldBeOk();
    }

    [Fact]
    public async Task Row_7009_14_A_revocation_counts_at_once_on_all_nodes()
    {
        var client = await Client();
        var tokens = await client.SignIn();
        var other = new ProviderApp(
            client.Provider.App with
            {
                Server = await servers.StartOn(
                    client.Provider.Installation,
                    ["--public-url", client.Provider.App.Server.Address.AbsoluteUri]
                ),
            }
        );
        (await other.UserInfo(tokens.Text("access_token"))).ShouldBeOk();
        (await client.Revoke(tokens.Text("access_token"))).ShouldBeOk();
        (await other.UserInfo(tokens.Text("access_token"))).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Row_7009_15_Both_types_are_supported_and_opaque_and_own_tokens_too()
    {
        var provider = await ProviderApp.Create(servers);
        var service = await provider.AddClient(ClientType.Service, s => s with { Scopes = ["read"], OpaqueTokens = true });
        var token = (await service.Token(("grant_type", GrantType.ClientCredentials))).Text("access_token");
        token.ShouldStartWith("lka_");
        (await service.Introspect(token)).IsActive().ShouldBeTrue();
        (await service.Revoke(token)).ShouldBeOk();
        (await service.Introspect(token)).IsActive().ShouldBeFalse();
    }

    [Fact]
    public async Task Row_7009_16_A_browser_may_call_it_and_a_callback_is_ignored()
    {
        var provider = await ProviderApp.Create(servers);
        var spa = await provider.AddClient(ClientType.Browser);
        var reply = await provider.Post(
            "revoke",
            [("client_id", spa.Id), ("token", "x"), ("callback", "f")],
            ("Origin", "https://a.example")
        );
        reply.ShouldBeOk().Header("Access-Control-Allow-Origin").ShouldBe("*");
        reply.Text.ShouldNotContain("f(");
    }

    private async Task ShouldRevoke(string type, (string Name, string Value)[] hint)
    {
        var client = await Client();
        var token = (await client.SignIn()).Text(type);
        (await client.Introspect(token)).IsActive().ShouldBeTrue();
        (await client.Call("revoke", [("token", token), .. hint])).ShouldBeOk().Text.ShouldBe("{}");
        (await client.Introspect(token)).IsActive().ShouldBeFalse();
    }

    private async Task<ProviderClient> Client() => await (await ProviderApp.Create(servers)).AddClient();
}
