using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;

namespace Latchkey.Cryptography;

/// <summary>Writes and reads JSON Web Keys (RFC 7517).</summary>
public static class Jwk
{
    public static void Write(Utf8JsonWriter json, JwsKey key)
    {
        json.WriteStartObject();
        switch (key)
        {
            case RsaKey rsa:
                json.WriteString("kty"u8, "RSA");
                json.WriteString("n"u8, Base64Url.EncodeToString(rsa.Public.Modulus));
                json.WriteString("e"u8, Base64Url.EncodeToString(rsa.Public.Exponent));
                break;
            case EcKey ec:
                json.WriteString("kty"u8, "EC");
                json.WriteString("crv"u8, "P-256");
                json.WriteString("x"u8, Base64Url.EncodeToString(ec.Public.Q.X));
                json.WriteString("y"u8, Base64Url.EncodeToString(ec.Public.Q.Y));
                break;
            default:
                throw new NotSupportedException("a symmetric key has no public half");
        }

        json.WriteString("use"u8, "sig");
        json.WriteString("alg"u8, key.Algorithm);
        json.WriteString("kid"u8, key.KeyId);
        json.WriteEndObject();
    }

    /// <summary>The verification key of a JWK; null when its algorithm or use is not supported, or it is malformed.</summary>
    public static JwsKey? Read(JsonElement jwk)
    {
        if (jwk.ValueKind != JsonValueKind.Object || !IsForVerifying(jwk))
        {
            return null;
        }

        try
        {
            JwsKey? key = jwk.GetStringOrNull("kty") switch
            {
                "RSA" => new RsaKey(
                    new RSAParameters { Modulus = Number(jwk, "n"), Exponent = Number(jwk, "e") },
                    jwk.GetStringOrNull("kid")
                ),
                "EC" when jwk.GetStringOrNull("crv") == "P-256" => new EcKey(
                    new ECParameters
                    {
                        Curve = ECCurve.NamedCurves.nistP256,
                        Q = new ECPoint { X = Number(jwk, "x"), Y = Number(jwk, "y") },
                    },
                    jwk.GetStringOrNull("kid")
                ),
                "oct" => new HmacKey(Number(jwk, "k"), jwk.GetStringOrNull("kid")),
                _ => null,
            };
            return key is null || (jwk.TryGetProperty("alg", out _) && jwk.GetStringOrNull("alg") != key.Algorithm) ? null : key;
        }
        catch (Exception e) when (e is CryptographicException or FormatException or ArgumentException)
        {
            return null;
        }
    }

    private static bool IsForVerifying(JsonElement jwk) =>
        (!jwk.TryGetProperty("use", out _) || jwk.GetStringOrNull("use") == "sig")
        && (
            !jwk.TryGetProperty("key_ops", out var operations)
            || (operations.ValueKind == JsonValueKind.Array && operations.EnumerateArray().Any(o => o.ValueEquals("verify")))
        );

    private static byte[] Number(JsonElement jwk, string name)
    {
        var bytes = Base64Url.DecodeFromChars(jwk.GetStringOrNull(name) ?? throw new FormatException($"{name} is missing"));
        return bytes.Length > 0 ? bytes : throw new FormatException($"{name} is empty");
    }
}
