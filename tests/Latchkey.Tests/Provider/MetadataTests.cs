using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using Latchkey.Provider.Clients;
using Latchkey.Tests.Provider.RealClients;

namespace Latchkey.Tests.Provider;

/// <summary>
/// The discovery document, check by check of the config plan of the certification suite (C). Checks of https run on a server whose public URL
/// is one; its documents are the same otherwise.
/// </summary>
public sealed partial class MetadataTests(ServerFixture servers)
{
    [Fact]
    public async Task C_01_The_configuration_is_one_JSON_object() =>
        (await (await ProviderApp.Create(servers)).Get(Discovery.OpenIdPath)).ShouldBeOk().Json.ValueKind.ShouldBe(JsonValueKind.Object);

    [Fact]
    public async Task C_02_The_configuration_says_that_it_is_JSON() =>
        (await (await ProviderApp.Create(servers)).Get(Discovery.OpenIdPath))
            .ShouldBeOk()
            .Header("Content-Type")
            .ShouldBe("application/json; charset=utf-8");

    [Fact]
    public async Task C_03_The_configuration_is_found_below_the_issuer_by_https()
    {
        await using var https = await HttpsProvider.Start(servers);
        using var http = new HttpClient(https.Handler());
        var address = $"{https.App.Issuer}/{Discovery.OpenIdPath}";
        address.ShouldStartWith("https://");
        address.ShouldEndWith("/.well-known/openid-configuration");
        using var json = JsonDocument.Parse(await http.GetStringAsync(address));
        json.RootElement.GetProperty("issuer").GetString().ShouldBe(https.App.Issuer);
    }

    [Fact]
    public async Task C_04_The_issuer_is_the_address_without_the_suffix()
    {
        var provider = await ProviderApp.Create(servers);
        var path = $"apps/{provider.Id}/{Discovery.OpenIdPath}";
        var address = $"{provider.App.Server.Address.AbsoluteUri}{path}";
        (await provider.App.Server.Get($"/{path}")).Text("issuer").ShouldBe(address[..^"/.well-known/openid-configuration".Length]);
    }

    [Fact]
    public async Task C_05_The_issuer_is_an_https_address_with_a_host_and_nothing_behind_the_path()
    {
        var (json, id) = await servers.HttpsMetadata();
        var text = json.GetProperty("issuer").GetString()!;
        var issuer = new Uri(text);
        text.ShouldBe($"https://{issuer.Host}/apps/{id}");
        issuer.UserInfo.ShouldBeEmpty();
        issuer.Query.ShouldBeEmpty();
        issuer.Fragment.ShouldBeEmpty();
    }

    [Fact]
    public async Task C_06_Each_member_is_of_its_type()
    {
        foreach (var member in (await servers.Metadata()).EnumerateObject())
        {
            if (Texts.Contains(member.Name))
            {
                Uri.IsWellFormedUriString(member.Value.GetString(), UriKind.Absolute).ShouldBeTrue(member.Name);
            }
            else if (Flags.Contains(member.Name))
            {
                member.Value.ValueKind.ShouldBeOneOf([JsonValueKind.True, JsonValueKind.False], member.Name);
            }
            else
            {
                member.Value.Names().ShouldAllBe(value => !string.IsNullOrEmpty(value), member.Name);
            }
        }
    }

    [Fact]
    public async Task C_07_Each_member_is_registered_and_there_once()
    {
        var names = (await servers.Metadata()).EnumerateObject().Select(member => member.Name).ToList();
        names.ShouldBeUnique();
        names.Except([.. Texts, .. Flags, .. Lists]).ShouldBeEmpty();
    }

    [Fact]
    public async Task C_08_The_response_type_is_code() =>
        (await servers.Metadata()).GetProperty("response_types_supported").Names().ShouldBe(["code"]);

    [Fact]
    public async Task C_09_The_subject_type_is_public() =>
        (await servers.Metadata()).GetProperty("subject_types_supported").Names().ShouldBe(["public"]);

    [Fact]
    public async Task C_10_ID_tokens_are_signed_by_RS256() =>
        (await servers.Metadata()).GetProperty("id_token_signing_alg_values_supported").Names().ShouldBe(["RS256"]);

    [Fact]
    public async Task C_11_UserInfo_is_not_signed() =>
        (await servers.Metadata()).TryGetProperty("userinfo_signing_alg_values_supported", out _).ShouldBeFalse();

    [Fact]
    public Task C_12_The_authorization_endpoint_is_an_https_URL() => ShouldBeHttps("authorization_endpoint", "oauth2/authorize");

