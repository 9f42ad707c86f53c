using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Latchkey.Cryptography;

namespace Latchkey.Tests.Provider;

/// <summary>A client's key for DPoP (RFC 9449), and the proofs that it makes.</summary>
public sealed class DpopKey(JwsKey key) : IDisposable
{
    public JwsKey Key { get; } = key;

    public string Thumbprint => Jwk.ThumbprintOf(Key);

    public static DpopKey NewEc()
    {
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new DpopKey(new EcKey(ecdsa.ExportParameters(includePrivateParameters: true), keyId: null));
    }

    public static DpopKey NewRsa() => new(new RsaKey(RsaKeys.Get().ExportParameters(includePrivateParameters: true), keyId: null));

    /// <summary>The header of a request with a proof.</summary>
    public (string Name, string Value) Header(
        string uri,
        string method = "POST",
        string? accessToken = null,
        string? nonce = null,
        Action<JsonObject>? change = null
    ) => ("DPoP", Proof(uri, method, accessToken, nonce, change));

    /// <param name="change">Changes the claims.</param>
    /// <param name="changeHeader">Changes the header.</param>
    public string Proof(
        string uri,
        string method = "POST",
        string? accessToken = null,
        string? nonce = null,
        Action<JsonObject>? change = null,
        Action<JsonObject>? changeHeader = null
    )
    {
        var claims = new JsonObject
        {
            ["jti"] = Secrets.Token(),
            ["htm"] = method,
            ["htu"] = uri,
            ["iat"] = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds(),
        };
        if (accessToken is not null)
        {
            claims["ath"] = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(accessToken)));
        }

        if (nonce is not null)
        {
            claims["nonce"] = nonce;
        }

        change?.Invoke(claims);
        var header = new JsonObject
        {
            ["typ"] = "dpop+jwt",
            ["alg"] = Key.Algorithm,
            ["jwk"] = PublicJwk(),
        };
        changeHeader?.Invoke(header);
        return Sign(header.ToJsonString(), claims.ToJsonString());
    }

    public string Sign(string header, string claims)
    {
        var signed = $"{Encode(header)}.{Encode(claims)}";
        return $"{signed}.{Base64Url.EncodeToString(Key.Sign(Encoding.ASCII.GetBytes(signed)))}";
    }

    public JsonObject PublicJwk() =>
        Key switch
        {
            EcKey ec => new JsonObject
            {
                ["kty"] = "EC",
                ["crv"] = "P-256",
                ["x"] = Base64Url.EncodeToString(ec.Public.Q.X),
                ["y"] = Base64Url.EncodeToString(ec.Public.Q.Y),
            },
            RsaKey rsa => new JsonObject
            {
                ["kty"] = "RSA",
                ["n"] = Base64Url.EncodeToString(rsa.Public.Modulus),
                ["e"] = Base64Url.EncodeToString(rsa.Public.Exponent),
            },
            _ => throw new NotSupportedException(Key.Algorithm),
        };

    public void Dispose() => Key.Dispose();

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
