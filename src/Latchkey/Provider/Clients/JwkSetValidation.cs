using System.Text.Json;
using Latchkey.Core;
using Latchkey.Cryptography;

namespace Latchkey.Provider.Clients;

/// <summary>The public keys that a client registers (RFC 7517 §5).</summary>
public static class JwkSetValidation
{
    private const int MaxKeys = 10;
    private const int MaxLength = 20_000;

    /// <summary>Members that only a private or symmetric key has (RFC 7518 §6).</summary>
    private static readonly string[] PrivateMembers = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

    /// <summary>What is wrong with a JWK Set; null for nothing.</summary>
    public static string? FindProblem(string jwks)
    {
        if (jwks.Length > MaxLength || !Field.IsStorable(jwks))
        {
            return $"A JWK Set can have at most {MaxLength} characters.";
        }

        try
        {
            using var document = JsonDocument.Parse(jwks);
            return
                document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("keys", out var keys)
                && keys.ValueKind == JsonValueKind.Array
                ? FindProblem(keys)
                : "A JWK Set is an object with the array keys.";
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // the second: an unpaired surrogate
        {
            return "A JWK Set is JSON, such as {\"keys\":[…]}.";
        }
    }

    private static string? FindProblem(JsonElement keys) =>
        keys.GetArrayLength() is < 1 or > MaxKeys ? $"A JWK Set must have 1 to {MaxKeys} keys."
        : keys.EnumerateArray().Any(HasPrivatePart)
            ? "The JWK Set has a private or symmetric key. Register the public halves only, and replace that key."
        : keys.EnumerateArray().Any(key => !IsUsable(key))
            ? "Each key must be RSA of 2048 bits or more, or EC on the curve P-256, for signatures."
        : null;

    private static bool HasPrivatePart(JsonElement key) =>
        key.ValueKind == JsonValueKind.Object && Array.Exists(PrivateMembers, member => key.TryGetProperty(member, out _));

    private static bool IsUsable(JsonElement key)
    {
        using var read = Jwk.Read(key);
        return read is RsaKey or EcKey;
    }
}
