using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Latchkey.Provider.Clients;

namespace Latchkey.Tests.Provider;

/// <summary>
/// The discovery documents: the config plan of the certification suite (C) and RFC 8414. Checks of https run on a server whose public URL
/// is one; its documents are the same otherwise.
/// </summary>
public sealed partial class MetadataTests(ServerFixture servers)
{
    private const string OpenIdPath = ".well-known/openid-configuration";

    [Fact]
    public async Task C_01_02_The_configuration_is_there_as_JSON()
    {
        var reply = (await (await ProviderApp.Create(servers)).Get(OpenIdPath)).ShouldBeOk();
        reply.Header("Content-Type").ShouldBe("application/json; charset=utf-8");
        reply.Json.ValueKind.ShouldBe(JsonValueKind.Object);
    }

    [Fact]
    public async Task C_03_04_05_The_issuer_is_the_address_without_the_suffix_by_https()
    {
        var (json, id) = await Https();
        json.GetProperty("issuer").GetString().ShouldBe($"https://auth.example.com/apps/{id}");
    }

    [Fact]
    public async Task C_06_07_All_members_are_known_and_of_their_type()
    {
        var json = await Metadata();
        foreach (var member in json.EnumerateObject())
        {
            var kind =
                member.Name.EndsWith("_supported", StringComparison.Ordinal)
                && !member.Name.StartsWith("request", StringComparison.Ordinal)
                && member.Value.ValueKind == JsonValueKind.Array
                    ? JsonValueKind.Array
                : member.Name is "issuer" or "jwks_uri" || member.Name.EndsWith("_endpoint", StringComparison.Ordinal)
                    ? JsonValueKind.String
                : member.Value.GetBoolean() ? JsonValueKind.True
                : JsonValueKind.False;
            member.Value.ValueKind.ShouldBe(kind, member.Name);
        }

        json.EnumerateObject().Select(member => member.Name).ShouldBeUnique();
        json.EnumerateObject().Select(member => member.Name).Except(Registered).ShouldBeEmpty();
    }

    [Fact]
    public async Task C_08_The_response_type_is_code() =>
        (await Metadata()).GetProperty("response_types_supported").Names().ShouldBe(["code"]);

    [Fact]
    public async Task C_09_The_subject_type_is_public() =>
        (await Metadata()).GetProperty("subject_types_supported").Names().ShouldBe(["public"]);

    [Fact]
    public async Task C_10_ID_tokens_are_signed_by_RS256() =>
        (await Metadata()).GetProperty("id_token_signing_alg_values_supported").Names().ShouldBe(["RS256"]);

    [Fact]
    public async Task C_11_UserInfo_is_not_signed() =>
        (await Metadata()).TryGetProperty("userinfo_signing_alg_values_supported", out _).ShouldBeFalse();

    [Fact]
    public async Task C_12_13_14_16_26_All_endpoints_and_the_keys_are_https_URLs()
    {
        var (json, id) = await Https();
        var urls = json.EnumerateObject()
            .Where(member => member.Name == "jwks_uri" || member.Name.EndsWith("_endpoint", StringComparison.Ordinal))
            .ToList();
        urls.Select(member => member.Name).ShouldContain("authorization_endpoint");
        urls.Select(member => member.Name).ShouldContain("token_endpoint");
        urls.Select(member => member.Name).ShouldContain("userinfo_endpoint");
        urls.ShouldAllBe(member => member.Value.GetString()!.StartsWith($"https://auth.example.com/apps/{id}/"));
    }

    [Fact]
    public async Task C_15_There_is_no_registration_endpoint() =>
        (await Metadata()).TryGetProperty("registration_endpoint", out _).ShouldBeFalse();

    [Fact]
    public async Task C_17_CM_02_The_keys_are_public_and_have_distinct_ids()
    {
        var provider = await ProviderApp.Create(servers);
        var keys = (await provider.Get(".well-known/jwks.json")).ShouldBeOk().Json.GetProperty("keys").EnumerateArray().ToList();
        keys.ShouldNotBeEmpty();
        keys.Select(key => key.GetProperty("kid").GetString()).ShouldBeUnique();
        foreach (var key in keys)
        {
            key.EnumerateObject().Select(member => member.Name).Intersect(["d", "p", "q", "dp", "dq", "qi", "k"]).ShouldBeEmpty();
            key.GetProperty("use").GetString().ShouldBe("sig");
        }
    }