    [Fact]
    public Task C_13_The_token_endpoint_is_an_https_URL() => ShouldBeHttps("token_endpoint", "oauth2/token");

    [Fact]
    public Task C_14_The_userinfo_endpoint_is_an_https_URL() => ShouldBeHttps("userinfo_endpoint", "oauth2/userinfo");

    [Fact]
    public Task C_16_The_keys_are_at_an_https_URL() => ShouldBeHttps("jwks_uri", ".well-known/jwks.json");

    [Fact]
    public async Task C_26_Every_endpoint_is_an_https_URL()
    {
        var (json, id) = await servers.HttpsMetadata();
        var endpoints = json.Endpoints().ToList();
        endpoints.Count.ShouldBeGreaterThan(6);
        endpoints.ShouldAllBe(endpoint => endpoint.StartsWith($"https://auth.example.com/apps/{id}/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task C_15_There_is_no_registration_endpoint() =>
        (await servers.Metadata()).TryGetProperty("registration_endpoint", out _).ShouldBeFalse();

    [Fact]
    public async Task C_17_The_keys_can_be_fetched_and_used()
    {
        foreach (var key in await Keys())
        {
            key.GetProperty("use").GetString().ShouldBe("sig");
            key.GetProperty("alg").GetString().ShouldBe("RS256");
            using var rsa = RSA.Create(
                new RSAParameters
                {
                    Modulus = Base64Url.DecodeFromChars(key.GetProperty("n").GetString()),
                    Exponent = Base64Url.DecodeFromChars(key.GetProperty("e").GetString()),
                }
            );
            rsa.KeySize.ShouldBeGreaterThanOrEqualTo(2048);
        }
    }

    [Fact]
    public async Task CM_02_The_keys_are_public_and_have_distinct_ids()
    {
        var keys = await Keys();
        keys.Select(key => key.GetProperty("kid").GetString()).ShouldBeUnique();
        foreach (var key in keys)
        {
            key.GetProperty("kid").GetString().ShouldNotBeNullOrEmpty();
            key.GetProperty("kty").GetString().ShouldBe("RSA");
            key.EnumerateObject().Select(member => member.Name).Intersect(PrivateMembers).ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task C_18_Request_objects_are_off_and_said_so()
    {
        var json = await servers.Metadata();
        json.GetProperty("request_parameter_supported").GetBoolean().ShouldBeFalse();
        json.GetProperty("request_uri_parameter_supported").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task C_19_No_algorithm_of_request_objects_is_listed() =>
        (await servers.Metadata()).TryGetProperty("request_object_signing_alg_values_supported", out _).ShouldBeFalse();

    [Fact]
    public async Task C_20_The_claims_parameter_is_on() =>
        (await servers.Metadata()).GetProperty("claims_parameter_supported").GetBoolean().ShouldBeTrue();

    [Fact]
    public async Task C_21_The_claims_are_listed_also_those_of_the_application()
    {
        var json = await WithOwnClaims();
        foreach (var claim in new[] { "sub", "email", "phone_number", "plan", "address" })
        {
            json.GetProperty("claims_supported").Names().ShouldContain(claim);
        }
    }

    [Fact]
    public async Task C_22_The_grant_types_are_listed_and_the_device_grant_once_a_client_has_it()
    {
        var (with, without) = (await ProviderApp.Create(servers), await ProviderApp.Create(servers));
        await with.AddClient(ClientType.Device);
        var (on, off) = (
            (await with.Get(Discovery.OpenIdPath)).ShouldBeOk().Json,
            (await without.Get(Discovery.OpenIdPath)).ShouldBeOk().Json
        );
        on.GetProperty("grant_types_supported").Names().ShouldContain(GrantType.DeviceCode);
        on.TryGetProperty("device_authorization_endpoint", out _).ShouldBeTrue();
        off.GetProperty("grant_types_supported").Names().ShouldContain(GrantType.AuthorizationCode);
        off.GetProperty("grant_types_supported").Names().ShouldNotContain(GrantType.DeviceCode);
        off.GetProperty("grant_types_supported").Names().ShouldNotContain("implicit");
        off.TryGetProperty("device_authorization_endpoint", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task C_23_The_scopes_contain_openid_and_those_of_the_application()
    {
        var scopes = (await WithOwnClaims()).GetProperty("scopes_supported").Names();
        scopes.ShouldContain("openid");
        scopes.ShouldContain("billing");
    }

    [Fact]
    public async Task C_24_Scopes_have_only_allowed_characters() =>
        (await servers.Metadata()).GetProperty("scopes_supported").Names().ShouldAllBe(scope => Scope().IsMatch(scope!));

    [Fact]
    public async Task C_25_Locales_are_written_in_their_usual_case()
    {
        var provider = await ProviderApp.Create(servers, "locales=EN,PT-BR,ZH-HANT-TW,ES-419");
        (await provider.Get(Discovery.OpenIdPath))
            .Json.GetProperty("ui_locales_supported")
            .Names()
            .ShouldBe(["en", "pt-BR", "zh-Hant-TW", "es-419"]);
    }

    [Fact]
    public async Task C_27_The_only_challenge_method_is_S256() =>
        (await servers.Metadata()).GetProperty("code_challenge_methods_supported").Names().ShouldBe(["S256"]);

    [Fact]
    public async Task C_28_The_issuer_is_that_of_ID_tokens()
    {
        var client = await (await ProviderApp.Create(servers)).AddClient();
        var issuer = (await client.SignIn()).Claims("id_token").GetProperty("iss").GetString();
        (await client.Provider.Get(Discovery.OpenIdPath)).Text("issuer").ShouldBe(issuer);
    }

    [Fact]
    public async Task C_28_Every_endpoint_in_the_document_answers()
    {
        var provider = (await DeviceApp.Create(servers)).Provider;
        var metadata = (await provider.Get(Discovery.OpenIdPath)).ShouldBeOk().Json;
        (await provider.App.Server.Get(new Uri(metadata.GetProperty("jwks_uri").GetString()!).AbsolutePath)).ShouldBeOk();
        foreach (var endpoint in metadata.Endpoints())
        {
            endpoint.ShouldStartWith(provider.Address(""));
            var reply = await provider.Post(endpoint[provider.Address("").Length..], []);
            ((int)reply.Status).ShouldBeInRange(200, 499, endpoint);
            reply.Status.ShouldNotBeOneOf(HttpStatusCode.NotFound, HttpStatusCode.MethodNotAllowed);
        }
    }

    [Fact]
    public async Task C_28_No_endpoint_that_answers_is_missing_from_the_document()
    {
        var provider = (await DeviceApp.Create(servers)).Provider;
        var endpoints = (await provider.Get(Discovery.OpenIdPath)).ShouldBeOk().Json.Endpoints();
        var routes = (await provider.App.Server.Get("/openapi/v1.json"))
            .ShouldBeOk()
            .Json.GetProperty("paths")
            .EnumerateObject()
            .Select(path => path.Name)
            .Where(path => path.StartsWith("/apps/{appId}/oauth2/", StringComparison.Ordinal))
            .Select(path => provider.PublicUrl + path.Replace("{appId}", provider.Id, StringComparison.Ordinal))
            .ToList();
        routes.Count.ShouldBeGreaterThan(6);
        routes.Except(endpoints).ShouldBeEmpty();
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

    private static readonly string[] PrivateMembers = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

    private static readonly string[] Texts =
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
    ];

    private static readonly string[] Flags =
    [
        "authorization_response_iss_parameter_supported",
        "backchannel_logout_supported",
        "backchannel_logout_session_supported",
        "claims_parameter_supported",
        "request_parameter_supported",
        "request_uri_parameter_supported",
        "require_pushed_authorization_requests",
    ];

    private static readonly string[] Lists =
    [
        "response_types_supported",
        "response_modes_supported",
        "grant_types_supported",
        "code_challenge_methods_supported",
        "prompt_values_supported",
        "subject_types_supported",
        "id_token_signing_alg_values_supported",
        "dpop_signing_alg_values_supported",
        "acr_values_supported",
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

    private async Task<IReadOnlyList<JsonElement>> Keys()
    {
        var keys = (await (await ProviderApp.Create(servers)).Get(".well-known/jwks.json")).ShouldBeOk().Json.GetProperty("keys");
        keys.GetArrayLength().ShouldBePositive();
        return [.. keys.EnumerateArray()];
    }

    /// <summary>The document of an application with claims of its own.</summary>
    private async Task<JsonElement> WithOwnClaims()
    {
        var provider = await ProviderApp.Create(servers);
        await provider.Change(s =>
            s with
            {
                ClaimMappings = [new("plan", "user_data.plan", "billing"), new("address.region", "user_data.region", "address")],
            }
        );
        return (await provider.Get(Discovery.OpenIdPath)).ShouldBeOk().Json;
    }

    private async Task ShouldBeHttps(string member, string path)
    {
        var (json, id) = await servers.HttpsMetadata();
        json.GetProperty(member).GetString().ShouldBe($"https://auth.example.com/apps/{id}/{path}");
    }

    [GeneratedRegex(@"^[\x21\x23-\x5B\x5D-\x7E]+\z")]
    private static partial Regex Scope();
}
