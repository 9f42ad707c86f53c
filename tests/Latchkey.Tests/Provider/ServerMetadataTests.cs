using System.Net;
using System.Text.Json;
using Latchkey.Provider.Clients;

namespace Latchkey.Tests.Provider;

/// <summary>The metadata of the authorization server, row by row of section 14 (RFC 8414).</summary>
public sealed class ServerMetadataTests(ServerFixture servers)
{
    [Fact]
    public async Task Row_8414_01_The_path_is_inserted_between_host_and_issuer_without_a_slash_at_the_end()
    {
        var provider = await ProviderApp.Create(servers);
        (await provider.Inserted()).Text("issuer").ShouldBe(provider.Issuer);
        provider.Issuer.ShouldNotEndWith("/");
    }

    [Fact]
    public async Task Row_8414_02_The_appended_path_of_OpenID_has_the_same_values()
    {
        var provider = await ProviderApp.Create(servers);
        (await provider.Get(Discovery.OpenIdPath)).ShouldBeOk().Text.ShouldBe((await provider.Inserted()).Text);
    }

    [Fact]
    public async Task Row_8414_03_The_answer_is_one_JSON_object()
    {
        var reply = await (await ProviderApp.Create(servers)).Inserted();
        reply.Header("Content-Type").ShouldBe("application/json; charset=utf-8");
        reply.Json.ValueKind.ShouldBe(JsonValueKind.Object);
    }

    [Fact]
    public async Task Row_8414_04_The_issuer_is_the_one_asked_for_by_https()
    {
        var (json, id) = await servers.HttpsMetadata();
        json.GetProperty("issuer").GetString().ShouldBe($"https://auth.example.com/apps/{id}");
    }

    [Fact]
    public async Task Row_9068_23_Both_documents_name_the_same_issuer_and_keys()
    {
        var provider = await ProviderApp.Create(servers);
        var (openId, inserted) = ((await provider.Get(Discovery.OpenIdPath)).ShouldBeOk(), await provider.Inserted());
        inserted.Text("issuer").ShouldBe(openId.Text("issuer"));
        inserted.Text("jwks_uri").ShouldBe(openId.Text("jwks_uri"));
        inserted.Text("jwks_uri").ShouldBe($"{provider.Issuer}/.well-known/jwks.json");
    }

    [Theory]
    [InlineData("/.well-known/oauth-authorization-server/apps/00000000000000000000000000000000")]
    [InlineData("/apps/00000000000000000000000000000000/.well-known/openid-configuration")]
    [InlineData("/.well-known/oauth-authorization-server")]
    public async Task Row_8414_05_An_unknown_application_has_none(string path) =>
        (await (await servers.Unlimited()).Get(path)).Status.ShouldBe(HttpStatusCode.NotFound);

    [Fact]
    public async Task Row_8414_06_The_endpoints_that_the_grants_need_are_there()
    {
        var provider = await ProviderApp.Create(servers);
        var metadata = await provider.Inserted();
        metadata.Text("authorization_endpoint").ShouldBe(provider.Address("authorize"));
        metadata.Text("token_endpoint").ShouldBe(provider.Address("token"));
    }

    [Fact]
    public async Task Row_8414_07_The_keys_are_at_an_https_address_and_each_says_its_use()
    {
        var (json, id) = await servers.HttpsMetadata();
        json.GetProperty("jwks_uri").GetString().ShouldBe($"https://auth.example.com/apps/{id}/.well-known/jwks.json");
        var keys = (await (await ProviderApp.Create(servers)).Get(".well-known/jwks.json")).ShouldBeOk().Json.GetProperty("keys");
        keys.EnumerateArray().Select(key => key.GetProperty("use").GetString()).Distinct().ShouldBe(["sig"]);
    }

    [Fact]
    public Task Row_8414_08_The_response_type_is_code() => ShouldList("response_types_supported", "code");

    [Fact]
    public async Task Row_8414_09_The_scopes_are_there() =>
        (await servers.Metadata())
            .GetProperty("scopes_supported")
            .Names()
            .ShouldBe(["openid", "profile", "email", "phone", "address", "offline_access"], ignoreOrder: true);

    [Fact]
    public Task Row_8414_10_The_response_modes_are_said() => ShouldList("response_modes_supported", "query", "form_post");

