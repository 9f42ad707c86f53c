using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace Latchkey.Cryptography;

/// <summary>
/// JSON Web Tokens in JWS compact form (RFC 7515 §7.1, RFC 7519), written and read. The reader decides nothing by what the
/// token says of itself: the caller gives the key for the <c>kid</c>, and the key has one algorithm (RFC 8725 §3.1).
/// </summary>
public static class Jwt
{
    private const int MaxTokenLength = 128 * 1024;

    // Base64url hides it from any HTML
    private static readonly JsonWriterOptions Unescaped = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 32 };

    /// <summary>Signs the claims that <paramref name="claims"/> writes into an open JSON object.</summary>
    public static string Write(JwsKey key, string type, Action<Utf8JsonWriter> claims)
    {
        var header = Json(writer =>
        {
            writer.WriteString("alg"u8, key.Algorithm);
            writer.WriteString("typ"u8, type);
            if (key.KeyId is { } kid)
            {
                writer.WriteString("kid"u8, kid);
            }
        });
        var signed = $"{Base64Url.EncodeToString(header)}.{Base64Url.EncodeToString(Json(claims))}";
        return $"{signed}.{Base64Url.EncodeToString(key.Sign(Encoding.ASCII.GetBytes(signed)))}";
    }

    /// <summary>
    /// The token's payload when its signature is good under the key that <paramref name="findKey"/> gives for its header;
    /// null for anything else, whatever is wrong with it.
    /// </summary>
    public static byte[]? Verify(string token, Func<JwtHeader, JwsKey?> findKey)
    {
        var parts = token.Length <= MaxTokenLength ? token.Split('.') : [];
        if (
            parts.Length != 3
            || Decode(parts[0]) is not { } headerBytes
            || Decode(parts[1]) is not { } payload
            || Decode(parts[2]) is not { } signature
            || ReadHeader(headerBytes) is not { } header
            || findKey(header) is not { } key
            || header.Algorithm != key.Algorithm
        )
        {
            return null;
        }

        return key.Verify(Encoding.ASCII.GetBytes(token[..token.LastIndexOf('.')]), signature) ? payload : null;
    }

    /// <summary>The claims of a verified payload; null when they are not one JSON object with distinct names (RFC 7519 §4).</summary>
    public static JsonDocument? Claims(byte[] payload)
    {
        if (!Utf8.IsValid(payload))
        {
            return null; // the parser takes such bytes, and reading a text of them throws
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
            return null; // not JSON, or a name with half of a surrogate pair
        }
    }

    /// <summary>A string claim, or null when it is absent or not a string.</summary>
    public static string? GetStringOrNull(this JsonElement claims, string name)
    {
        try
        {
            return claims.TryGetProperty(name, out var claim) && claim.ValueKind == JsonValueKind.String ? claim.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null; // an escaped half of a surrogate pair is no text
        }
    }

    /// <summary>A NumericDate claim in whole seconds, or null when it is absent or not one.</summary>
    public static long? GetNumericDate(this JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var claim)
        && claim.ValueKind == JsonValueKind.Number
        && claim.TryGetDouble(out var seconds)
        && Math.Abs(seconds) < 1e15
            ? (long)seconds
            : null;

    private static JwtHeader? ReadHeader(byte[] bytes)
    {
        using var header = Claims(bytes);
        if (
            header is null
            || header.RootElement.GetStringOrNull("alg") is not { } algorithm
            || header.RootElement.TryGetProperty("crit", out _)
        )
        {
            return null; // no extension is understood here, so crit refuses (RFC 7515 §4.1.11)
        }

        return new JwtHeader(algorithm, header.RootElement.GetStringOrNull("typ"), header.RootElement.GetStringOrNull("kid"));
    }

    /// <summary>Strict base64url: no padding, no white space, no spare bits, so that one token has one spelling.</summary>
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

    private static ReadOnlySpan<byte> Json(Action<Utf8JsonWriter> members)
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
