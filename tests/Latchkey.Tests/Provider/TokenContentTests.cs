using System.Net;
using System.Text.Json;
using Latchkey.Provider.Clients;

namespace Latchkey.Tests.Provider;

/// <summary>What is inside tokens: RFC 9068, RFC 8707, RFC 9700 and OpenID Connect Core.</summary>
public sealed class TokenContentTests(ServerFixture servers)
{
    private const string Orders = "https://orders.example.com/";
    private const string Stock = "https://stock.example.com/api";

    [Fact]
    public async Task CM_04_B_01_ServerTest_The_code_gives_tokens()
    {
        var provider = await ProviderApp.Create(servers);
        var (client, ann) = (await provider.AddClient(), await provider.App.CreateUser(ProviderCalls.Ann));
        var code = await provider.IssueCode(client, ann);
        code.Length.ShouldBeGreaterThan(22);
        var reply = (await client.Exchange(code)).ShouldBeOk();
        reply.Json.GetProperty("expires_in").GetInt64().ShouldBeInRange(1, 31_536_000);
        reply.Has("access_token").ShouldBeTrue();
        reply.Has("id_token").ShouldBeTrue();
    }

    [Fact]
    public async Task CM_05_B_01_ServerTest_The_ID_token_has_the_right_claims_and_no_others()
    {
        var client = await Client();
        var tokens = await client.SignIn("openid profile email");
        var claims = tokens.Claims("id_token");
        claims
            .EnumerateObject()
            .Select(claim => claim.Name)
            .ShouldBe(["iss", "sub", "aud", "iat", "exp", "sid", "auth_time", "amr", "acr", "nonce", "at_hash"]);
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        claims.GetProperty("iss").GetString().ShouldBe(client.Provider.Issuer);
        claims.GetProperty("aud").GetString().ShouldBe(client.Id);
        claims.GetProperty("exp").GetInt64().ShouldBeInRange(now + 1, now + 86_400);
        claims.GetProperty("iat").GetInt64().ShouldBeInRange(now - 300, now);
        claims.GetProperty("auth_time").GetInt64().ShouldBeInRange(now - 300, now);
        claims.GetProperty("acr").GetString().ShouldBe("1");
        claims.GetProperty("nonce").GetString().ShouldBe("nonce-of-the-test");
        claims.GetProperty("sub").GetString()!.Length.ShouldBeInRange(1, 255);
        claims.GetProperty("at_hash").GetString().ShouldBe(HalfHash(tokens.Text("access_token")));
    }

    [Fact]
    public async Task CM_06_B_01_ServerTest_The_ID_token_verifies_by_the_published_key()
    {
        var client = await Client();
        await (await client.SignIn()).Text("id_token").ShouldBeSignedBy(client.Provider);
    }

    [Fact]
    public async Task CM_10_An_error_of_the_token_endpoint_is_JSON_with_allowed_characters() =>
        (await (await Client()).Token(("grant_type", GrantType.AuthorizationCode), ("code", "x"))).ShouldRefuse("invalid_grant");