    [Fact]
    public Task Row_8414_11_The_grant_types_are_said_and_the_implicit_one_is_none_of_them() =>
        ShouldList("grant_types_supported", [.. GrantType.All.Where(type => type != GrantType.DeviceCode)]);

    [Fact]
    public Task Row_8414_12_The_methods_of_the_token_endpoint_are_said() =>
        ShouldList("token_endpoint_auth_methods_supported", "client_secret_basic", "client_secret_post", "private_key_jwt", "none");

    [Theory]
    [InlineData("token_endpoint")]
    [InlineData("revocation_endpoint")]
    [InlineData("introspection_endpoint")]
    public async Task Row_8414_13_Algorithms_of_assertions_are_said_with_the_methods(string endpoint)
    {
        var json = await servers.Metadata();
        json.GetProperty($"{endpoint}_auth_methods_supported").Names().ShouldContain("private_key_jwt");
        json.GetProperty($"{endpoint}_auth_signing_alg_values_supported").Names().ShouldBe(["RS256", "ES256"]); // never none
    }

    [Fact]
    public async Task Row_8414_14_Revocation_and_introspection_have_endpoints_methods_and_algorithms()
    {
        var provider = await ProviderApp.Create(servers);
        var metadata = (await provider.Inserted()).ShouldBeOk();
        metadata.Text("revocation_endpoint").ShouldBe(provider.Address("revoke"));
        metadata.Text("introspection_endpoint").ShouldBe(provider.Address("introspect"));
        string[] methods = ["client_secret_basic", "client_secret_post", "private_key_jwt"];
        Named("revocation_endpoint_auth_methods_supported").ShouldBe([.. methods, "none"]);
        Named("introspection_endpoint_auth_methods_supported").ShouldBe(methods);
        Named("revocation_endpoint_auth_signing_alg_values_supported").ShouldBe(["RS256", "ES256"]);
        Named("introspection_endpoint_auth_signing_alg_values_supported").ShouldBe(["RS256", "ES256"]);

        IReadOnlyList<string?> Named(string member) => metadata.Json.GetProperty(member).Names();
    }

    [Fact]
    public Task Row_8414_15_The_only_challenge_method_is_S256() => ShouldList("code_challenge_methods_supported", "S256");

    [Fact]
    public async Task Row_8414_16_The_device_endpoint_is_there_when_it_is_on_and_no_registration_ever()
    {
        var (with, without) = ((await DeviceApp.Create(servers)).Provider, await ProviderApp.Create(servers));
        (await with.Inserted()).Text("device_authorization_endpoint").ShouldBe(with.Address("device_authorization"));
        (await without.Inserted()).Has("device_authorization_endpoint").ShouldBeFalse();
        (await without.Inserted()).Has("registration_endpoint").ShouldBeFalse();
        (await without.Inserted()).Text("pushed_authorization_request_endpoint").ShouldBe(without.Address("par"));
    }

    [Fact]
    public async Task Row_8414_17_The_issuer_in_answers_DPoP_and_pushed_requests_are_said_as_they_are_set()
    {
        var json = await servers.Metadata();
        json.GetProperty("authorization_response_iss_parameter_supported").GetBoolean().ShouldBeTrue();
        json.GetProperty("dpop_signing_alg_values_supported").Names().ShouldBe(["ES256", "RS256"]);
        json.GetProperty("require_pushed_authorization_requests").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task Row_8414_18_No_array_is_empty() =>
        (await servers.Metadata())
            .EnumerateObject()
            .Where(member => member.Value.ValueKind == JsonValueKind.Array)
            .ShouldAllBe(member => member.Value.GetArrayLength() > 0);

    [Fact]
    public async Task Row_8414_19_Nothing_is_signed_metadata() =>
        (await servers.Metadata()).TryGetProperty("signed_metadata", out _).ShouldBeFalse();

    [Fact]
    public async Task Row_8414_20_A_browser_can_read_it_and_caches_keep_it_a_while()
    {
        var provider = await ProviderApp.Create(servers);
        foreach (
            var path in new[]
            {
                $"/apps/{provider.Id}/{Discovery.OpenIdPath}",
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
        var (json, _) = await servers.HttpsMetadata();
        json.GetRawText().ShouldNotContain("127.0.0.1");
        json.EnumerateObject().ShouldAllBe(member => !member.Name.Contains("version"));
    }

    private async Task ShouldList(string member, params string[] values) =>
        (await servers.Metadata()).GetProperty(member).Names().ShouldBe(values);
}
