using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Latchkey.Api.SocialLogin;
using Latchkey.Applications.IdentityProviders;
using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Provider.Clients;
using Latchkey.Provider.IdentityProviders.Catalogue;

namespace Latchkey.Provider.IdentityProviders;

/// <summary>
/// Checks ID tokens that providers answer a code with (OpenID Connect Core §3.1.3.7). Their keys are those of the issuer's JWK Set, fetched
/// at most once a minute for unknown ids; only public keys are taken, so that neither <c>none</c> nor HS256 is an algorithm.
/// </summary>
public sealed class ProviderIdTokens(ClientKeys keys, TimeProvider clock)
{
    /// <summary>The claims; 852 with what is wrong.</summary>
    /// <param name="nonce">What was asked for; null if none was.</param>
    public async Task<Result<JsonElement>> Validate(
        IdentityProvider provider,
        ProviderTemplate template,
        ProviderEndpoints endpoints,
        string token,
        string? nonce
    )
    {
        if (IdTokenClaims.UnverifiedHeader(token) is not { } header)
        {
            return Failed("is no JWT");
        }

        var candidates = await keys.Find(provider.AppId, endpoints.Jwks, header.KeyId);
        if (candidates.Select(key => Jwt.Verify(token, _ => key)).FirstOrDefault(payload => payload is not null) is not { } verified)
        {
            return Failed("has no signature of the provider's keys");
        }

        using var document = Jwt.Claims(verified);
        return document is null ? Failed("has claims that are not an object with unique names")
            : FindProblem(provider, template, endpoints, document.RootElement, nonce) is { } problem ? Failed(problem)
            : document.RootElement.Clone();
    }

    private string? FindProblem(
        IdentityProvider provider,
        ProviderTemplate template,
        ProviderEndpoints endpoints,
        JsonElement claims,
        string? nonce
    ) =>
        !ProviderAddresses.FitsToken(template, endpoints.Issuer, claims) ? "is of another issuer"
        : FindAudienceProblem(provider.ClientId, claims) is { } problem ? problem
        : IdTokenClaims.FindTimeProblem(claims, clock.GetUtcNow().ToUnixTimeSeconds()) is { } time ? $"is {time}"
        : nonce is not null && !IsEqual(claims.GetStringOrNull("nonce"), nonce) ? "has another nonce"
        : null;

    /// <summary>With several audiences, the party that it was issued to must be this client (§3.1.3.7, steps 3 to 5).</summary>
    private static string? FindAudienceProblem(string clientId, JsonElement claims)
    {
        var audiences = IdTokenClaims.Audiences(claims);
        return !audiences.Contains(clientId) ? "is for another audience"
            : claims.TryGetProperty("azp", out var party) && IdTokenClaims.ReadText(party) != clientId ? "is for another party (azp)"
            : audiences.Count > 1 && party.ValueKind == JsonValueKind.Undefined ? "is for several audiences and names no party (azp)"
            : null;
    }

    private static bool IsEqual(string? one, string other) =>
        one is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(one), Encoding.UTF8.GetBytes(other));

    private static Error Failed(string what) => ProviderProblem.Failed($"the ID token {what}");
}
