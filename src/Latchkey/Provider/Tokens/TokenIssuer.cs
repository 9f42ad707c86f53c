using System.Text.Json;
using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Provider.Clients;
using Latchkey.Provider.UserInfo;
using Latchkey.Users.Sessions;

namespace Latchkey.Provider.Tokens;

/// <summary>Writes the tokens of an answer, for every grant type that has a user.</summary>
public sealed class TokenIssuer(AccessTokens accessTokens, IdTokens idTokens, SessionGrants grants, TimeProvider clock)
{
    /// <summary>Stands in a grant's resources for the issuer, which can get another address. No resource is called so.</summary>
    private const string OwnResource = "issuer";

    /// <summary>
    /// What the access token will be for: the resources of the request, which must be within the grant, or else those of the grant.
    /// invalid_scope and invalid_target as in <see cref="ResourceSelection"/>.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="grant">What was granted; it need not be stored yet.</param>
    /// <param name="wanted">The scopes; null for all of the grant.</param>
    public static Result<TokenTarget> Select(TokenRequest request, SessionGrant grant, IReadOnlyList<string>? wanted = null)
    {
        var selection = new ResourceSelection(request.Caller.Application, request.Caller.Issuer);
        string[] granted = [.. UserScopes.Split(grant.Resources).Select(one => one == OwnResource ? request.Caller.Issuer : one)];
        var asked = request.Parameters.Values("resource");
        var scopes = wanted ?? ScopesOf(grant, request.Client);
        string[] allowed = [.. granted.Intersect(request.Client.Settings.Resources, StringComparer.Ordinal)];
        return selection.Select(scopes, asked.Count > 0 ? asked : granted, allowed).Failed(out var target, out var refused) ? refused
            : asked.Count == 0 && wanted is not null && target.Scope.Length == 0 ? selection.Select(scopes, [], [])
            : target;
    }

    /// <summary>
    /// The resources of a grant, to be stored: those that were asked for, or else what the scopes mean now. A resource that gets one of
    /// the scopes later is not among them.
    /// </summary>
    public static string ResourcesOf(TokenRequest request, string scope, string resources)
    {
        if (resources.Length > 0)
        {
            return resources;
        }

        var (application, issuer, ofClient) = (request.Caller.Application, request.Caller.Issuer, request.Client.Settings.Resources);
        var selection = new ResourceSelection(application, issuer);
        var scopes = UserScopes.Split(scope);
        var audiences = selection.Select(scopes, [], ofClient).Value?.Audiences ?? selection.Owners(scopes, ofClient);
        return string.Join(' ', audiences.Select(one => one == issuer ? OwnResource : one));
    }

    /// <summary>The granted scopes that the client may still have.</summary>
    public static IReadOnlyList<string> ScopesOf(SessionGrant grant, Client client) =>
        [.. UserScopes.Split(grant.Scope).Intersect(client.Settings.Scopes, StringComparer.Ordinal)];

    /// <summary>
    /// The access token; an ID token if <paramref name="scopes"/> has openid; a refresh token if offline_access was granted. Takes about a
    /// millisecond of CPU time for each signature, so never call it inside a transaction.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="found">The stored grant, its session and user.</param>
    /// <param name="target">What the access token is for.</param>
    /// <param name="scopes">What the client wanted and may have.</param>
    /// <param name="nonce">For the ID token; null for none.</param>
    public TokenAnswer Issue(
        TokenRequest request,
        GrantedSession found,
        TokenTarget target,
        IReadOnlyList<string> scopes,
        string? nonce = null
    )
    {
        var (application, issuer, now) = (request.Caller.Application, request.Caller.Issuer, clock.Now() / 1000);
        var expiresAt = Math.Min(found.Session.ExpiresAt / 1000, now + target.Seconds);
        var token = new ProviderAccessToken
        {
            Id = AccessTokens.NewId(found.Grant.Id),
            GrantId = found.Grant.Id,
            Subject = found.User.Id,
            ClientId = request.Client.Id,
            Audiences = target.Audiences,
            Scope = target.Scope,
            IssuedAt = now,
            ExpiresAt = expiresAt,
            AuthenticatedAt = found.AuthenticatedAt / 1000,
            Methods = found.Session.Methods,
            SessionId = found.Grant.Sid,
            DpopKey = request.DpopKey,
        };
        var accessToken = accessTokens.Write(application, issuer, token, request.Client.Settings.OpaqueTokens);
        return new TokenAnswer
        {
            AccessToken = accessToken,
            TokenType = token.TokenType,
            ExpiresIn = expiresAt - now,
            Scope = target.Scope,
            RefreshToken = HasRefreshToken(found.Grant, request.Client) ? grants.TokenOf(found.Grant) : null,
            IdToken = scopes.Contains(UserScopes.OpenId, StringComparer.Ordinal)
                ? idTokens.Write(application, issuer, found, accessToken, nonce, json => WriteClaims(json, request, found, scopes))
                : null,
        };
    }

    /// <summary>Whether the grant has refresh tokens, and so lasts as long as its session. Its client must still be allowed them.</summary>
    public static bool HasRefreshToken(SessionGrant grant, Client client) =>
        client.HasGrant(GrantType.RefreshToken) && ScopesOf(grant, client).Contains(UserScopes.OfflineAccess, StringComparer.Ordinal);

    /// <summary>
    /// When the row can go. Null, so not before its session, if it has refresh tokens or its client is told of the session's end.
    /// </summary>
    /// <param name="expiresAt">When what it is needed for is over otherwise, in unix milliseconds.</param>
    public static long? ExpiryOf(SessionGrant grant, Client client, long? expiresAt) =>
        HasRefreshToken(grant, client) || client.Settings.LogoutUri.Length > 0 ? null : expiresAt;

    /// <summary>
    /// The claims that the request asked for by name (OpenID Connect Core §5.5), and those of the scopes for a client that reads them here.
    /// All others are at UserInfo.
    /// </summary>
    private static void WriteClaims(Utf8JsonWriter json, TokenRequest request, GrantedSession found, IReadOnlyList<string> scopes)
    {
        var names = RequestedClaims.ForIdToken(found.Grant.Claims);
        var given = request.Client.Settings.ClaimsInIdToken ? scopes : [];
        if (names.Count == 0 && given.Count == 0)
        {
            return;
        }

        foreach (var (name, value) in UserClaims.Of(request.Caller.Application, found.User, given, names))
        {
            json.WritePropertyName(name);
            value?.WriteTo(json);
        }
    }
}
