using System.Net;
using System.Text.Json;
using Latchkey.Provider.Clients;

namespace Latchkey.Tests.Provider;

/// <summary>Introspection, row by row of section 13 (RFC 7662).</summary>
public sealed class IntrospectionTests(ServerFixture servers)
{
    private const string Orders = "https://orders.example.com/";
    private const string Inactive = """{"active":false}""";

    [Fact]
    public async Task Row_7662_01_Discovery_names_the_endpoint_and_its_methods()
    {
        var provider = await ProviderApp.Create(servers);
        var metadata = (await provider.Get(".well-known/openid-configuration")).ShouldBeOk().Json;
        metadata.GetProperty("introspection_endpoint").GetString().ShouldBe($"{provider.Issuer}/oauth2/introspect");
        metadata
            .GetProperty("introspection_endpoint_auth_methods_supported")
            .Names()
            .ShouldBe(["client_secret_basic", "client_secret_post", "private_key_jwt"]);
    }

    [Fact]
    public async Task Row_7662_02_It_takes_a_POST_only()
    {
        var client = await Client();
        (await client.Introspect((await client.SignIn()).Text("access_token"))).IsActive().ShouldBeTrue();
        (await client.Provider.Get("oauth2/introspect?token=x")).Status.ShouldBe(HttpStatusCode.MethodNotAllowed);
    }

    [Fact]
    public async Task Row_7662_03_The_token_must_not_be_missing() =>
        (await (await Client()).Call("introspect")).ShouldRefuse("invalid_request");

    [Theory]
    [InlineData("")]
    [InlineData("refresh_token")]
    [InlineData("unheard_of")]
    public async Task Row_7662_04_A_token_is_found_whatever_the_hint_says(string hint)
    {
        var client = await Client();
        var tokens = await client.SignIn();
        foreach (var token in new[] { "access_token", "refresh_token" })
        {
            (await client.Call("introspect", ("token", tokens.Text(token)), ("token_type_hint", hint))).IsActive().ShouldBeTrue();
        }
    }

    [Fact]
    public async Task Tokens_of_a_client_that_was_deleted_are_not_active()
    {
        var provider = await ProviderApp.Create(servers);
        await provider.AddResource(Orders, "read");
        await provider.Change(settings => settings);
        var (service, api) = (
            await provider.AddClient(ClientType.Service, s => s with { Resources = [Orders], Scopes = ["read"] }),
            await provider.AddClient(ClientType.Service, s => s with { Resources = [Orders] })
        );
        var token = (await service.Token(("grant_type", GrantType.ClientCredentials))).ShouldBeOk().Text("access_token");
        (await api.Introspect(token)).IsActive().ShouldBeTrue();
        (await provider.App.SendAsServer(HttpMethod.Delete, $"clients/{service.Id}")).ShouldBeTrue();
        (await api.Introspect(token)).IsActive().ShouldBeFalse();
    }

    [Fact]
    public async Task Row_7662_05_Nobody_asks_without_proof()
    {
        var client = await Client();
        (await client.Provider.Post("introspect", [("token", "x")])).ShouldRefuseClient();
        (await client.Provider.Post("introspect", [("token", "x")], (client with { Secret = "wrong" }).Basic)).ShouldRefuseClient();
    }

    [Fact]
    public async Task Row_7662_06_A_bearer_token_is_no_proof()
    {
        var client = await Client();
        var token = (await client.SignIn()).Text("access_token");
        var reply = await client.Provider.Post("introspect", [("token", token)], ("Authorization", $"Bearer {token}"));
        reply.ShouldRefuseClient().Header("WWW-Authenticate")!.ShouldStartWith("Basic ");
    }

    [Fact]
    public async Task Row_7662_07_A_public_client_is_refused()
    {
        var native = await (await ProviderApp.Create(servers)).AddClient(ClientType.Native);
        (await native.Introspect((await native.SignIn()).Text("access_token"))).ShouldRefuseClient();
    }

    [Fact]
    public async Task Row_7662_08_An_active_token_is_said_so_by_a_boolean()
    {
        var client = await Client();
        (await client.Introspect((await client.SignIn()).Text("access_token")))
            .Json.GetProperty("active")
            .ValueKind.ShouldBe(JsonValueKind.True);
    }

