using System.Security.Cryptography;
using Latchkey.Cryptography;
using Latchkey.Tests.Cryptography;

namespace Latchkey.Tests.Applications.Credentials;

/// <summary>An application may have live keys of RS256 and ES256 at once, and neither is taken for the other.</summary>
public sealed class MixedSigningAlgorithmTests(ServerFixture servers)
{
    private const string PyJwt = """
        import sys, jwt
        jwks, token, issuer, algorithm = sys.argv[1:]
        key = jwt.PyJWKClient(jwks).get_signing_key_from_jwt(token)
        print(jwt.decode(token, key.key, algorithms=[algorithm], audience="none", issuer=issuer)["sub"])
        """;

    [Fact]
    public async Task Tokens_of_both_verify_here_and_with_a_client_of_others()
    {
        var (old, young) = await Both();
        var address = $"{old.App.Server.Address}apps/{old.App.Id}";
        foreach (var (user, algorithm) in new[] { (old, "RS256"), (young, "ES256") })
        {
            user.Header.GetProperty("alg").GetString().ShouldBe(algorithm);
            (await old.App.Verify(user.Jwt)).ShouldBeOk();
            (
                await ChildProcess.Run("/usr/bin/python3", "-c", PyJwt, $"{address}/.well-known/jwks.json", user.Jwt, address, algorithm)
            ).ShouldBe("ann@example.com");
        }

        (await old.App.Server.Get($"/apps/{old.App.Id}/.well-known/openid-configuration"))
            .Json.GetProperty("id_token_signing_alg_values_supported")
            .EnumerateArray()
            .Select(a => a.GetString())
            .ShouldBe(["ES256", "RS256"], ignoreOrder: true);
    }

    [Fact]
    public async Task The_published_key_on_P256_has_its_point_and_no_private_part()
    {
        var (old, young) = await Both();
        var key = (await old.App.Server.Get($"/apps/{old.App.Id}/.well-known/jwks.json"))
            .Json.GetProperty("keys")
            .EnumerateArray()
            .Single(k => k.GetProperty("kid").GetString() == young.KeyId());
        key.EnumerateObject().Select(p => p.Name).ShouldBe(["kty", "crv", "x", "y", "use", "alg", "kid"]);
        (key.GetProperty("kty").GetString(), key.GetProperty("crv").GetString(), key.GetProperty("alg").GetString()).ShouldBe(
            ("EC", "P-256", "ES256")
        );
    }

    [Fact]
    public async Task No_key_verifies_under_the_name_or_algorithm_of_the_other()
    {
        var (old, young) = await Both();
        var claims = old.Claims.GetRawText();
        using var rsa = RsaKeys.Get();
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var rsaKey = new RsaKey(rsa.ExportParameters(true), null);
        using var ecKey = new EcKey(ec.ExportParameters(true), null);
        var pem = System.Text.Encoding.ASCII.GetBytes(old.App.PublicKey);
        using var hmac = new HmacKey(pem, null);
        foreach (var kid in new[] { old.KeyId(), young.KeyId() })
        {
            foreach (var algorithm in new[] { "RS256", "ES256", "HS256", "none" })
            {
                foreach (var key in new JwsKey[] { rsaKey, ecKey, hmac })
                {
                    (
                        await old.App.Verify(TokenForger.Token($$"""{"alg":"{{algorithm}}","typ":"JWT","kid":"{{kid}}"}""", claims, key))
                    ).ShouldFailWith(405);
                }
            }
        }

        foreach (var (user, other) in new[] { (old, young), (young, old) })
        {
            var parts = user.Jwt.Split('.');
            foreach (
                var header in new[]
                {
                    other.Jwt.Split('.')[0],
                    TokenForger.Encode(
                        $$"""{"alg":"{{other.Header.GetProperty("alg").GetString()}}","typ":"JWT","kid":"{{user.KeyId()}}"}"""
                    ),
                    TokenForger.Encode(
                        $$"""{"alg":"{{user.Header.GetProperty("alg").GetString()}}","typ":"JWT","kid":"{{other.KeyId()}}"}"""
                    ),
                }
            )
            {
                (await old.App.Verify($"{header}.{parts[1]}.{parts[2]}")).ShouldFailWith(405);
            }
        }
    }

    private async Task<(LoggedInUser Old, LoggedInUser Young)> Both()
    {
        var app = await servers.Main.CreateRsaApp("signupFlow=none");
        var old = await app.CreateUser("ann@example.com");
        await app.RotateTo(JwsKey.Es256);
        return (old, await app.Login("ann@example.com"));
    }
}
