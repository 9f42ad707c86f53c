using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Latchkey.Applications;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Users.Sessions;

namespace Latchkey.Provider.Tokens;

/// <summary>Writes ID tokens (OpenID Connect Core §2), and reads those that clients give as hints.</summary>
public sealed class IdTokens(TimeProvider clock)
{
    private const string Type = "JWT";

    /// <param name="application">Whose key signs.</param>
    /// <param name="issuer">Its issuer.</param>
    /// <param name="found">The user, the session and the client's grant.</param>
    /// <param name="accessToken">For the claim at_hash.</param>
    /// <param name="nonce">The request's; null for none, and in answers to a refresh token.</param>
    /// <param name="extra">Writes the claims that the request asked for by name.</param>
    public string Write(
        Application application,
        string issuer,
        GrantedSession found,
        string accessToken,
        string? nonce,
        Action<Utf8JsonWriter>? extra = null
    )
    {
        var now = clock.Now() / 1000;
        return Jwt.Write(
            application.SigningKey,
            Type,
            claims =>
            {
                claims.WriteString("iss"u8, issuer);
                claims.WriteString("sub"u8, found.User.Id);
                claims.WriteString("aud"u8, found.Grant.Client);
                claims.WriteNumber("iat"u8, now);
                claims.WriteNumber("exp"u8, now + (application.Settings.ProviderTokenMinutes * 60L));
                claims.WriteString("sid"u8, found.Grant.Sid);
                SessionClaims.Write(claims, found.AuthenticatedAt / 1000, found.Session.Methods);
                if (nonce is not null)
                {
                    claims.WriteString("nonce"u8, nonce);
                }

                claims.WriteString("at_hash"u8, HalfHash(accessToken));
                extra?.Invoke(claims);
            }
        );
    }

    /// <summary>
    /// What an ID token of this application says, also one that has expired; null for anything else. The hint of a request proves no more
    /// than that the client once had it.
    /// </summary>
    public static IdTokenHint? ReadHint(Application application, string issuer, string text)
    {
        var payload = Jwt.Verify(
            text,
            header => Type.Equals(header.Type, StringComparison.Ordinal) ? application.FindPublishedKey(header.KeyId) : null
        );
        using var document = payload is null ? null : Jwt.Claims(payload);
        return
            document?.RootElement is { } claims
            && claims.GetStringOrNull("iss") == issuer
            && claims.GetStringOrNull("sub") is { } subject
            && claims.GetStringOrNull("aud") is { } clientId
            && claims.GetStringOrNull("sid") is { } sessionId
            && claims.TryGetProperty("at_hash", out _) // user JWTs of the contract have none
            ? new IdTokenHint(subject, clientId, sessionId)
            : null;
    }

    /// <summary>The left half of the hash (Core §3.1.3.6). SHA-256 for both algorithms that applications sign with.</summary>
    private static string HalfHash(string accessToken) =>
        Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(accessToken)).AsSpan(0, 16));
}
