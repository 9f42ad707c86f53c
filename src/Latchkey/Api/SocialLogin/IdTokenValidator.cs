using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Latchkey.Applications.Settings;
using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Users;

namespace Latchkey.Api.SocialLogin;

/// <summary>
/// Checks Apple's and Google's ID tokens in full (OpenID Connect Core §3.1.3.7): signature, issuer, audience, times, nonce, address.
/// <see cref="UsedIdTokens"/> checks that a token was not used before.
/// </summary>
public sealed class IdTokenValidator(ProviderKeyCache keys, TimeProvider clock)
{
    /// <summary>A token is good for this long, or until its own end. Apple's last a day.</summary>
    private const long MaxAgeSeconds = 3600;

    private const int MaxSubjectLength = 255;

    /// <summary>
    /// 415/416 when the provider is off or has no id configured, 602 for another provider, 613 for anything wrong with the token.
    /// </summary>
    public async Task<Result<SocialIdentity>> Validate(
        ApplicationSettings settings,
        string provider,
        string token,
        string? nonce,
        CancellationToken stop
    )
    {
        if (Audiences(settings, provider).Failed(out var audiences, out var off))
        {
            return off;
        }

        if (IdTokenClaims.UnverifiedHeader(token) is not { KeyId: { } keyId } || await keys.Find(provider, keyId, stop) is not { } key)
        {
            return Invalid("no such key at the provider");
        }

        if (Jwt.Verify(token, header => header.KeyId == keyId ? key : null) is not { } payload)
        {
            return Invalid("the signature is wrong");
        }

        using var claims = Jwt.Claims(payload);
        return claims is null ? Invalid("the claims are not an object")
            : settings.SocialNonceRequired && nonce is null ? Invalid("the nonce is missing")
            : Validate(token, claims.RootElement, provider, audiences, nonce);
    }

    /// <summary>Whether the application takes this provider at all.</summary>
    public static Result<string[]> Audiences(ApplicationSettings settings, string provider)
    {
        var audiences = SocialProvider.Audiences(settings, provider);
        return audiences.Length > 0 ? audiences
            : provider == SocialProvider.Apple ? ErrorCodes.AppleLoginDisabled
            : provider == SocialProvider.Google ? ErrorCodes.GoogleLoginDisabled
            : ErrorCodes.InvalidData.WithCause("provider is apple or google");
    }

    private Result<SocialIdentity> Validate(string token, JsonElement claims, string provider, string[] audiences, string? nonce)
    {
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        if (claims.GetStringOrNull("iss") is not { } issuer || !MatchesIssuer(provider, issuer))
        {
            return Invalid("another issuer");
        }

        if (!MatchesAudience(claims, audiences))
        {
            return Invalid("another audience");
        }

        if (IdTokenClaims.FindTimeProblem(claims, now) is { } problem)
        {
            return Invalid(problem);
        }

        var ends = Math.Min(claims.GetNumericDate("exp") ?? 0, (claims.GetNumericDate("iat") ?? 0) + MaxAgeSeconds);
        if (ends <= now)
        {
            return Invalid("too old");
        }

        if (claims.GetStringOrNull("sub") is not { Length: > 0 and <= MaxSubjectLength } subject || !Field.IsStorable(subject))
        {
            return Invalid("no subject");
        }

        if (nonce is not null && !MatchesNonce(claims, nonce))
        {
            return Invalid("another nonce");
        }

        return ReadVerifiedEmail(claims).Failed(out var email, out var unverified)
            ? unverified
            : new SocialIdentity(provider, subject, email, UsedIdTokens.Hash(token), ends * 1000);
    }

    /// <summary>The provider that a token says it is of; null for another one. It is not validated: use it only to choose how to.</summary>
    public static string? ClaimedProvider(string token)
    {
        if (Jwt.UnverifiedPayload(token) is not { } payload)
        {
            return null;
        }

        using var claims = Jwt.Claims(payload);
        return claims?.RootElement.GetStringOrNull("iss") is { } issuer
            ? SocialProvider.All.FirstOrDefault(provider => MatchesIssuer(provider, issuer))
            : null;
    }

    private static bool MatchesIssuer(string provider, string issuer) =>
        provider == SocialProvider.Apple
            ? issuer == "https://appleid.apple.com"
            : issuer is "https://accounts.google.com" or "accounts.google.com";

    /// <summary>
    /// Whether the token is for one of our ids. If it is for others too, a party that it names (azp) must be one of ours. With one audience
    /// azp is not looked at: in Google's tokens for a server it is the id of the mobile app.
    /// </summary>
    private static bool MatchesAudience(JsonElement claims, string[] ours) =>
        IdTokenClaims.Audiences(claims) is var audiences
        && audiences.Intersect(ours, StringComparer.Ordinal).Any()
        && (
            audiences.Count == 1
            || !claims.TryGetProperty("azp", out var party)
            || ours.Contains(IdTokenClaims.ReadText(party), StringComparer.Ordinal)
        );

    /// <summary>Apps give Apple the SHA-256 of their nonce, so the token may contain either form.</summary>
    private static bool MatchesNonce(JsonElement claims, string nonce) =>
        claims.GetStringOrNull("nonce") is { } claimed
        && (claimed == nonce || claimed == Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(nonce))));

    /// <summary>The address, null when there is none; 613 when there is one that the provider has not verified.</summary>
    private static Result<Handle?> ReadVerifiedEmail(JsonElement claims)
    {
        if (claims.GetStringOrNull("email") is not { } raw)
        {
            return default(Handle?);
        }

        // Apple writes the boolean as text at times.
        var isVerified =
            claims.TryGetProperty("email_verified", out var verified)
            && (verified.ValueKind == JsonValueKind.True || claims.GetStringOrNull("email_verified") == "true");
        return isVerified && Handle.ParseEmail(raw) is { Succeeded: true } handle ? handle.Value : Invalid("the address is not verified");
    }

    private static Error Invalid(string cause) => ErrorCodes.InvalidToken.WithCause(cause);
}