    [Fact]
    public async Task Row_7662_09_Whatever_is_not_active_gets_the_same_answer()
    {
        var client = await Client();
        var (foreign, tokens) = (await (await Client()).SignIn(), await client.SignIn());
        (await client.Revoke(tokens.Text("access_token"))).ShouldBeOk();
        string[] all =
        [
            "unknown",
            "lkr_unknown",
            "lka_unknown",
            "a.b.c",
            tokens.Text("id_token"),
            tokens.Text("access_token"),
            foreign.Text("access_token"),
            foreign.Text("refresh_token"),
        ];
        foreach (var token in all)
        {
            (await client.Introspect(token)).ShouldBeOk().Text.ShouldBe(Inactive);
        }
    }

    [Fact]
    public async Task Row_7662_09_An_expired_token_is_not_active()
    {
        var client = await Client();
        await client.Provider.AddResource(Orders, "orders:read", tokenSeconds: 1);
        var service = await client.Provider.AddClient(ClientType.Service, s => s with { Scopes = ["orders:read"], Resources = [Orders] });
        var reply = await WaitUntil.IsNotNull(
            "the resource is known",
            async () => await service.Token(("grant_type", GrantType.ClientCredentials)) is { Status: HttpStatusCode.OK } ok ? ok : null
        );
        await WaitUntil.IsTrue("the token expires", async () => (await service.Introspect(reply.Text("access_token"))).Text == Inactive);
    }

    [Fact]
    public async Task Row_7662_10_A_caller_that_is_not_entitled_sees_it_inactive()
    {
        var client = await Client();
        var (tokens, other) = (await client.SignIn(), await client.Provider.AddClient());
        (await other.Introspect(tokens.Text("access_token"))).ShouldBeOk().Text.ShouldBe(Inactive);
    }

    [Fact]
    public async Task Row_7662_11_The_scope_is_one_text_with_blanks_between() =>
        (await AnswerAndClaims()).Answer.GetProperty("scope").GetString().ShouldBe("openid email");

    [Fact]
    public async Task Row_7662_12_Times_are_whole_seconds_and_equal_the_claims()
    {
        var (answer, claims) = await AnswerAndClaims();
        foreach (var name in new[] { "exp", "iat" })
        {
            answer.GetProperty(name).GetRawText().ShouldMatch("^[0-9]{10}$", name);
            answer.GetProperty(name).GetInt64().ShouldBe(claims.GetProperty(name).GetInt64(), name);
        }

        answer.TryGetProperty("nbf", out _).ShouldBeFalse(); // a token counts from its beginning
    }

    [Fact]
    public async Task Row_7662_13_Names_have_the_right_types_and_equal_the_claims()
    {
        var (answer, claims) = await AnswerAndClaims();
        foreach (var name in new[] { "client_id", "sub", "aud", "iss", "jti" })
        {
            answer.GetProperty(name).ValueKind.ShouldBe(JsonValueKind.String, name);
            answer.GetProperty(name).GetString().ShouldBe(claims.GetProperty(name).GetString(), name);
        }

        answer.GetProperty("username").GetString().ShouldBe(ProviderCalls.Ann);
        answer.GetProperty("token_type").GetString().ShouldBe("Bearer");
    }

    [Fact]
    public async Task Row_7662_20_A_bound_token_is_shown_with_its_key_and_type()
    {
        var client = await Client();
        using var key = DpopKey.NewEc();
        var code = await client.Provider.IssueCode(client, await client.Provider.App.CreateUser(ProviderCalls.Ann));
        var tokens = await client.ExchangeWith(key.TokenProof(client.Provider), code);
        var answer = (await client.Introspect(tokens.Text("access_token"))).ShouldBeOk();
        answer.Json.GetProperty("cnf").GetProperty("jkt").GetString().ShouldBe(key.Thumbprint);
        answer.Text("token_type").ShouldBe("DPoP");
    }

    [Fact]
    public async Task Row_7662_14_An_altered_token_is_not_active()
    {
        var client = await Client();
        var parts = (await client.SignIn()).Text("access_token").Split('.');
        var altered = parts[1][..^2] + (parts[1][^2] == 'A' ? 'B' : 'A') + parts[1][^1];
        (await client.Introspect($"{parts[0]}.{altered}.{parts[2]}")).Text.ShouldBe(Inactive);
    }

