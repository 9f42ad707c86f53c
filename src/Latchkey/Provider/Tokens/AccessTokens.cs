using System.Text.Json;
using Latchkey.Applications;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Users.Sessions;

namespace Latchkey.Provider.Tokens;

/// <summary>
/// Writes and reads access tokens of the provider: JWTs of RFC 9068 that any API can verify, or texts that only this server can read. Both
/// hold the same claims.
/// </summary>
public sealed class AccessTokens(KeyRing ring, TimeProvider clock)
{
    /// <summary>The header <c>typ</c> (RFC 9068 §2.1).</summary>
    private const string Type = "at+jwt";
    private const string OpaquePrefix = "lka_";

    /// <summary>Stands in <c>jti</c> between the id of the grant and a random part.</summary>
    private const char GrantSeparator = '.';

    /// <summary>A new <c>jti</c>, which says what grant it is of.</summary>
    public static string NewId(string? grantId) =>
        grantId is null ? SessionGrants.NewId() : $"{grantId}{GrantSeparator}{SessionGrants.NewId()}";

    public string Write(Application application, string issuer, ProviderAccessToken token, bool isOpaque) =>
        isOpaque
            ? OpaquePrefix + ring.Encrypt(Purpose(application), Jwt.WriteObject(claims => WriteClaims(claims, issuer, token)))
            : Jwt.Write(application.SigningKey, Type, claims => WriteClaims(claims, issuer, token));

    /// <summary>
    /// The token; null when it is none of this application's provider, or has expired. Whether it was revoked, and whether its session
    /// lives, is for the caller to check.
    /// </summary>
    public ProviderAccessToken? Read(Application application, string issuer, string text) =>
        ReadExpired(application, issuer, text) is { } token && token.ExpiresAt * 1000 > clock.Now() ? token : null;

    /// <summary>As <see cref="Read"/>, also for a token that has expired.</summary>
    public ProviderAccessToken? ReadExpired(Application application, string issuer, string text)
    {
        var payload = text.StartsWith(OpaquePrefix, StringComparison.Ordinal)
            ? ring.TryOpen(Purpose(application), text[OpaquePrefix.Length..])
            : Jwt.Verify(text, header => IsType(header.Type) ? application.FindPublishedKey(header.KeyId) : null);
        if (payload is null || Jwt.Claims(payload) is not { } document)
        {
            return null;
        }

        using (document)
        {
            var claims = document.RootElement;
            return
                claims.GetStringOrNull("iss") == issuer
                && claims.GetNumericDate("exp") is { } expiresAt
                && ReadClaims(claims, expiresAt) is { } token
                ? token
                : null;
        }
    }

    /// <summary>A media type in the header: with or without its tree, in any case (RFC 9068 §4).</summary>
    private static bool IsType(string? type) =>
        Type.Equals(type, StringComparison.OrdinalIgnoreCase) || $"application/{Type}".Equals(type, StringComparison.OrdinalIgnoreCase);

    /// <summary>Writes the claims of a token into an open object.</summary>
    public static void WriteClaims(Utf8JsonWriter claims, string issuer, ProviderAccessToken token)
    {
        claims.WriteString("iss"u8, issuer);
        claims.WriteString("sub"u8, token.Subject);
        if (token.Audiences is [var one])
        {
            claims.WriteString("aud"u8, one);
        }
        else
        {
            claims.WriteStartArray("aud"u8);
            foreach (var audience in token.Audiences)
            {
                claims.WriteStringValue(audience);
            }

            claims.WriteEndArray();
        }

        claims.WriteString("client_id"u8, token.ClientId);
        claims.WriteNumber("iat"u8, token.IssuedAt);
        claims.WriteNumber("exp"u8, token.ExpiresAt);
        claims.WriteString("jti"u8, token.Id);
        if (token.Scope.Length > 0)
        {
            claims.WriteString("scope"u8, token.Scope);
        }

        if (token is { AuthenticatedAt: { } authenticatedAt, Methods: { } methods, SessionId: { } sessionId })
        {
            claims.WriteString("sid"u8, sessionId);
            SessionClaims.Write(claims, authenticatedAt, methods);
        }

        if (token.DpopKey is { } key)
        {
            claims.WriteStartObject("cnf"u8);
            claims.WriteString("jkt"u8, key);
            claims.WriteEndObject();
        }

        if (token.Actor is { } actor)
        {
            claims.WritePropertyName("act"u8);
            claims.WriteRawValue(actor);
        }

        if (token.MayAct is { } mayAct)
        {
            claims.WritePropertyName("may_act"u8);
            claims.WriteRawValue(mayAct);
        }
    }

    private static ProviderAccessToken? ReadClaims(JsonElement claims, long expiresAt) =>
        claims.GetStringOrNull("jti") is { } id
        && claims.GetStringOrNull("sub") is { } subject
        && claims.GetStringOrNull("client_id") is { } clientId
        && claims.GetNumericDate("iat") is { } issuedAt
        && ReadAudiences(claims) is { Count: > 0 } audiences
            ? new ProviderAccessToken
            {
                Id = id,
                GrantId = id.Split(GrantSeparator) is [var grantId, _] ? grantId : null,
                Subject = subject,
                ClientId = clientId,
                Audiences = audiences,
                Scope = claims.GetStringOrNull("scope") ?? "",
                IssuedAt = issuedAt,
                ExpiresAt = expiresAt,
                AuthenticatedAt = claims.GetNumericDate("auth_time"),
                Methods = claims.TryGetProperty("amr", out var methods) ? string.Join(' ', Texts(methods)) : null,
                SessionId = claims.GetStringOrNull("sid"),
                DpopKey =
                    claims.TryGetProperty("cnf", out var confirmation) && confirmation.ValueKind == JsonValueKind.Object
                        ? confirmation.GetStringOrNull("jkt")
                        : null,
                Actor = claims.TryGetProperty("act", out var actor) ? actor.GetRawText() : null,
                MayAct = claims.TryGetProperty("may_act", out var mayAct) ? mayAct.GetRawText() : null,
            }
            : null;

    private static IReadOnlyList<string> ReadAudiences(JsonElement claims) =>
        !claims.TryGetProperty("aud", out var audience) ? []
        : audience.ValueKind == JsonValueKind.String ? [audience.GetString()!]
        : Texts(audience);

    private static IReadOnlyList<string> Texts(JsonElement array) =>
        array.ValueKind == JsonValueKind.Array
            ? [.. array.EnumerateArray().Where(one => one.ValueKind == JsonValueKind.String).Select(one => one.GetString()!)]
            : [];

    private static string Purpose(Application application) => $"access-token/{application.Id}";
}
