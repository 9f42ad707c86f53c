using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Provider.Clients;

namespace Latchkey.Tests.Provider;

/// <summary>private_key_jwt: rows of OpenID Connect Core, RFC 9700 and the FAPI modules.</summary>
public sealed class ClientAssertionTests(ServerFixture servers)
{
    private const string Type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    [Theory]
    [InlineData(JwsKey.Rs256)]
    [InlineData(JwsKey.Es256)]
    public async Task Row_9700_34_A_client_proves_itself_by_its_own_key(string algorithm)
    {
        var (client, key) = await Client(NewKey(algorithm));
        (await Send(client, Sign(key, Claims(client)))).ShouldBeOk();
        var metadata = (await client.Provider.Get(".well-known/openid-configuration")).ShouldBeOk().Json;
        metadata.GetProperty("token_endpoint_auth_methods_supported").Names().ShouldContain("private_key_jwt");
        metadata.GetProperty("token_endpoint_auth_signing_alg_values_supported").Names().ShouldBe(["RS256", "ES256"]);
    }

    [Fact]
    public async Task CORE_23_The_audience_is_the_issuer_as_one_text_and_by_a_setting_the_endpoint()
    {
        var (client, key) = await Client(NewKey());
        var (issuer, endpoint) = (client.Provider.Issuer, $"{client.Provider.Issuer}/oauth2/token");
        (await Send(client, Sign(key, With(Claims(client), "aud", new JsonArray(issuer))))).ShouldRefuseClient();
        (await Send(client, Sign(key, With(Claims(client), "aud", endpoint)))).ShouldRefuseClient();
        (await Send(client, Sign(key, With(Claims(client), "aud", new JsonArray(issuer, endpoint))))).ShouldRefuseClient();
        (await Send(client, Sign(key, Claims(client)))).ShouldBeOk();
        var (old, oldKey) = await Client(NewKey(), s => s with { EndpointAudienceAccepted = true });
        (await Send(old, Sign(oldKey, With(Claims(old), "aud", $"{old.Provider.Issuer}/oauth2/token")))).ShouldBeOk();
        (await Send(old, Sign(oldKey, Claims(old)))).ShouldBeOk();
    }

    [Fact]
    public async Task CORE_24_An_assertion_works_once()
    {
        var (client, key) = await Client(NewKey());
        var assertion = Sign(key, Claims(client));
        (await Send(client, assertion)).ShouldBeOk();
        (await Send(client, assertion)).ShouldRefuseClient();
        (await client.Provider.Causes("token")).ShouldBe([$"client {client.Id}: the assertion was used before"]);
    }

    [Fact]
    public async Task CORE_25_Another_issuer_and_an_old_one_are_refused_and_unknown_members_ignored()
    {
        var (client, key) = await Client(NewKey());
        (await Send(client, Sign(key, With(Claims(client), "iss", "another")))).ShouldRefuseClient();
        (await Send(client, Sign(key, With(Claims(client), "exp", Now() - 1)))).ShouldRefuseClient();
        (await Send(client, Sign(key, With(Claims(client), "extra", "foobar")))).ShouldBeOk();
    }

    [Fact]
    public async Task F_21_EnsureClientAssertionWithWrongAudFails()
    {
        var (client, key) = await Client(NewKey());
        (await Send(client, Sign(key, With(Claims(client), "aud", "https://other.example.com")))).ShouldRefuseClient();
    }

    [Fact]
    public async Task F_22_EnsureClientAssertionWithNoSubFails()
    {
        var (client, key) = await Client(NewKey());
        (await Send(client, Sign(key, With(Claims(client), "sub", null)))).ShouldRefuseClient();
    }

    [Fact]
    public async Task F_23_EnsureClientAssertionWithExpIs5MinutesInPastFails()
    {
        var (client, key) = await Client(NewKey());
        (await Send(client, Sign(key, With(Claims(client), "exp", Now() - 300)))).ShouldRefuseClient();
    }