    [Fact]
    public async Task Row_7662_15_A_suspended_user_and_an_ended_session_count_at_once()
    {
        var client = await Client();
        var (ann, ben) = (await client.SignIn(), await client.SignIn(handle: "ben@example.com"));
        await client.Provider.Installation.Execute(
            "UPDATE users SET status = 'suspend' WHERE app_id = @Id AND handle = @Ann",
            new { client.Provider.Id, ProviderCalls.Ann }
        );
        foreach (var token in new[] { "access_token", "refresh_token" })
        {
            (await client.Introspect(ann.Text(token))).Text.ShouldBe(Inactive);
            (await client.Introspect(ben.Text(token))).IsActive().ShouldBeTrue();
        }

        await client.Provider.Installation.Execute(
            "UPDATE sessions SET ended_at = 1, end_reason = 'signedOut' WHERE app_id = @Id",
            new { client.Provider.Id }
        );
        (await client.Introspect(ben.Text("access_token"))).Text.ShouldBe(Inactive);
        (await client.Introspect(ben.Text("refresh_token"))).Text.ShouldBe(Inactive);
    }

    [Fact]
    public async Task Row_7662_16_Only_the_audience_and_the_client_see_a_token_for_a_resource()
    {
        var provider = await ProviderApp.Create(servers);
        await provider.AddResource(Orders, "orders:read");
        var client = await provider.AddClient(change: s => s with { Resources = [Orders], Scopes = [.. s.Scopes, "orders:read"] });
        var api = await provider.AddClient(ClientType.Service, s => s with { Resources = [Orders] });
        var otherApi = await provider.AddClient(ClientType.Service, s => s with { Resources = ["https://other.example.com/"] });
        var otherWebsite = await provider.AddClient(change: s => s with { Resources = [Orders] });
        var token = await WaitUntil.IsNotNull(
            "the resource is known",
            async () =>
                await client.SignIn("openid orders:read", $"{Path.GetRandomFileName()}@example.com") is var reply
                && reply.Claims("access_token").GetProperty("aud").GetString() == Orders
                    ? reply.Text("access_token")
                    : null
        );
        (await api.Introspect(token)).IsActive().ShouldBeTrue();
        (await client.Introspect(token)).IsActive().ShouldBeTrue();
        (await otherApi.Introspect(token)).Text.ShouldBe(Inactive);
        (await otherWebsite.Introspect(token)).Text.ShouldBe(Inactive);
    }

    [Fact]
    public async Task Row_7662_17_Only_its_client_sees_a_refresh_token_and_it_is_no_bearer_token()
    {
        var client = await Client();
        var (tokens, other) = (await client.SignIn(), await client.Provider.AddClient(ClientType.Service));
        var answer = (await client.Introspect(tokens.Text("refresh_token"))).ShouldBeOk();
        answer.IsActive().ShouldBeTrue();
        answer.Has("token_type").ShouldBeFalse();
        (await other.Introspect(tokens.Text("refresh_token"))).Text.ShouldBe(Inactive);
    }

    [Fact]
    public async Task Row_7662_18_No_cache_keeps_an_answer() =>
        (await (await Client()).Introspect("x")).ShouldBeOk().Header("Cache-Control").ShouldBe("no-store");

    [Fact]
    public async Task Row_7662_19_Guessing_tokens_is_limited_for_each_caller_and_tokens_still_get_their_answer()
    {
        var provider = new ProviderApp(await App.CreateRsa(servers.Main, ["signupFlow=none", "callsPerSecond=2000"]));
        var service = await provider.AddClient(ClientType.Service, s => s with { Scopes = ["read"] });
        var other = await provider.AddClient(ClientType.Service);
        var token = (await service.Token(("grant_type", GrantType.ClientCredentials))).Text("access_token");
        await WaitUntil.IsTrue(
            "the limit is reached",
            async () => (await service.Introspect("guess")).Status == HttpStatusCode.TooManyRequests
        );
        (await service.Introspect("guess")).ShouldRefuse("temporarily_unavailable", HttpStatusCode.TooManyRequests);
        (await service.Introspect(token)).IsActive().ShouldBeTrue();
        (await other.Introspect("guess")).Text.ShouldBe(Inactive);
    }

    private async Task<(JsonElement Answer, JsonElement Claims)> AnswerAndClaims()
    {
        var client = await Client();
        var tokens = await client.SignIn("openid email");
        return ((await client.Introspect(tokens.Text("access_token"))).ShouldBeOk().Json, tokens.Claims("access_token"));
    }

    private async Task<ProviderClient> Client() => await (await ProviderApp.Create(servers)).AddClient();
}
