using Latchkey.Core;
using Latchkey.Data;

namespace Latchkey.Provider.Tokens;

/// <summary>The grant type client_credentials (RFC 6749 §4.4): an access token of the client itself.</summary>
public sealed class ClientCredentialsGrant(AccessTokens accessTokens, TimeProvider clock)
{
    /// <summary>
    /// unauthorized_client for a public client; invalid_scope when nothing of the scope is allowed; invalid_target as in
    /// <see cref="ResourceSelection"/>. A request without scope asks for all scopes of the client.
    /// </summary>
    public Task<Result<TokenAnswer>> Issue(TokenRequest request) => Task.FromResult(IssueNow(request));

    private Result<TokenAnswer> IssueNow(TokenRequest request)
    {
        var (application, client) = (request.Caller.Application, request.Client);
        if (client.IsPublic)
        {
            return OAuthErrors.UnauthorizedClient.WithCause("a public client cannot act for itself");
        }

        IReadOnlyList<string> allowed = [.. client.Settings.Scopes.Where(scope => !UserScopes.Has(application, scope))];
        var asked = UserScopes.Split(request.Parameters["scope"]);
        IReadOnlyList<string> scopes = asked.Count == 0 ? allowed : [.. asked.Intersect(allowed, StringComparer.Ordinal)];
        if (asked.Count > 0 && scopes.Count == 0)
        {
            return OAuthErrors.InvalidScope;
        }

        var selection = new ResourceSelection(application, request.Caller.Issuer);
        return selection
            .Select(scopes, request.Parameters.Values("resource"), client.Settings.Resources)
            .Failed(out var target, out var refused)
            ? refused
            : Write(request, target);
    }

    private TokenAnswer Write(TokenRequest request, TokenTarget target)
    {
        var (client, now) = (request.Client, clock.Now() / 1000);
        var token = new ProviderAccessToken
        {
            Id = AccessTokens.NewId(grantId: null),
            Subject = client.Id,
            ClientId = client.Id,
            Audiences = target.Audiences,
            Scope = target.Scope,
            IssuedAt = now,
            ExpiresAt = now + target.Seconds,
            DpopKey = request.DpopKey,
        };
        return new TokenAnswer
        {
            AccessToken = accessTokens.Write(request.Caller.Application, request.Caller.Issuer, token, client.Settings.OpaqueTokens),
            TokenType = token.TokenType,
            ExpiresIn = target.Seconds,
            Scope = target.Scope,
        };
    }
}
