using System.Text.Json;
using Latchkey.Core;
using Latchkey.Cryptography;

namespace Latchkey.Api.SocialLogin;

/// <summary>Checks of claims that all providers' ID tokens have in common (OpenID Connect Core §3.1.3.7).</summary>
public static class IdTokenClaims
{
    /// <summary>Clocks of providers may be ahead of ours by this much.</summary>
    public const long ClockSkewSeconds = 120;

    /// <summary>What is wrong with its times; null for nothing.</summary>
    /// <param name="now">In unix seconds.</param>
    public static string? FindTimeProblem(JsonElement claims, long now) =>
        claims.GetNumericDate("exp") is not { } expires || expires <= now ? "expired"
        : claims.GetNumericDate("iat") is not { } issued || issued > now + ClockSkewSeconds ? "not issued yet"
        : claims.TryGetProperty("nbf", out _) && !(claims.GetNumericDate("nbf") <= now + ClockSkewSeconds) ? "not valid yet"
        : null;

    /// <summary>All audiences, each once; one that is not text counts as a foreign one.</summary>
    public static HashSet<string> Audiences(JsonElement claims) =>
        !claims.TryGetProperty("aud", out var audience) ? []
        : audience.ValueKind == JsonValueKind.Array ? audience.EnumerateArray().Select(ReadText).ToHashSet(StringComparer.Ordinal)
        : [ReadText(audience)];

    /// <summary>The text; empty for anything else.</summary>
    public static string ReadText(JsonElement value) => Field.FromJson(value) is { Kind: FieldKind.Text, Text: var text } ? text : "";

    /// <summary>The header before validation. Use it only to find the key; null when it is no token.</summary>
    public static JwtHeader? UnverifiedHeader(string token)
    {
        JwtHeader? seen = null;
        Jwt.Verify(
            token,
            header =>
            {
                seen = header;
                return null;
            }
        );
        return seen;
    }
}
