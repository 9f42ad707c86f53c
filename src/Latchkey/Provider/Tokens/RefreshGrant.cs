using Latchkey.Api.Sessions;
using Latchkey.Core;
using Latchkey.Users.Sessions;

namespace Latchkey.Provider.Tokens;

/// <summary>
/// The grant type refresh_token (RFC 6749 §6): new tokens and the next refresh token. The scope and the resources of the access token can
/// be fewer than those of the grant; the refresh token keeps them all.
/// </summary>
public sealed class RefreshGrant(GrantRotation rotation, TokenIssuer issuer)
{
    /// <summary>
    /// invalid_grant for a token that is unknown, revoked, another client's, or of a session that is over; invalid_scope and invalid_target
    /// for more than was granted. A request that is refused changes nothing, but a token that came again ends the grant.
    /// </summary>
    public async Task<Result<TokenAnswer>> Issue(TokenRequest request)
    {
        if (request.Parameters["refresh_token"] is not { } text)
        {
            return OAuthErrors.InvalidRequest with { Message = "refresh_token is missing." };
        }

        var (caller, wanted) = (request.Caller, request.Parameters["scope"]);
        var selected = default(Result<TokenTarget>);
        var used = await rotation.Use(
            caller.Application,
            caller.Client,
            request.Client.Id,
            text,
            check: found => Check(request, found, wanted) ?? (selected = TokenIssuer.Select(request, found.Grant, Wanted())).Error,
            isOwner: found => found.Grant.DpopKey is not null,
            read: request.Named?.OfRefreshToken
        );
        if (used.Failed(out var refreshed, out var refused))
        {
            return refused.OAuthCode is null ? OAuthErrors.InvalidGrant.WithCause(refused.Cause ?? refused.Message) : refused;
        }

        return selected.Failed(out var target, out refused)
            ? refused
            : issuer.Issue(request, refreshed, target, Wanted() ?? TokenIssuer.ScopesOf(refreshed.Grant, request.Client));

        IReadOnlyList<string>? Wanted() => wanted is null ? null : UserScopes.Split(wanted);
    }

    private static Error? Check(TokenRequest request, GrantedSession found, string? wanted) =>
        !TokenIssuer.HasRefreshToken(found.Grant, request.Client)
            ? OAuthErrors.InvalidGrant.WithCause("the client may no longer have refresh tokens")
        : found.Grant.DpopKey is { } key && key != request.DpopKey
            ? OAuthErrors.InvalidGrant.WithCause("the refresh token is bound to another key")
        : UserScopes.Split(wanted).Except(TokenIssuer.ScopesOf(found.Grant, request.Client), StringComparer.Ordinal).Any()
            ? OAuthErrors.InvalidScope with
            {
                Message = "The scope is wider than what was granted.",
            }
        : null;
}
