using System.Text.Json;
using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Data;

namespace Latchkey.Provider.Clients;

/// <summary>Verifies assertions that clients sign with their own key: private_key_jwt (RFC 7523 §3, OpenID Connect Core §9).</summary>
public sealed class ClientAssertions(Database database, ClientKeys keys, UsedTokenStore used, TimeProvider clock)
{
    /// <summary>How far a client's clock may be ahead, in seconds.</summary>
    private const long Leeway = 60;

    /// <summary>The longest time from now to <c>exp</c>, in seconds: so long its <c>jti</c> is remembered.</summary>
    private const long MaxLifetime = 60 * 60;

    private const int MaxIdLength = 255;

    /// <summary>The client that an assertion says it is of, not verified; null for none.</summary>
    public static string? SubjectOf(ClientCredential credential)
    {
        if (credential.Method != ClientAuthenticationMethod.PrivateKey || Jwt.UnverifiedPayload(credential.Proof) is not { } payload)
        {
            return null;
        }

        using var document = Jwt.Claims(payload);
        return document?.RootElement.GetStringOrNull("sub");
    }

    /// <summary>
    /// invalid_client unless a key of the client signed it by RS256 or ES256, its <c>iss</c> and <c>sub</c> are the client, its <c>aud</c>
    /// is the issuer, it is timely, and it comes for the first time.
    /// </summary>
    public async Task<Result<Client>> Verify(ProviderCaller caller, Client client, string assertion)
    {
        var candidates = await keys.Find(client, KeyIdOf(assertion));
        var payload = candidates.Select(key => Jwt.Verify(assertion, _ => key)).FirstOrDefault(found => found is not null);
        using var document = payload is null ? null : Jwt.Claims(payload);
        if (document?.RootElement is not { } claims)
        {
            return OAuthErrors.InvalidClient.WithCause("the assertion is not signed by a known key of the client");
        }

        if (FindProblem(caller, client, claims) is { } problem)
        {
            return OAuthErrors.InvalidClient.WithCause($"the assertion {problem}");
        }

        var key = UsedTokenStore.KeyOf(UsedTokenStore.Assertion, client.Id, claims.GetStringOrNull("jti") ?? "");
        var expiresAt = (claims.GetNumericDate("exp") ?? 0) * 1000;
        return await database.Write(db => used.TryUse(db, caller.Application.Id, key, expiresAt))
            ? client
            : OAuthErrors.InvalidClient.WithCause("the assertion was used before");
    }

    /// <summary>What is wrong with the claims; null for nothing.</summary>
    private string? FindProblem(ProviderCaller caller, Client client, JsonElement claims)
    {
        var now = clock.Now() / 1000;
        return claims.GetStringOrNull("iss") != client.Id || claims.GetStringOrNull("sub") != client.Id ? "has another iss or sub"
            : !IsFor(caller, client, claims) ? "is for another audience"
            : claims.GetStringOrNull("jti") is not { Length: > 0 and <= MaxIdLength } ? "has no usable jti"
            : claims.GetNumericDate("exp") is not { } exp || exp <= now ? "has expired, or never expires"
            : exp > now + MaxLifetime ? "lives too long"
            : IsInFuture(claims, "nbf", now) || IsInFuture(claims, "iat", now) ? "is from the future"
            : null;
    }

    /// <summary>One text that is the issuer: an assertion for several servers could be used at the wrong one.</summary>
    private static bool IsFor(ProviderCaller caller, Client client, JsonElement claims) =>
        claims.GetStringOrNull("aud") is { } audience
        && (audience == caller.Issuer || (client.Settings.EndpointAudienceAccepted && audience == $"{caller.Issuer}/oauth2/token"));

    /// <summary>A claim that is there and no number is not valid either.</summary>
    private static bool IsInFuture(JsonElement claims, string name, long now) =>
        claims.TryGetProperty(name, out _) && (claims.GetNumericDate(name) is not { } at || at > now + Leeway);

    private static string? KeyIdOf(string assertion)
    {
        string? id = null;
        Jwt.Verify(
            assertion,
            header =>
            {
                id = header.KeyId;
                return null;
            }
        );
        return id;
    }
}
