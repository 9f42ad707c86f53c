using System.Net;
using Latchkey.Provider.Clients;

namespace Latchkey.Tests.Provider;

/// <summary>The token endpoint, row by row of section 10 (OAuth 2.1).</summary>
public sealed class TokenEndpointTests(ServerFixture servers)
{
    [Fact]
    public async Task Row_21_26_A_GET_is_refused()
    {
        var provider = await ProviderApp.Create(servers);
        (await provider.Get("oauth2/token?grant_type=client_credentials")).Status.ShouldBe(HttpStatusCode.MethodNotAllowed);
    }

    [Fact]
    public async Task Row_21_27_Parameters_in_the_query_count_for_nothing()
    {
        var service = await Service();
        var query = $"token?grant_type=client_credentials&client_id={service.Id}&client_secret={service.Secret}";
        (await service.Provider.Post(query, [])).ShouldRefuse("invalid_request");
        (await service.Provider.Post(query, [("grant_type", GrantType.ClientCredentials)])).ShouldRefuseClient();
    }

    [Fact]
    public async Task Row_21_28_A_JSON_body_is_refused()
    {
        var service = await Service();
        var request = service.Provider.App.Server.Request(HttpMethod.Post, $"/apps/{service.Provider.Id}/oauth2/token", service.Basic);
        request.Content = new StringContent("""{"grant_type":"client_credentials"}""", System.Text.Encoding.UTF8, "application/json");
        (await service.Provider.App.Server.Send(request)).ShouldRefuse("invalid_request");
    }

    [Fact]
    public async Task Row_21_29_A_parameter_that_comes_twice_is_refused()
    {
        var service = await Service();
        (await service.Token(("grant_type", GrantType.ClientCredentials), ("scope", "read"), ("scope", "read"))).ShouldRefuse(
            "invalid_request"
        );
        (await service.Token(("grant_type", GrantType.ClientCredentials), ("x", "1"), ("x", ""))).ShouldRefuse("invalid_request");
    }

    [Fact]
    public async Task Row_21_30_An_empty_parameter_is_as_if_not_sent()
    {
        var service = await Service();
        (await service.Token(("grant_type", ""))).ShouldRefuse("invalid_request");
        (await service.Token(("grant_type", GrantType.ClientCredentials), ("scope", ""), ("client_secret", "")))
            .Text("scope")
            .ShouldBe("read write");
    }

    [Fact]
    public async Task Row_21_31_An_unknown_parameter_is_ignored() =>
        (await (await Service()).Token(("grant_type", GrantType.ClientCredentials), ("extra", "foobar"))).ShouldBeOk();

    [Fact]
    public async Task Row_21_32_The_grant_type_must_not_be_missing() => (await (await Service()).Token()).ShouldRefuse("invalid_request");

    [Theory]
    [InlineData("password")]
    [InlineData("implicit")]
    [InlineData("Client_Credentials")]
    public async Task Row_21_33_Other_grant_types_are_not_supported(string grantType) =>
        (await (await Service()).Token(("grant_type", grantType))).ShouldRefuse("unsupported_grant_type");

    [Fact]
    public async Task Row_21_34_A_client_gets_only_the_grant_types_that_it_has()
    {
        var service = await Service();
        (await service.Token(("grant_type", GrantType.RefreshToken), ("refresh_token", "lkr_x"))).ShouldRefuse("unauthorized_client");
    }

    [Fact]
    public async Task Row_21_35_A_success_has_the_token_its_type_its_lifetime_and_its_scope()
    {
        var reply = await (await Client()).SignIn();
        reply.Header("Content-Type").ShouldBe("application/json; charset=utf-8");
        reply
            .Json.EnumerateObject()
            .Select(member => member.Name)
            .ShouldBe(["access_token", "token_type", "expires_in", "scope", "refresh_token", "id_token"]);
        reply.Text("token_type").ShouldBe("Bearer");
        reply.Json.GetProperty("expires_in").GetInt64().ShouldBe(3600);
        reply.Text("scope").ShouldBe("openid offline_access");
    }

    [Fact]
    public async Task Row_21_36_No_cache_keeps_a_success_or_an_error()
    {
        var client = await Client();
        (await client.SignIn()).Header("Cache-Control").ShouldBe("no-store");
        (await client.Token()).Header("Cache-Control").ShouldBe("no-store");
    }

    [Fact]
    public async Task Row_21_38_A_public_client_cannot_act_for_itself()
    {
        var provider = await ProviderApp.Create(servers);
        var native = await provider.AddClient(
            ClientType.Native,
            s => s with { GrantTypes = [GrantType.ClientCredentials], Scopes = ["read"] }
        );
        (await native.Token(("grant_type", GrantType.ClientCredentials))).ShouldRefuse("unauthorized_client");
    }