    [Fact]
    public async Task CORE_16_The_nonce_comes_back_unchanged_and_only_if_it_was_sent()
    {
        var provider = await ProviderApp.Create(servers);
        var (client, ann) = (await provider.AddClient(), await provider.App.CreateUser(ProviderCalls.Ann));
        var nonce = string.Concat(Enumerable.Repeat("nönce\"<>&\\ ", 50));
        var reply = await client.Exchange(await provider.IssueCode(client, ann, change: c => c with { Nonce = nonce }));
        reply.Claims("id_token").GetProperty("nonce").GetString().ShouldBe(nonce);
        reply = await client.Exchange(await provider.IssueCode(client, ann, change: c => c with { Nonce = null }));
        reply.Claims("id_token").TryGetProperty("nonce", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task CORE_17_Without_offline_access_there_is_no_refresh_token() =>
        (await (await Client()).SignIn("openid")).Has("refresh_token").ShouldBeFalse();

    [Fact]
    public async Task CORE_18_A_refresh_token_comes_with_offline_access_only_with_and_without_openid()
    {
        var client = await Client();
        (await client.SignIn("openid offline_access")).Has("refresh_token").ShouldBeTrue();
        (await client.SignIn("offline_access", "ben@example.com")).Has("refresh_token").ShouldBeTrue();
    }

    [Fact]
    public async Task CORE_19_The_header_of_an_ID_token_names_a_key_and_carries_none()
    {
        var header = LoggedInUser.DecodePart((await (await Client()).SignIn()).Text("id_token"), 0);
        header.EnumerateObject().Select(member => member.Name).ShouldBe(["alg", "typ", "kid"]);
    }

    [Fact]
    public async Task Row_9068_01_to_06_An_access_token_has_type_algorithm_issuer_times_and_audience()
    {
        var client = await Client();
        var token = (await client.SignIn()).Text("access_token");
        var (header, claims) = (LoggedInUser.DecodePart(token, 0), LoggedInUser.DecodePart(token, 1));
        header.GetProperty("typ").GetString().ShouldBe("at+jwt");
        header.GetProperty("alg").GetString().ShouldBe("RS256");
        claims.GetProperty("iss").GetString().ShouldBe(client.Provider.Issuer);
        (claims.GetProperty("exp").GetInt64() - claims.GetProperty("iat").GetInt64()).ShouldBe(3600);
        claims.GetProperty("aud").GetString().ShouldBe(client.Provider.Issuer); // Row_9068_15 too: the default resource
    }

    [Fact]
    public async Task Row_9068_07_The_subject_is_that_of_the_ID_token()
    {
        var tokens = await (await Client()).SignIn();
        tokens.Claims("access_token").GetProperty("sub").GetString().ShouldBe(tokens.Claims("id_token").GetProperty("sub").GetString());
    }

    [Fact]
    public async Task Row_9068_08_Without_a_user_the_subject_is_the_client_and_nothing_is_said_of_a_sign_in()
    {
        var service = await Service();
        var claims = (await service.Token(("grant_type", GrantType.ClientCredentials))).Claims("access_token");
        claims.GetProperty("sub").GetString().ShouldBe(service.Id);
        claims.EnumerateObject().Select(claim => claim.Name).ShouldBe(["iss", "sub", "aud", "client_id", "iat", "exp", "jti", "scope"]);
    }

    [Fact]
    public async Task Row_9068_09_10_The_client_is_named_and_each_token_has_its_own_id()
    {
        var client = await Client();
        var first = await client.SignIn();
        var second = await client.Refresh(first.Text("refresh_token"));
        first.Claims("access_token").GetProperty("client_id").GetString().ShouldBe(client.Id);
        var id = first.Claims("access_token").GetProperty("jti").GetString();
        second.Claims("access_token").GetProperty("jti").GetString().ShouldNotBe(id);
    }

    [Fact]
    public async Task Row_9068_11_The_sign_in_is_described_and_stays_the_same_after_a_refresh()
    {
        var client = await Client();
        var first = await client.SignIn();
        var (before, after) = (first.Claims("access_token"), (await client.Refresh(first.Text("refresh_token"))).Claims("access_token"));
        before.GetProperty("amr").Names().ShouldBe(["pwd"]);
        foreach (var name in new[] { "auth_time", "acr", "amr", "sid" })
        {
            after.GetProperty(name).ToString().ShouldBe(before.GetProperty(name).ToString(), name);
        }
    }

    [Fact]
    public async Task Row_9068_12_The_scope_is_one_text_whose_values_mean_something_to_the_audience()
    {
        var client = await ClientOf(Orders, Stock);
        var tokens = await client.SignIn("openid orders:read");
        tokens.Claims("access_token").GetProperty("scope").GetString().ShouldBe("orders:read");
        tokens.Has("id_token").ShouldBeTrue();
    }

    [Fact]
    public async Task Row_9068_14_8707_03_A_resource_becomes_the_audience_and_foreign_scopes_are_dropped()
    {
        var service = await ServiceOf(Orders, Stock);
        var reply = await service.Token(ForItself, ("resource", Stock), ("scope", "orders:read stock:read"));
        reply.Claims("access_token").GetProperty("aud").GetString().ShouldBe(Stock);
        reply.Text("scope").ShouldBe("stock:read"); // Row_8707_09 too
        reply.Json.GetProperty("expires_in").GetInt64().ShouldBe(600);
    }

    [Fact]
    public async Task Row_9068_16_A_scope_of_one_resource_makes_it_the_default()
    {
        var service = await ServiceOf(Orders, Stock);
        var claims = (await service.Token(ForItself, ("scope", "stock:read"))).Claims("access_token");
        claims.GetProperty("aud").GetString().ShouldBe(Stock);
    }

    [Fact]
    public async Task Row_9068_17_Scopes_of_different_resources_are_refused_without_a_resource()
    {
        var service = await ServiceOf(Orders, Stock);
        (await service.Token(ForItself, ("scope", "orders:read stock:read"))).ShouldRefuse("invalid_scope");
        (await service.Token(ForItself)).ShouldRefuse("invalid_scope"); // all scopes of the client
    }

    [Fact]
    public async Task Row_9068_18_Two_resources_have_two_audiences()
    {
        var service = await ServiceOf(Orders, Stock);
        foreach (var resource in new[] { Orders, Stock })
        {
            (await service.Token(ForItself, ("resource", resource)))
                .Claims("access_token")
                .GetProperty("aud")
                .GetString()
                .ShouldBe(resource);
        }
    }

    [Fact]
    public async Task Row_9068_19_An_ID_token_is_no_access_token_and_the_reverse()
    {
        var client = await Client();
        var tokens = await client.SignIn();
        (await client.Provider.UserInfo(tokens.Text("id_token"))).ShouldRefuse("invalid_token", HttpStatusCode.Unauthorized);
        var cache = await client.Provider.Installation.Get<Latchkey.Applications.ApplicationCache>();
        var application = (await cache.Find(client.Provider.Id))!;
        Latchkey.Provider.Tokens.IdTokens.ReadHint(application, client.Provider.Issuer, tokens.Text("access_token")).ShouldBeNull();
        Latchkey.Provider.Tokens.IdTokens.ReadHint(application, client.Provider.Issuer, tokens.Text("id_token")).ShouldNotBeNull();
    }

    [Fact]
    public async Task Row_9068_20_A_published_key_verifies_the_token()
    {
        var client = await Client();
        await (await client.SignIn()).Text("access_token").ShouldBeSignedBy(client.Provider);
    }

    [Fact]
    public async Task Row_9068_22_Several_resources_only_if_every_scope_belongs_clearly_to_one()
    {
        var service = await ServiceOf(Orders, Stock);
        var both = await service.Token(ForItself, ("resource", Orders), ("resource", Stock), ("scope", "orders:read stock:read"));
        both.Claims("access_token").GetProperty("aud").Names().ShouldBe([Orders, Stock]);
        (await service.Token(ForItself, ("resource", Orders), ("resource", Stock), ("scope", "shared"))).ShouldRefuse("invalid_scope");
    }

    [Theory]
    [InlineData("orders")]
    [InlineData("https://orders.example.com/#part")]
    public async Task Row_8707_01_A_resource_that_is_no_absolute_URI_or_has_a_fragment_is_refused(string resource) =>
        (await (await ServiceOf(Orders)).Token(ForItself, ("resource", resource))).ShouldRefuse("invalid_target");

    [Fact]
    public async Task Row_8707_02_An_unknown_resource_and_one_of_other_clients_are_refused()
    {
        var service = await ServiceOf(Orders);
        await service.Provider.AddResource(Stock, "stock:read");
        (await service.Token(ForItself, ("resource", Stock))).ShouldRefuse("invalid_target");
        (await service.Token(ForItself, ("resource", "https://unknown.example.com/"))).ShouldRefuse("invalid_target");
    }

    [Fact]
    public async Task Row_8707_04_Each_of_several_resources_is_checked()
    {
        var service = await ServiceOf(Orders, Stock);
        (await service.Token(ForItself, ("resource", Orders), ("resource", "https://unknown.example.com/"))).ShouldRefuse("invalid_target");
    }

    [Fact]
    public async Task Row_8707_05_06_07_At_the_token_endpoint_the_grant_can_be_narrowed_and_not_left()
    {
        var client = await ClientOf(Orders, Stock);
        var (provider, ann) = (client.Provider, await client.Provider.App.CreateUser(ProviderCalls.Ann));
        var scope = "openid offline_access orders:read stock:read";
        var tokens = (
            await client.Exchange(await provider.IssueCode(client, ann, scope, c => c with { Resources = $"{Orders} {Stock}" }))
        ).ShouldBeOk();
        tokens.Claims("access_token").GetProperty("aud").Names().ShouldBe([Orders, Stock]);
        var narrow = await client.Refresh(tokens.Text("refresh_token"), ("resource", Orders));
        narrow.Claims("access_token").GetProperty("aud").GetString().ShouldBe(Orders);
        narrow.Text("scope").ShouldBe("orders:read");
        (await client.Refresh(narrow.Text("refresh_token"), ("resource", "https://unknown.example.com/"))).ShouldRefuse("invalid_target");
        (await client.Refresh(narrow.Text("refresh_token"))).Claims("access_token").GetProperty("aud").Names().ShouldBe([Orders, Stock]);
        var one = await provider.IssueCode(client, ann, scope, c => c with { Resources = Orders });
        (
            await client.Token(
                ("grant_type", GrantType.AuthorizationCode),
                ("code", one),
                ("redirect_uri", ProviderApp.RedirectUri),
                ("code_verifier", ProviderApp.Verifier),
                ("resource", Stock)
            )
        ).ShouldRefuse("invalid_target");
    }

    [Fact]
    public async Task Row_8707_08_Without_a_resource_the_issuer_is_the_audience()
    {
        var service = await Service();
        (await service.Token(ForItself)).Claims("access_token").GetProperty("aud").GetString().ShouldBe(service.Provider.Issuer);
    }

    [Fact]
    public async Task Row_9700_30_An_access_token_is_for_one_audience_with_the_least_scope()
    {
        var service = await ServiceOf(Orders, Stock);
        var reply = await service.Token(ForItself, ("resource", Orders), ("scope", "orders:read"));
        reply.Claims("access_token").GetProperty("aud").GetString().ShouldBe(Orders);
        reply.Text("scope").ShouldBe("orders:read");
        (await service.Provider.UserInfo(reply.Text("access_token"))).ShouldRefuse("invalid_token", HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Row_9700_31_A_token_shows_whether_its_subject_is_a_user()
    {
        var service = await Service();
        var user = (await (await service.Provider.AddClient()).SignIn()).Claims("access_token");
        var own = (await service.Token(ForItself)).Claims("access_token");
        own.GetProperty("sub").GetString().ShouldBe(own.GetProperty("client_id").GetString());
        user.GetProperty("sub").GetString().ShouldNotBe(user.GetProperty("client_id").GetString());
        user.GetProperty("sub").GetString()!.Length.ShouldNotBe(service.Id.Length);
        own.TryGetProperty("auth_time", out _).ShouldBeFalse();
        user.TryGetProperty("auth_time", out _).ShouldBeTrue();
    }

    [Fact]
    public async Task An_opaque_token_says_nothing_and_works_where_this_server_reads_it()
    {
        var client = await (await ProviderApp.Create(servers)).AddClient(change: s => s with { OpaqueTokens = true });
        var token = (await client.SignIn()).Text("access_token");
        token.ShouldStartWith("lka_");
        (await client.Provider.UserInfo(token)).ShouldBeOk();
        (await client.Introspect(token)).IsActive().ShouldBeTrue();
        (await client.Provider.UserInfo(token[..^2])).ShouldRefuse("invalid_token", HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_token_of_another_application_is_refused()
    {
        var (one, other) = (await Client(), await Client());
        (await other.Provider.UserInfo((await one.SignIn()).Text("access_token"))).ShouldRefuse(
            "invalid_token",
            HttpStatusCode.Unauthorized
        );
    }

    private static readonly (string, string) ForItself = ("grant_type", GrantType.ClientCredentials);

    private static string HalfHash(string token) =>
        System.Buffers.Text.Base64Url.EncodeToString(
            System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(token)).AsSpan(0, 16)
        );

    private async Task<ProviderClient> Client() => await (await ProviderApp.Create(servers)).AddClient();

    private async Task<ProviderClient> Service() =>
        await (await ProviderApp.Create(servers)).AddClient(ClientType.Service, s => s with { Scopes = ["read"] });

    private async Task<ProviderClient> ServiceOf(params string[] resources)
    {
        var provider = await WithResources(resources);
        return await provider.AddClient(
            ClientType.Service,
            s => s with { Resources = resources, Scopes = ["orders:read", "stock:read", "shared"] }
        );
    }

    private async Task<ProviderClient> ClientOf(params string[] resources)
    {
        var provider = await WithResources(resources);
        return await provider.AddClient(change: s => s with { Resources = resources, Scopes = [.. s.Scopes, "orders:read", "stock:read"] });
    }

    /// <summary>An application with these resources, which the server knows.</summary>
    private async Task<ProviderApp> WithResources(string[] resources)
    {
        var provider = await ProviderApp.Create(servers);
        foreach (var resource in resources)
        {
            await provider.AddResource(resource, resource == Orders ? "orders:read shared" : "stock:read shared");
        }

        await provider.Change(settings => settings); // the server follows this after the resources
        return provider;
    }
}
