using Latchkey.Activity.Audit;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Provider.Clients;
using Latchkey.Users.Sessions;

namespace Latchkey.Provider.Tokens;

/// <summary>
/// Revokes tokens (RFC 7009 §2.1). With a refresh token the whole grant ends, and so its access tokens. An access token alone stops to work
/// where this server checks it; its refresh token lives. What kind a token is can be seen, so the hint is not needed.
/// </summary>
public sealed class RevocationRules(
    Database database,
    ClientAuthentication clients,
    AccessTokens accessTokens,
    UsedTokenStore used,
    SessionGrantStore store,
    SessionGrants grants,
    GrantEnds ends,
    AuditStore audit,
    TimeProvider clock
)
{
    private const string Action = "revoke";

    /// <summary>
    /// invalid_grant for the token of another client, which lives on. A token that is unknown, expired or revoked already is a success.
    /// </summary>
    public async Task<Result<Done>> Revoke(HttpRequest request, ProviderCaller caller)
    {
        if ((await OAuthParameters.ReadForm(request)).Failed(out var parameters, out var unreadable))
        {
            return unreadable;
        }

        if ((await clients.Authenticate(request, caller, parameters)).Failed(out var client, out var refused))
        {
            return refused;
        }

        return parameters["token"] is not { } text ? OAuthErrors.InvalidRequest with { Message = "token is missing." }
            : RefreshToken.Parse(text) is { } refresh ? await RevokeGrant(caller, client, refresh)
            : accessTokens.Read(caller.Application, caller.Issuer, text) is { } access ? await RevokeAccess(caller, client, access)
            : default(Done);
    }

    private async Task<Result<Done>> RevokeGrant(ProviderCaller caller, Client client, RefreshToken token)
    {
        var appId = caller.Application.Id;
        if (await database.Read(db => store.Find(db, appId, token.GrantId)) is not { } found || !grants.IsIssuedBy(found.Grant, token))
        {
            return default(Done);
        }

        return found.Grant.Client == client.Id ? await End(caller, found) : Foreign();
    }

    private async Task<Result<Done>> End(ProviderCaller caller, GrantedSession found)
    {
        var (appId, now) = (caller.Application.Id, clock.Now());
        await database.Write(async db =>
        {
            if (!await ends.End(db, appId, found.Grant.Id, new SessionEnd(SessionEndReason.SignedOut, caller.Client.Address, now)))
            {
                return;
            }

            var entry = new AuditEntry(appId, Action, found.User.Handle, caller.Client.Address) { Actor = AuditEntry.ByServer };
            await audit.Add(db, entry with { Detail = $"client {found.Grant.Client}: the grant was ended" });
        });
        return default(Done);
    }

    private async Task<Result<Done>> RevokeAccess(ProviderCaller caller, Client client, ProviderAccessToken token)
    {
        if (token.ClientId != client.Id)
        {
            return Foreign();
        }

        await database.Write(db => used.TryUse(db, caller.Application.Id, LiveTokens.RevocationKey(token), (token.ExpiresAt + 1) * 1000));
        return default(Done);
    }

    private static Error Foreign() => OAuthErrors.InvalidGrant.WithCause("the token is of another client");
}