    [Fact]
    public async Task Row_21_39_A_client_of_its_own_gets_no_refresh_token_and_no_id_token()
    {
        var service = await Service(s => s with { Scopes = ["read", "openid", "offline_access"] });
        var reply = await service.Token(("grant_type", GrantType.ClientCredentials), ("scope", "read openid offline_access"));
        reply.Text("scope").ShouldBe("read");
        reply.Json.EnumerateObject().Select(member => member.Name).ShouldBe(["access_token", "token_type", "expires_in", "scope"]);
        (await service.Provider.Count("session_grants")).ShouldBe(0);
    }

    [Fact]
    public async Task Row_21_40_Errors_are_JSON_with_status_400()
    {
        var client = await Client();
        (await client.Token(("grant_type", GrantType.AuthorizationCode), ("code", "x"))).ShouldRefuse("invalid_grant");
        (await client.Token(("grant_type", GrantType.AuthorizationCode))).ShouldRefuse("invalid_request");
    }

    [Theory]
    [InlineData("grant_type", "\"\\\u0001ünïcode")]
    [InlineData("scope", "\"a\\b\"")]
    [InlineData("resource", "<\"#>")]
    [InlineData("client_assertion", "\u007f\"")]
    public async Task Row_21_43_An_error_has_only_allowed_characters_whatever_was_sent(string name, string value)
    {
        var service = await Service();
        var form = new Dictionary<string, string> { ["grant_type"] = GrantType.ClientCredentials, [name] = value };
        var reply = await service.Token([.. form.Select(pair => (pair.Key, pair.Value))]);
        reply.ShouldRefuse(reply.Json.GetProperty("error").GetString()!);
        reply.Json.GetProperty("error").GetString()!.ShouldAllBe(c => char.IsAsciiLetterLower(c) || c == '_');
    }

    [Fact]
    public async Task Row_21_44_No_error_has_an_error_uri_so_none_can_be_malformed() =>
        (await (await Service()).Token()).Has("error_uri").ShouldBeFalse();

    [Fact]
    public async Task Row_21_47_An_error_never_repeats_what_was_sent()
    {
        var client = await Client();
        const string marker = "s3cr3t-marker";
        foreach (var grantType in new[] { GrantType.AuthorizationCode, GrantType.RefreshToken, marker })
        {
            var reply = await client.Token(
                ("grant_type", grantType),
                ("code", marker),
                ("refresh_token", marker),
                ("code_verifier", marker),
                ("redirect_uri", marker),
                ("resource", marker)
            );
            reply.Status.ShouldBe(HttpStatusCode.BadRequest);
            reply.Text.ShouldNotContain(marker);
        }

        (await client.Provider.Causes("token")).ShouldAllBe(cause => !cause.Contains(marker));
    }

    [Fact]
    public async Task CORE_27_An_access_token_is_not_kept_by_caches_and_is_a_bearer_token()
    {
        var reply = await (await Client()).SignIn();
        reply.Header("Cache-Control").ShouldBe("no-store");
        reply.Text("token_type").ShouldBe("Bearer");
    }

    [Fact]
    public async Task Refusals_are_in_the_applications_log_with_client_and_cause()
    {
        var client = await Client();
        await client.Token(("grant_type", GrantType.AuthorizationCode), ("code", "x"));
        (await client.Provider.Causes("token")).ShouldBe([$"client {client.Id}: the code is unknown"]);
    }

    [Fact]
    public async Task A_flood_of_refusals_is_bounded_in_the_log()
    {
        var client = await Client();
        for (var i = 0; i < 40; i++)
        {
            await client.Token(("grant_type", GrantType.AuthorizationCode), ("code", $"x{i}"));
        }

        (
            await client.Provider.Installation.Query<long>(
                "SELECT SUM(count) FROM audit WHERE app_id = @Id AND action = 'token'",
                new { client.Provider.Id }
            )
        ).ShouldBe(31);
    }

    [Fact]
    public async Task A_browser_may_call_the_token_endpoint_and_read_errors()
    {
        var provider = await ProviderApp.Create(servers);
        var reply = await provider.Post("token", [], ("Origin", "https://spa.example.com"));
        reply.ShouldRefuse("invalid_request").Header("Access-Control-Allow-Origin").ShouldBe("*");
        reply.Header("Access-Control-Expose-Headers")!.ShouldContain("WWW-Authenticate");
        reply.Header("Access-Control-Expose-Headers")!.ShouldContain("DPoP-Nonce");
        (await provider.Post("nothing", [], ("Origin", "https://spa.example.com"))).Header("Access-Control-Allow-Origin").ShouldBeNull();
    }

    private async Task<ProviderClient> Client() => await (await ProviderApp.Create(servers)).AddClient();

    private async Task<ProviderClient> Service(Func<ClientSettings, ClientSettings>? change = null) =>
        await (await ProviderApp.Create(servers)).AddClient(
            ClientType.Service,
            settings => change?.Invoke(settings) ?? settings with { Scopes = ["read", "write"] }
        );
}