    [Theory]
    [InlineData("par")]
    [InlineData("token")]
    public async Task F_24_PAREndpointAsAudienceFails_and_PARTokenEndpointAsAudienceFails(string endpoint)
    {
        var (client, key) = await Pushing();
        var bad = Sign(key, With(Claims(client), "aud", client.Provider.Address(endpoint)));
        (await Push(client, bad)).ShouldRefuseClient();
        (await Push(client, Sign(key, Claims(client)))).ShouldBeCreated();
    }

    [Fact]
    public async Task D_23_EnsureClientAssertionWithIssAudSucceeds()
    {
        var (client, key) = await Client(NewKey());
        var claims = Claims(client);
        claims["aud"]!.GetValue<string>().ShouldBe(client.Provider.Issuer);
        (await Send(client, Sign(key, claims))).Text("access_token").ShouldNotBeEmpty();
    }

    [Fact]
    public async Task F_25_JWTClientAssertionWithIatNbf8SecondsInTheFutureIsAccepted()
    {
        var (client, key) = await Client(NewKey());
        (await Send(client, Sign(key, With(With(Claims(client), "iat", Now() + 8), "nbf", Now() + 8)))).ShouldBeOk();
        (await Send(client, Sign(key, With(Claims(client), "nbf", Now() + 90)))).ShouldRefuseClient();
        (await Send(client, Sign(key, With(Claims(client), "iat", Now() + 90)))).ShouldRefuseClient();
    }

    [Fact]
    public async Task An_assertion_lives_an_hour_at_most_and_needs_a_jti()
    {
        var (client, key) = await Client(NewKey());
        (await Send(client, Sign(key, With(Claims(client), "exp", Now() + 3700)))).ShouldRefuseClient();
        (await Send(client, Sign(key, With(Claims(client), "exp", null)))).ShouldRefuseClient();
        (await Send(client, Sign(key, With(Claims(client), "jti", null)))).ShouldRefuseClient();
        (await Send(client, Sign(key, With(Claims(client), "jti", new string('x', 300))))).ShouldRefuseClient();
    }

    [Fact]
    public async Task Another_key_a_symmetric_one_and_none_are_refused()
    {
        var (client, key) = await Client(NewKey());
        (await Send(client, Sign(NewKey(), Claims(client)))).ShouldRefuseClient();
        (await Send(client, Sign(new HmacKey(Encoding.UTF8.GetBytes(Jwks(key)), "first"), Claims(client)))).ShouldRefuseClient();
        var unsigned = Sign(key, Claims(client));
        (await Send(client, unsigned[..(unsigned.LastIndexOf('.') + 1)])).ShouldRefuseClient();
        (await Send(client, "no-jwt")).ShouldRefuseClient();
    }

    [Fact]
    public async Task An_assertion_may_come_without_client_id_and_must_agree_with_one()
    {
        var (client, key) = await Client(NewKey());
        (await client.Provider.Post("token", Form(Sign(key, Claims(client))))).ShouldBeOk();
        (await client.Provider.Post("token", [.. Form(Sign(key, Claims(client))), ("client_id", "another")])).ShouldRefuseClient();
        (await client.Provider.Post("token", [("grant_type", GrantType.ClientCredentials), ("client_assertion", "x")])).ShouldRefuse(
            "invalid_request"
        );
        (await client.Provider.Post("token", Form(Sign(key, Claims(client))), ("Authorization", "Basic eDp5"))).ShouldRefuse(
            "invalid_request"
        );
    }

    [Fact]
    public async Task Keys_at_an_address_are_cached_an_unknown_one_fetches_once_a_minute_and_an_outage_does_no_harm()
    {
        var (key, fetches, isDown) = (NewKey(), 0, false);
        var jwks = Jwks(key);
        await using var host = new LoopbackListener(async stream =>
        {
            (await stream.ReadAsync(new byte[4096])).ShouldBePositive();
            fetches++;
            var status = isDown ? "500 Down" : "200 OK";
            await stream.WriteAsync(
                Encoding.UTF8.GetBytes($"HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {jwks.Length}\r\n\r\n{jwks}")
            );
        });
        var (client, _) = await Client(key, s => s with { Jwks = "", JwksUri = $"http://127.0.0.1:{host.Port}/jwks" });
        (await Send(client, Sign(key, Claims(client)))).ShouldBeOk();
        isDown = true;
        (await Send(client, Sign(key, Claims(client)))).ShouldBeOk();
        for (var i = 0; i < 5; i++)
        {
            (await Send(client, Sign(NewKey(id: $"unknown{i}"), Claims(client)))).ShouldRefuseClient();
        }

        (await Send(client, Sign(key, Claims(client)))).ShouldBeOk();
        fetches.ShouldBe(1); // the first was less than a minute ago
    }

