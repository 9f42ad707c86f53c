using System.Text.Json;
using Latchkey.Applications;
using Latchkey.Cryptography;
using Latchkey.Provider.Authorization;
using Latchkey.Provider.Clients;
using Latchkey.Provider.Tokens;

namespace Latchkey.Tests.Provider;

/// <summary>JSON of strangers that is valid, and yet not what belongs there. It is refused and never a fault of the server.</summary>
public sealed class OddJsonTests(ServerFixture servers)
{
    private const string Point =
        "\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","
        + "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"";

    [Theory]
    [InlineData("\"key_ops\":[1]")]
    [InlineData("\"key_ops\":[null,{}]")]
    [InlineData("\"key_ops\":[\"\\ud800\"]")]
    [InlineData("\"use\":1")]
    [InlineData("\"alg\":[]")]
    public void A_key_with_odd_members_is_no_key(string member)
    {
        var text = $"{{{Point},{member}}}";
        using var jwk = JsonDocument.Parse(text);
        Jwk.Read(jwk.RootElement).ShouldBeNull();
        Jwk.ReadPublic(jwk.RootElement).ShouldBeNull();
        ClientKeys.Parse($"{{\"keys\":[{text}]}}").ShouldBeEmpty();
        JwkSetValidation.FindProblem($"{{\"keys\":[{text}]}}").ShouldNotBeNull();
    }

    [Theory]
    [InlineData("{\"\\ud800\":1}")]
    [InlineData("{\"keys\":[{\"\\ud800\":1}]}")]
    [InlineData("{\"keys\":[1,null,[]]}")]
    [InlineData("[]")]
    public void A_set_of_odd_keys_has_none(string text)
    {
        ClientKeys.Parse(text).ShouldBeEmpty();
        JwkSetValidation.FindProblem(text).ShouldNotBeNull();
    }

    [Theory]
    [InlineData("{\"userinfo\":{\"\\ud800\":null}}")]
    [InlineData("{\"\\ud800\":{}}")]
    [InlineData("{\"id_token\":{\"sub\":{\"value\":\"\\ud800\"}}}")]
    public void Claims_whose_names_are_no_text_are_refused(string claims) => ClaimsParameter.Parse(claims).Error.ShouldNotBeNull();

    [Fact]
    public async Task A_signed_token_with_odd_claims_is_read_or_refused()
    {
        var provider = await ProviderApp.Create(servers);
        var (tokens, cache) = (await provider.Installation.Get<AccessTokens>(), await provider.Installation.Get<ApplicationCache>());
        var application = (await cache.Find(provider.Id))!;
        Read("[1]", "\"pwd\"", "5").ShouldBeNull();
        Read("[1,\"api\"]", "\"pwd\"", "5").ShouldNotBeNull().Audiences.ShouldBe(["api"]);
        Read("\"api\"", "[1,\"pwd\"]", "{\"jkt\":1}").ShouldNotBeNull().Methods.ShouldBe("pwd");

        ProviderAccessToken? Read(string audience, string methods, string confirmation)
        {
            var text = Jwt.Write(
                application.SigningKey,
                "at+jwt",
                claims =>
                {
                    claims.WriteString("iss", provider.Issuer);
                    claims.WriteString("sub", "user");
                    claims.WriteString("client_id", "client");
                    claims.WriteString("jti", "id");
                    claims.WriteNumber("iat", 1);
                    claims.WriteNumber("exp", 99_999_999_999);
                    Raw(claims, "aud", audience);
                    Raw(claims, "amr", methods);
                    Raw(claims, "cnf", confirmation);
                }
            );
            return tokens.Read(application, provider.Issuer, text);
        }

        static void Raw(Utf8JsonWriter claims, string name, string json)
        {
            claims.WritePropertyName(name);
            claims.WriteRawValue(json);
        }
    }
}
