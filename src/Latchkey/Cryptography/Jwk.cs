using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Latchkey.Cryptography;

/// <summary>Writes and reads JSON Web Keys (RFC 7517), and computes their thumbprints (RFC 7638).</summary>
public static class Jwk
{
    /// <summary>Of keys that strangers send: checking a signature by a longer one costs too much.</summary>
    private const int MaxModulusBytes = 512;
    private const int MaxExponentBytes = 4;
    private const int CoordinateBytes = 32;

    /// <summary>Members of private and symmetric keys (RFC 7518 §6).</summary>
    private static readonly string[] SecretMembers = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

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
        try
        {
            if (jwk.ValueKind != JsonValueKind.Object || !IsForVerifying(jwk))
            {
                return null;
            }

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
        catch (Exception e) when (e is CryptographicException or FormatException or ArgumentException or InvalidOperationException)
        {
            return null; // the last: an escaped unpaired surrogate is not valid text
        }
    }

    /// <summary>
    /// As <see cref="Read"/>, for a key that a stranger sends: only P-256 and RSA up to 4,096 bits, with no private member, and each number
    /// in its one right spelling. Null for anything else.
    /// </summary>
    public static JwsKey? ReadPublic(JsonElement jwk)
    {
        try
        {
            return
                jwk.ValueKind == JsonValueKind.Object && !SecretMembers.Any(name => jwk.TryGetProperty(name, out _)) && IsSpelledRight(jwk)
                ? Read(jwk)
                : null;
        }
        catch (InvalidOperationException)
        {
            return null; // as in Read
        }
    }

    /// <summary>The SHA-256 thumbprint of a public key (RFC 7638 §3), in base64url.</summary>
    public static string ThumbprintOf(JwsKey key)
    {
        // The required members in lexicographic order, without white space. Base64url needs no escapes.
        var members = key switch
        {
            RsaKey rsa => $$"""{"e":"{{Encode(rsa.Public.Exponent)}}","kty":"RSA","n":"{{Encode(rsa.Public.Modulus)}}"}""",
            EcKey ec => $$"""{"crv":"P-256","kty":"EC","x":"{{Encode(ec.Public.Q.X)}}","y":"{{Encode(ec.Public.Q.Y)}}"}""",
            _ => throw new NotSupportedException("a symmetric key has no public half"),
        };
        return Encode(SHA256.HashData(Encoding.ASCII.GetBytes(members)));
    }

    private static bool IsSpelledRight(JsonElement jwk) =>
        jwk.GetStringOrNull("kty") switch
        {
            "EC" => IsNumber(jwk, "x", CoordinateBytes, CoordinateBytes) && IsNumber(jwk, "y", CoordinateBytes, CoordinateBytes),
            "RSA" => IsNumber(jwk, "n", 1, MaxModulusBytes, isMinimal: true) && IsNumber(jwk, "e", 1, MaxExponentBytes, isMinimal: true),
            _ => false,
        };

    private static string Encode(byte[]? bytes) => Base64Url.EncodeToString(bytes);

    /// <summary>Whether a member is base64url of a number of bytes, without padding, white space or spare bits.</summary>
    /// <param name="isMinimal">Without leading zeros (RFC 7518 §2, Base64urlUInt).</param>
    private static bool IsNumber(JsonElement jwk, string name, int min, int max, bool isMinimal = false)
    {
        if (jwk.GetStringOrNull(name) is not { } text || !Base64Url.IsValid(text))
        {
            return false;
        }

        var bytes = Base64Url.DecodeFromChars(text);
        return bytes.Length >= min && bytes.Length <= max && (!isMinimal || bytes[0] != 0) && Encode(bytes) == text;
    }

    private static bool IsForVerifying(JsonElement jwk) =>
        (!jwk.TryGetProperty("use", out _) || jwk.GetStringOrNull("use") == "sig")
        && (
            !jwk.TryGetProperty("key_ops", out var operations)
            || (
                operations.ValueKind == JsonValueKind.Array
                && operations.EnumerateArray().Any(o => o.ValueKind == JsonValueKind.String && o.ValueEquals("verify"))
            )
        );

    private static byte[] Number(JsonElement jwk, string name)
    {
        var bytes = Base64Url.DecodeFromChars(jwk.GetStringOrNull(name) ?? throw new FormatException($"{name} is missing"));
        return bytes.Length > 0 ? bytes : throw new FormatException($"{name} is empty");
    }
}