    [Fact]
    public async Task Keys_at_an_address_that_cannot_be_reached_or_is_private_refuse_the_client()
    {
        var (client, key) = await Client(NewKey(), s => s with { Jwks = "", JwksUri = "http://127.0.0.1:1/jwks" });
        (await Send(client, Sign(key, Claims(client)))).ShouldRefuseClient();
        (client, key) = await Client(NewKey(), s => s with { Jwks = "", JwksUri = "http://10.255.255.1/jwks" });
        (await Send(client, Sign(key, Claims(client)))).ShouldRefuseClient();
        client.Provider.App.Server.Log.ShouldContain(line => line.Contains("10.255.255.1/jwks"));
    }

    private static JwsKey NewKey(string algorithm = JwsKey.Es256, string id = "first")
    {
        if (algorithm == JwsKey.Rs256)
        {
            return new RsaKey(RsaKeys.Get().ExportParameters(includePrivateParameters: true), id);
        }

        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new EcKey(ec.ExportParameters(includePrivateParameters: true), id);
    }

    private async Task<(ProviderClient Client, JwsKey Key)> Client(JwsKey key, Func<ClientSettings, ClientSettings>? change = null)
    {
        var provider = await ProviderApp.Create(servers);
        var client = await provider.AddClient(
            ClientType.Service,
            settings =>
            {
                var set = settings with { Authentication = ClientAuthenticationMethod.PrivateKey, Jwks = Jwks(key), Scopes = ["read"] };
                return change?.Invoke(set) ?? set;
            }
        );
        return (client, key);
    }

    private async Task<(ProviderClient Client, JwsKey Key)> Pushing()
    {
        var (provider, key) = (await ProviderApp.Create(servers), NewKey());
        var client = await provider.AddClient(change: settings =>
            settings with
            {
                Authentication = ClientAuthenticationMethod.PrivateKey,
                Jwks = Jwks(key),
            }
        );
        return (client, key);
    }

    private static Task<Reply> Push(ProviderClient client, string assertion) =>
        client.Provider.Post("par", [.. client.AuthorizeParameters(), ("client_assertion_type", Type), ("client_assertion", assertion)]);

    private static string Jwks(JwsKey key)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            Jwk.Write(json, key);
        }

        return $$"""{"keys":[{{Encoding.UTF8.GetString(buffer.ToArray())}}]}""";
    }

    private static JsonObject Claims(ProviderClient client) =>
        new()
        {
            ["iss"] = client.Id,
            ["sub"] = client.Id,
            ["aud"] = client.Provider.Issuer,
            ["jti"] = Secrets.Token(),
            ["exp"] = Now() + 60,
        };

    private static JsonObject With(JsonObject claims, string name, JsonNode? value)
    {
        if (value is null)
        {
            claims.Remove(name);
        }
        else
        {
            claims[name] = value;
        }

        return claims;
    }

    private static string Sign(JwsKey key, JsonObject claims) =>
        Jwt.Write(
            key,
            "JWT",
            json =>
            {
                foreach (var (name, value) in claims)
                {
                    json.WritePropertyName(name);
                    value!.WriteTo(json);
                }
            }
        );

    private static (string, string)[] Form(string assertion) =>
        [("grant_type", GrantType.ClientCredentials), ("client_assertion_type", Type), ("client_assertion", assertion)];

    private static Task<Reply> Send(ProviderClient client, string assertion) =>
        client.Provider.Post("token", [.. Form(assertion), ("client_id", client.Id)]);

    private static long Now() => TimeProvider.System.Now() / 1000;
}