    [Fact]
    public async Task C_18_19_Request_objects_are_off_and_said_so()
    {
        var json = await Metadata();
        json.GetProperty("request_parameter_supported").GetBoolean().ShouldBeFalse();
        json.GetProperty("request_uri_parameter_supported").GetBoolean().ShouldBeFalse();
        json.TryGetProperty("request_object_signing_alg_values_supported", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task C_20_21_The_claims_parameter_is_on_and_the_claims_are_listed()
    {
        var provider = await ProviderApp.Create(servers);
        await provider.Change(s =>
            s with
            {
                ClaimMappings = [new("plan", "user_data.plan", "billing"), new("address.region", "user_data.region", "address")],
            }
        );
        var json = (await provider.Get(OpenIdPath)).ShouldBeOk().Json;
        json.GetProperty("claims_parameter_supported").GetBoolean().ShouldBeTrue();
        foreach (var claim in new[] { "sub", "email", "phone_number", "plan", "address" })
        {
            json.GetProperty("claims_supported").Names().ShouldContain(claim);
        }

        json.GetProperty("scopes_supported").Names().ShouldContain("billing");
    }

    [Fact]
    public async Task C_22_The_grant_types_are_listed_and_the_device_grant_once_a_client_has_it()
    {
        var (with, without) = (await ProviderApp.Create(servers), await ProviderApp.Create(servers));
        await with.AddClient(ClientType.Device);
        var (on, off) = ((await with.Get(OpenIdPath)).ShouldBeOk().Json, (await without.Get(OpenIdPath)).ShouldBeOk().Json);
        on.GetProperty("grant_types_supported").Names().ShouldContain(GrantType.DeviceCode);
        on.TryGetProperty("device_authorization_endpoint", out _).ShouldBeTrue();
        off.GetProperty("grant_types_supported").Names().ShouldContain(GrantType.AuthorizationCode);
        off.GetProperty("grant_types_supported").Names().ShouldNotContain(GrantType.DeviceCode);
        off.GetProperty("grant_types_supported").Names().ShouldNotContain("implicit");
        off.TryGetProperty("device_authorization_endpoint", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task C_23_24_The_scopes_contain_openid_and_only_allowed_characters()
    {
        var scopes = (await Metadata()).GetProperty("scopes_supported").Names();
        scopes.ShouldContain("openid");
        scopes.ShouldAllBe(scope => Scope().IsMatch(scope!));
    }

    [Fact]
    public async Task C_25_Locales_are_written_in_their_usual_case()
    {
        var provider = await ProviderApp.Create(servers, "locales=EN,PT-BR,ZH-HANT-TW,ES-419");
        (await provider.Get(OpenIdPath)).Json.GetProperty("ui_locales_supported").Names().ShouldBe(["en", "pt-BR", "zh-Hant-TW", "es-419"]);
    }

    [Fact]
    public async Task C_27_The_only_challenge_method_is_S256() =>
        (await Metadata()).GetProperty("code_challenge_methods_supported").Names().ShouldBe(["S256"]);

    [Fact]
    public async Task C_28_The_issuer_is_that_of_ID_tokens()
    {
        var client = await (await ProviderApp.Create(servers)).AddClient();
        var issuer = (await client.SignIn()).Claims("id_token").GetProperty("iss").GetString();
        (await client.Provider.Get(OpenIdPath)).Text("issuer").ShouldBe(issuer);
    }

    [Fact]
    public async Task Row_8414_01_02_03_04_9068_23_Both_documents_are_the_same()
    {
        var provider = await ProviderApp.Create(servers);
        var openId = (await provider.Get(OpenIdPath)).ShouldBeOk();
        var inserted = (await provider.App.Server.Get($"/.well-known/oauth-authorization-server/apps/{provider.Id}")).ShouldBeOk();
        inserted.Text.ShouldBe(openId.Text);
        inserted.Header("Content-Type").ShouldBe("application/json; charset=utf-8");
        inserted.Text("issuer").ShouldBe(provider.Issuer);
    }

    [Theory]
    [InlineData("/.well-known/oauth-authorization-server/apps/00000000000000000000000000000000")]
    [InlineData("/apps/00000000000000000000000000000000/.well-known/openid-configuration")]
    [InlineData("/.well-known/oauth-authorization-server")]
    public async Task Row_8414_05_An_unknown_application_has_none(string path) =>
        (await (await servers.Unlimited()).Get(path)).Status.ShouldBe(HttpStatusCode.NotFound);

    [Fact]
    public async Task Row_8414_06_to_12_Endpoints_modes_grants_and_methods_are_said()
    {
        var json = await Metadata();
        json.GetProperty("response_modes_supported").Names().ShouldBe(["query", "form_post"]);
        json.GetProperty("token_endpoint_auth_methods_supported")
            .Names()
            .ShouldBe(["client_secret_basic", "client_secret_post", "private_key_jwt", "none"]);
    }

    [Theory]
    [InlineData("token_endpoint")]
    [InlineData("revocation_endpoint")]
    [InlineData("introspection_endpoint")]
    public async Task Row_8414_13_14_15_Algorithms_of_assertions_are_said_with_the_methods(string endpoint)
    {
        var json = await Metadata();
        json.GetProperty($"{endpoint}_auth_methods_supported").Names().ShouldContain("private_key_jwt");
        json.GetProperty($"{endpoint}_auth_signing_alg_values_supported").Names().ShouldBe(["RS256", "ES256"]);
    }

    [Fact]
    public async Task Row_8414_16_17_Features_are_said_as_they_are_set()
    {
        var json = await Metadata();
        json.GetProperty("authorization_response_iss_parameter_supported").GetBoolean().ShouldBeTrue();
        json.GetProperty("require_pushed_authorization_requests").GetBoolean().ShouldBeFalse();
        json.GetProperty("dpop_signing_alg_values_supported").Names().ShouldContain("ES256");
        json.TryGetProperty("pushed_authorization_request_endpoint", out _).ShouldBeTrue();
    }

    [Fact]
    public async Task Row_8414_18_19_No_array_is_empty_and_nothing_is_signed()
    {
        var json = await Metadata();
        json.EnumerateObject()
            .Where(member => member.Value.ValueKind == JsonValueKind.Array)
            .ShouldAllBe(member => member.Value.GetArrayLength() > 0);
        json.TryGetProperty("signed_metadata", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Row_8414_20_CORE_26_A_browser_can_read_it_and_caches_keep_it_a_while()
    {
        var provider = await ProviderApp.Create(servers);
        foreach (
            var path in new[]
            {
                $"/apps/{provider.Id}/{OpenIdPath}",
                $"/.well-known/oauth-authorization-server/apps/{provider.Id}",
                $"/apps/{provider.Id}/.well-known/jwks.json",
            }
        )
        {
            var reply = (await provider.App.Server.Get(path, ("Origin", "https://spa.example.com"))).ShouldBeOk();
            reply.Header("Access-Control-Allow-Origin").ShouldBe("*");
            reply.Header("Cache-Control").ShouldBe("public, max-age=300");
            var again = await provider.App.Server.Get(path, ("If-None-Match", reply.Header("ETag")!));
            again.Status.ShouldBe(HttpStatusCode.NotModified);
            again.Text.ShouldBeEmpty();
            (await provider.App.Server.Get(path, ("If-None-Match", "\"other\""))).ShouldBeOk();
        }
    }

    [Fact]
    public async Task Row_8414_21_Nothing_is_said_of_the_server_itself()
    {
        var (json, _) = await Https();
        json.GetRawText().ShouldNotContain("127.0.0.1");
        json.EnumerateObject().ShouldAllBe(member => !member.Name.Contains("version"));
    }

    [Fact]
    public async Task No_page_or_authorization_may_be_read_by_other_origins()
    {
        var provider = await ProviderApp.Create(servers);
        foreach (var path in new[] { "oauth2/authorize", "oauth2/logout", "login", "account" })
        {
            (await provider.Get(path, ("Origin", "https://spa.example.com"))).Header("Access-Control-Allow-Origin").ShouldBeNull(path);
        }
    }

    private static readonly string[] Registered =
    [
        "issuer",
        "jwks_uri",
        "authorization_endpoint",
        "token_endpoint",
        "userinfo_endpoint",
        "revocation_endpoint",
        "introspection_endpoint",
        "pushed_authorization_request_endpoint",
        "end_session_endpoint",
        "device_authorization_endpoint",
        "response_types_supported",
        "response_modes_supported",
        "grant_types_supported",
        "code_challenge_methods_supported",
        "prompt_values_supported",
        "subject_types_supported",
        "id_token_signing_alg_values_supported",
        "dpop_signing_alg_values_supported",
        "acr_values_supported",
        "authorization_response_iss_parameter_supported",
        "backchannel_logout_supported",
        "backchannel_logout_session_supported",
        "claims_parameter_supported",
        "request_parameter_supported",
        "request_uri_parameter_supported",
        "require_pushed_authorization_requests",
        "token_endpoint_auth_methods_supported",
        "token_endpoint_auth_signing_alg_values_supported",
        "revocation_endpoint_auth_methods_supported",
        "revocation_endpoint_auth_signing_alg_values_supported",
        "introspection_endpoint_auth_methods_supported",
        "introspection_endpoint_auth_signing_alg_values_supported",
        "scopes_supported",
        "claims_supported",
        "claim_types_supported",
        "ui_locales_supported",
    ];

    private async Task<JsonElement> Metadata() => (await (await ProviderApp.Create(servers)).Get(OpenIdPath)).ShouldBeOk().Json;

    /// <summary>The document of a server behind a proxy with TLS.</summary>
    private async Task<(JsonElement Json, string Id)> Https()
    {
        var server = await servers.Start("--public-url", "https://auth.example.com");
        var app = await App.CreateRsa(server, ["signupFlow=none"]);
        return ((await server.Get($"/apps/{app.Id}/{OpenIdPath}")).ShouldBeOk().Json, app.Id);
    }

    [GeneratedRegex(@"^[\x21\x23-\x5B\x5D-\x7E]+\z")]
    private static partial Regex Scope();
}
