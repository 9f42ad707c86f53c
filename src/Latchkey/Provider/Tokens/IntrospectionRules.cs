using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Limits;
using Latchkey.Provider.Clients;
using Latchkey.Users.Sessions;

namespace Latchkey.Provider.Tokens;

/// <summary>
/// Introspection (RFC 7662). Who may ask: a confidential client. It sees its own tokens; a client of the type service also sees access
/// tokens for a resource that is among its own, whoever they were issued to: that is how an API asks. Anything else is not active to it.
/// </summary>
public sealed class IntrospectionRules(
    Database database,
    ClientAuthentication clients,
    LiveTokens live,
    AccessTokens accessTokens,
    SessionGrantStore store,
    SessionGrants grants,
    RateLimits limits,
    TimeProvider clock
)
{
    /// <summary>
    /// invalid_client for a caller that fails to prove itself, or is public. Texts that are no tokens of this application are limited for
    /// each caller; tokens always get their answer.
    /// </summary>
    public async Task<Result<IntrospectionAnswer>> Find(HttpRequest request, ProviderCaller caller)
    {
        if ((await OAuthParameters.ReadForm(request)).Failed(out var parameters, out var unreadable))
        {
            return unreadable;
        }

        if ((await clients.Authenticate(request, caller, parameters)).Failed(out var client, out var refused))
        {
            return refused;
        }

        return client.IsPublic ? OAuthErrors.InvalidClient.WithCause("a public client cannot ask about tokens")
            : parameters["token"] is not { } text ? OAuthErrors.InvalidRequest with { Message = "token is missing." }
            : RefreshToken.Parse(text) is { } refresh ? await FindRefresh(caller, client, refresh)
            : accessTokens.ReadExpired(caller.Application, caller.Issuer, text) is { } access ? await FindAccess(caller, client, access)
            : await CountUnknown(caller, client);
    }

    private async Task<Result<IntrospectionAnswer>> FindAccess(ProviderCaller caller, Client client, ProviderAccessToken token) =>
        token.ExpiresAt * 1000 > clock.Now() && MaySee(client, token) && await live.Find(caller.Application, token) is { } found
            ? new IntrospectionAnswer
            {
                Access = found.Token,
                Found = found.Found,
                Issuer = caller.Issuer,
            }
            : IntrospectionAnswer.Inactive;

    private static bool MaySee(Client client, ProviderAccessToken token) =>
        token.ClientId == client.Id
        || (client.Type == ClientType.Service && token.Audiences.Intersect(client.Settings.Resources, StringComparer.Ordinal).Any());

    private async Task<Result<IntrospectionAnswer>> FindRefresh(ProviderCaller caller, Client client, RefreshToken token)
    {
        var (application, now) = (caller.Application, clock.Now());
        if (
            await database.Read(db => store.Find(db, application.Id, token.GrantId)) is not { } found
            || !grants.IsIssuedBy(found.Grant, token)
        )
        {
            return await CountUnknown(caller, client);
        }

        var grace = TimeSpan.FromSeconds(application.Settings.RefreshGraceSeconds);
        return
            found.Grant.Client == client.Id
            && LiveTokens.IsLive(found, now)
            && found.Grant.Decide(token.Generation, now, grace) != RefreshDecision.Reused
            ? new IntrospectionAnswer { Found = found, Issuer = caller.Issuer }
            : IntrospectionAnswer.Inactive;
    }

    private async Task<Result<IntrospectionAnswer>> CountUnknown(ProviderCaller caller, Client client) =>
        await limits.TryAcquire(caller.Application.Id, new RateLimitRequest(DefaultLimits.UnknownTokensPerClient, client.Id)) is { } limit
            ? OAuthErrors.SlowDownClient with
            {
                Cause = limit.Cause,
                RetryAfter = limit.RetryAfter,
            }
            : IntrospectionAnswer.Inactive;
}
