using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace Latchkey.Cryptography;

/// <summary>
/// Writes and verifies JSON Web Tokens in JWS compact form (RFC 7515 §7.1, RFC 7519). The token's header does not choose the algorithm:
/// the caller supplies the key for the <c>kid</c>, and each key has one algorithm (RFC 8725 §3.1).
/// </summary>
public static class Jwt
{
    private const int MaxTokenLength = 128 * 1024;

    // Safe: base64url encoding follows
    private static readonly JsonWriterOptions Unescaped = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 32 };

    /// <summary>Signs the claims; <paramref name="claims"/> writes them into an open JSON object.</summary>
    public static string Write(JwsKey key, string type, Action<Utf8JsonWriter> claims)
    {
        var header = WriteObject(writer =>
        {
            writer.WriteString("alg"u8, key.Algorithm);
            writer.WriteString("typ"u8, type);
            if (key.KeyId is { } kid)
            {
                writer.WriteString("kid"u8, kid);
            }
        });
        var signed = $"{Base64Url.EncodeToString(header)}.{Base64Url.EncodeToString(WriteObject(claims))}";
        return $"{signed}.{Base64Url.EncodeToString(key.Sign(Encoding.ASCII.GetBytes(signed)))}";
    }

    /// <summary>
    /// The token's payload if its signature is valid under the key that <paramref name="findKey"/> returns for its header; otherwise null.
    /// </summary>
    public static byte[]? Verify(string token, Func<JwtHeader, JwsKey?> findKey)
    {
        if (
            Split(token) is not { } parts
            || ReadHeader(parts.Header) is not { } header
            || findKey(header) is not { } key
            || header.Algorithm != key.Algorithm
        )
        {
            return null;
        }

        return IsSignedBy(token, parts.Signature, key) ? parts.Payload : null;
    }

    /// <summary>
    /// A token that holds the public key of its own signature in the header <c>jwk</c> (RFC 7515 §4.1.3), as DPoP proofs do; null for
    /// anything else. It proves that its sender has the private key, and nothing more: who may have that key is for the caller to check.
    /// </summary>
    /// <param name="type">The header <c>typ</c>.</param>
    public static SelfSignedToken? VerifySelfSigned(string token, string type)
    {
        if (Split(token) is not { } parts || ReadHeader(parts.Header) is not { } header || header.Type != type)
        {
            return null;
        }

        using var document = Claims(parts.Header);
        using var key = document?.RootElement.TryGetProperty("jwk", out var jwk) == true ? Jwk.ReadPublic(jwk) : null;
        return key is not null && header.Algorithm == key.Algorithm && IsSignedBy(token, parts.Signature, key)
            ? new SelfSignedToken(parts.Payload, Jwk.ThumbprintOf(key))
            : null;
    }

    /// <summary>The payload of a token that was not verified, to choose how to verify it; null when it is no token.</summary>
    public static byte[]? UnverifiedPayload(string token) =>
        token.Length <= MaxTokenLength && token.Split('.') is [_, var payload, _] ? Decode(payload) : null;

    /// <summary>Parses the claims of a payload; null unless they are a JSON object with unique names (RFC 7519 §4).</summary>
    public static JsonDocument? Claims(byte[] payload)
    {
        if (!Utf8.IsValid(payload))
        {
            return null; // invalid UTF-8: the parser accepts it, but reading such a text throws
        }

        try
        {
            var document = JsonDocument.Parse(payload, Strict);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return document;
            }

            document.Dispose();
            return null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null; // not JSON, or a name with an unpaired surrogate
        }
    }

    /// <summary>A string claim; null when it is absent or not a string.</summary>
    public static string? GetStringOrNull(this JsonElement claims, string name)
    {
        try
        {
            return claims.TryGetProperty(name, out var claim) && claim.ValueKind == JsonValueKind.String ? claim.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null; // an escaped unpaired surrogate is not valid text
        }
    }

    /// <summary>A NumericDate claim in whole seconds; null when it is absent or invalid.</summary>
    public static long? GetNumericDate(this JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var claim)
        && claim.ValueKind == JsonValueKind.Number
        && claim.TryGetDouble(out var seconds)
        && Math.Abs(seconds) < 1e15
            ? (long)seconds
            : null;

    private static (byte[] Header, byte[] Payload, byte[] Signature)? Split(string token) =>
        token.Length <= MaxTokenLength
        && token.Split('.') is [var header, var payload, var signature]
        && Decode(header) is { } headerBytes
        && Decode(payload) is { } payloadBytes
        && Decode(signature) is { } signatureBytes
            ? (headerBytes, payloadBytes, signatureBytes)
            : null;

    private static bool IsSignedBy(string token, byte[] signature, JwsKey key) =>
        key.Verify(Encoding.ASCII.GetBytes(token[..token.LastIndexOf('.')]), signature);

    private static JwtHeader? ReadHeader(byte[] bytes)
    {
        using var header = Claims(bytes);
        if (
            header is null
            || header.RootElement.GetStringOrNull("alg") is not { } algorithm
            || header.RootElement.TryGetProperty("crit", out _)
        )
        {
            return null; // no extension is supported, so crit is refused (RFC 7515 §4.1.11)
        }

        return new JwtHeader(algorithm, header.RootElement.GetStringOrNull("typ"), header.RootElement.GetStringOrNull("kid"));
    }

    /// <summary>Strict base64url (no padding, white space or spare bits), so that a token has only one spelling.</summary>
    private static byte[]? Decode(string text)
    {
        if (!Base64Url.IsValid(text) || text.AsSpan().ContainsAnyExcept(Alphabet))
        {
            return null;
        }

        var bytes = Base64Url.DecodeFromChars(text);
        return Base64Url.EncodeToString(bytes) == text ? bytes : null;
    }

    private static readonly SearchValues<char> Alphabet = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    );

    /// <summary>A JSON object in UTF-8; <paramref name="members"/> writes what is in it.</summary>
    public static ReadOnlySpan<byte> WriteObject(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using var writer = new Utf8JsonWriter(buffer, Unescaped);
        writer.WriteStartObject();
        members(writer);
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan;
    }
}
