using System.Text.Json.Nodes;
using Latchkey.Core;
using Latchkey.Provider.Tokens;
using Latchkey.Users.Sessions;

namespace Latchkey.Provider.UserInfo;

/// <summary>What the UserInfo endpoint answers: the subject, and the claims of the token's scopes and of its request.</summary>
public sealed class UserInfoRules(LiveTokens tokens, TokenBinding binding, SessionUses uses)
{
    /// <summary>
    /// invalid_token for a token that is not of this application, expired, revoked, or for another audience than the issuer;
    /// insufficient_scope without openid. For one that is bound to a key as in <see cref="TokenBinding"/>.
    /// </summary>
    public async Task<Result<JsonObject>> Find(HttpRequest request, ProviderCaller caller, BearerToken presented)
    {
        if (await tokens.Find(caller.Application, caller.Issuer, presented.Text) is not { } live)
        {
            return OAuthErrors.InvalidToken.WithCause("the access token is not valid, has expired, was revoked, or its session is over");
        }

        if (await binding.Check(request, caller, presented, live.Token, UserInfoApi.Path) is { } unbound)
        {
            return unbound;
        }

        if (FindRefusal(caller, live.Token) is { } refused)
        {
            return refused;
        }

        if (live.Found is not { } found)
        {
            return OAuthErrors.InvalidToken.WithCause("the access token is of a client, not of a user");
        }

        uses.Note(found.Session);
        var claims = UserClaims.Of(caller.Application, found.User, live.Token.Scopes, RequestedClaims.ForUserInfo(found.Grant.Claims));
        claims.Insert(0, "sub", found.User.Id);
        return claims;
    }

    private static Error? FindRefusal(ProviderCaller caller, ProviderAccessToken token) =>
        !token.Audiences.Contains(caller.Issuer, StringComparer.Ordinal)
            ? OAuthErrors.InvalidToken.WithCause($"the access token is for {string.Join(' ', token.Audiences)}")
        : !token.Scopes.Contains(UserScopes.OpenId, StringComparer.Ordinal) ? OAuthErrors.InsufficientScope
        : null;
}
