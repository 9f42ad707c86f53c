using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Latchkey.Cryptography;

namespace Latchkey.Tests.Cryptography;

public sealed class ForgedTokenTests(ServerFixture servers)
{
    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("NONE")]
    [InlineData("nOnE")]
    [InlineData("")]
    [InlineData("RS256 ")]
    [InlineData("hs256")]
    public async Task No_signature_is_no_token(string algorithm)
    {
        var ann = await Ann();
        var forged = TokenForger.Token(
            ann.AccessToken.HeaderWith($"\"alg\":\"{algorithm}\""),
            LoggedInUser.DecodePart(ann.AccessToken, 1).GetRawText()
        );
        foreach (var token in new[] { forged, forged.TrimEnd('.'), forged + ann.AccessToken.Split('.')[2] })
        {
            (await (ann with { AccessToken = token }).TryGetUser()).ShouldFailWith(405);
            Jwt.Verify(token, _ => KeyOf(ann.App)).ShouldBeNull();
        }
    }

    [Fact]
    public async Task The_public_key_is_no_secret_to_sign_with()
    {
        var ann = await Ann();
        using var rsa = RSA.Create();
        rsa.ImportFromPem(ann.App.PublicKey);
        byte[][] publicBytes =
        [
            Encoding.UTF8.GetBytes(ann.App.PublicKey),
            Encoding.UTF8.GetBytes(ann.App.PublicKey + "\n"),
            rsa.ExportSubjectPublicKeyInfo(),
            rsa.ExportParameters(false).Modulus!,
        ];
        foreach (var bytes in publicBytes)
        {
            using var key = new HmacKey(bytes, null);
            var forged = TokenForger.Token(ann.Jwt.HeaderWith("\"alg\":\"HS256\""), ann.Claims.GetRawText(), key);
            Jwt.Verify(forged, _ => KeyOf(ann.App)).ShouldBeNull();
            var access = TokenForger.Token(
                ann.AccessToken.HeaderWith("\"alg\":\"HS256\""),
                LoggedInUser.DecodePart(ann.AccessToken, 1).GetRawText(),
                key
            );
            (await (ann with { AccessToken = access }).TryGetUser()).ShouldFailWith(405);
        }
    }

    [Theory]
    [InlineData("jku", "\"http://127.0.0.1:{port}/jwks.json\"")]
    [InlineData("x5u", "\"http://127.0.0.1:{port}/cert.pem\"")]
    [InlineData("crit", "[\"exp\"]")]
    [InlineData("kid", "\"../../../dev/null\"")]
    [InlineData("kid", "\"' OR 1=1 --\"")]
    [InlineData("kid", "null")]
    [InlineData("kid", "[1]")]
    [InlineData("jwk", "own")]
    public async Task A_token_cannot_bring_its_own_key(string name, string value)
    {
        var ann = await Ann();
        using var own = RsaKeys.Get();
        using var key = new RsaKey(own.ExportParameters(true), "own");
        await using var elsewhere = new Messages.CountingListener();
        var jwk = value == "own" ? Written(key) : value.Replace("{port}", $"{elsewhere.Port}");
        foreach (var algorithm in new[] { "RS256", "HS256" })
        {
            var forged = TokenForger.Token(
                $$"""{"alg":"{{algorithm}}","typ":"access+jwt","{{name}}":{{jwk}}}""",
                LoggedInUser.DecodePart(ann.AccessToken, 1).GetRawText(),
                key
            );
            (await (ann with { AccessToken = forged }).TryGetUser()).ShouldFailWith(405);
            (await ann.App.SendAsServer(HttpMethod.Post, "verify", new { token = forged })).Code.ShouldNotBeNull();
            Jwt.Verify(forged, _ => KeyOf(ann.App)).ShouldBeNull();
        }

        elsewhere.Connections.ShouldBe(0);
    }

    [Fact]
    public async Task A_critical_extension_is_refused_also_when_the_signature_is_good()
    {
        var ann = await Ann();
        using var rsa = RsaKeys.Get();
        using var key = new RsaKey(rsa.ExportParameters(true), "k");
        Jwt.Verify(TokenForger.Token("""{"alg":"RS256"}""", "{}", key), _ => key).ShouldNotBeNull();
        Jwt.Verify(TokenForger.Token("""{"alg":"RS256","crit":["b64"],"b64":false}""", "{}", key), _ => key).ShouldBeNull();
        Jwt.Verify(TokenForger.Token("""{"alg":"RS256","alg":"RS256"}""", "{}", key), _ => key).ShouldBeNull();
    }

    private async Task<LoggedInUser> Ann() => await (await servers.Main.CreateRsaApp("signupFlow=none")).CreateUser("ann@example.com");

    private static RsaKey KeyOf(App app)
    {
        using var rsa = RSA.Create();
        rsa.ImportFromPem(app.PublicKey);
        return new RsaKey(rsa.ExportParameters(false), null);
    }

    private static string Written(JwsKey key)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            Jwk.Write(json, key);
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}

file static class Headers
{
    /// <summary>The header of a token with another alg.</summary>
    public static string HeaderWith(this string token, string algorithm)
    {
        var header = LoggedInUser.DecodePart(token, 0);
        return $$"""{{{algorithm}},"typ":{{header.GetProperty("typ").GetRawText()}},"kid":{{header.GetProperty("kid").GetRawText()}}}""";
    }
}
