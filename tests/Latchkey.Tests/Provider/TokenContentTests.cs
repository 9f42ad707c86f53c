using System.Buffers.Text;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Latchkey.Cryptography;
using Latchkey.Provider.Clients;

namespace Latchkey.Tests.Provider;

/// <summary>What is inside tokens: RFC 9068, RFC 9700 and OpenID Connect Core.</summary>
public sealed class TokenContentTests(ServerFixture servers)
{
    private const string AccessTokenType = "at+jwt";

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
    public async Task Row_9068_01_The_header_says_that_it_is_an_access_token() =>
        (await Header()).GetProperty("typ").GetString().ShouldBe("at+jwt");

    [Fact]
    public async Task Row_9068_02_The_algorithm_is_never_none()
    {
        var tokens = await (await Client()).SignIn();
        LoggedInUser.DecodePart(tokens.Text("access_token"), 0).GetProperty("alg").GetString().ShouldBeOneOf("RS256", "ES256");
        tokens.Text("access_token").Split('.')[2].ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Row_9068_03_RS256_is_among_the_supported()
    {
        (await servers.Metadata()).GetProperty("id_token_signing_alg_values_supported").Names().ShouldContain("RS256");
        (await Header()).GetProperty("alg").GetString().ShouldBe("RS256");
    }

    [Fact]
    public async Task Row_9068_04_The_issuer_is_that_of_the_metadata()
    {
        var client = await Client();
        var metadata = await client.Provider.Get(Discovery.OpenIdPath);
        (await client.SignIn()).Claims("access_token").GetProperty("iss").GetString().ShouldBe(metadata.Text("issuer"));
    }

    [Fact]
    public async Task Row_9068_05_The_times_are_numbers_of_seconds()
    {
        var tokens = await (await Client()).SignIn();
        var (claims, now) = (tokens.Claims("access_token"), TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());
        claims.GetProperty("iat").GetInt64().ShouldBeInRange(now - 300, now);
        (claims.GetProperty("exp").GetInt64() - claims.GetProperty("iat").GetInt64()).ShouldBe(3600);
    }

    [Fact]
    public async Task Row_9068_06_The_audience_is_a_resource_and_not_the_client()
    {
        var client = await Client();
        var audience = (await client.SignIn()).Claims("access_token").GetProperty("aud").GetString();
        audience.ShouldBe(client.Provider.Issuer);
        audience.ShouldNotBe(client.Id);
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
    public async Task Row_9068_09_The_client_is_named()
    {
        var client = await Client();
        (await client.SignIn()).Claims("access_token").GetProperty("client_id").GetString().ShouldBe(client.Id);
    }

    [Fact]
    public async Task Row_9068_10_Each_token_has_its_own_id()
    {
        var client = await Client();
        var tokens = await client.SignIn();
        var ids = new List<string?> { IdOf(tokens) };
        for (var i = 0; i < 3; i++)
        {
            tokens = await client.Refresh(tokens.Text("refresh_token"));
            ids.Add(IdOf(tokens));
        }

        ids.ShouldBeUnique();

        static string? IdOf(Reply reply) => reply.Claims("access_token").GetProperty("jti").GetString();
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
    public async Task Row_9068_13_Claims_have_registered_names_and_none_says_groups_roles_or_entitlements() =>
        (await (await Client()).SignIn("openid profile email"))
            .Claims("access_token")
            .EnumerateObject()
            .Select(claim => claim.Name)
            .ShouldBe(["iss", "sub", "aud", "client_id", "iat", "exp", "jti", "scope", "sid", "auth_time", "amr", "acr"]);

    [Fact]
    public async Task Row_9068_15_Without_a_resource_the_issuer_is_the_default_and_takes_the_token()
    {
        var client = await Client();
        var tokens = await client.SignIn("openid email");
        tokens.Claims("access_token").GetProperty("aud").GetString().ShouldBe(client.Provider.Issuer);
        (await client.Provider.UserInfo(tokens.Text("access_token"))).ShouldBeOk();
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

    [Theory]
    [InlineData("at+jwt")]
    [InlineData("AT+JWT")]
    [InlineData("application/at+jwt")]
    [InlineData("Application/At+Jwt")]
    public async Task Row_9068_21_A_resource_takes_the_type_in_any_case_and_with_its_tree(string type)
    {
        var client = await Client();
        (await client.Provider.UserInfo(await Resign(client, type, _ => { }))).ShouldBeOk();
    }

    [Theory]
    [InlineData("JWT")]
    [InlineData("application/jwt")]
    [InlineData("logout+jwt")]
    [InlineData("")]
    public async Task Row_9068_21_A_resource_refuses_another_type(string type)
    {
        var client = await Client();
        await ShouldBeInvalid(client, await Resign(client, type, _ => { }));
    }

    [Fact]
    public async Task Row_9068_21_A_resource_refuses_another_issuer_audience_a_past_end_and_a_bad_signature()
    {
        var client = await Client();
        await ShouldBeInvalid(client, await Resign(client, AccessTokenType, claims => claims["iss"] = "https://other.example.com"));
        await ShouldBeInvalid(client, await Resign(client, AccessTokenType, claims => claims["aud"] = client.Id));
        await ShouldBeInvalid(client, await Resign(client, AccessTokenType, claims => claims["exp"] = 1_700_000_000));
        var token = await Resign(client, AccessTokenType, _ => { });
        var parts = token.Split('.');
        await ShouldBeInvalid(client, $"{parts[0]}.{parts[1]}.{(parts[2][0] == 'A' ? 'B' : 'A')}{parts[2][1..]}");
        var none = Base64Url.EncodeToString("""{"alg":"none","typ":"at+jwt"}"""u8);
        await ShouldBeInvalid(client, $"{none}.{parts[1]}.");
        (await client.Provider.UserInfo(token)).ShouldBeOk();
    }

    [Fact]
    public async Task Row_8707_08_Without_a_resource_the_issuer_is_the_audience()
    {
        var service = await Service();
        (await service.Token(ForItself)).Claims("access_token").GetProperty("aud").GetString().ShouldBe(service.Provider.Issuer);
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

    private async Task<JsonElement> Header() => LoggedInUser.DecodePart((await (await Client()).SignIn()).Text("access_token"), 0);

    private static async Task ShouldBeInvalid(ProviderClient client, string token) =>
        (await client.Provider.UserInfo(token)).ShouldRefuse("invalid_token", HttpStatusCode.Unauthorized);

    /// <summary>A user's token with another header or other claims, signed by the application's key.</summary>
    private static async Task<string> Resign(ProviderClient client, string type, Action<JsonObject> change)
    {
        var cache = await client.Provider.Installation.Get<Latchkey.Applications.ApplicationCache>();
        var tokens = await client.SignIn("openid", $"{Path.GetRandomFileName()}@example.com");
        var claims = JsonNode.Parse(tokens.Claims("access_token").GetRawText())!.AsObject();
        change(claims);
        return Jwt.Write(
            (await cache.Find(client.Provider.Id))!.SigningKey,
            type,
            json =>
            {
                foreach (var (name, value) in claims)
                {
                    json.WritePropertyName(name);
                    value!.WriteTo(json);
                }
            }
        );
    }
}
