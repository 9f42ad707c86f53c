using Latchkey.Applications;
using Latchkey.Data;
using Latchkey.Provider.Authorization;
using Latchkey.Provider.Clients;
using Latchkey.Users.Sessions;

namespace Latchkey.Provider.Tokens;

/// <summary>Finds the query of the <see cref="NamedGrant"/>.</summary>
public sealed class NamedGrants(AuthorizationCodes codes, SessionStore sessions, SessionGrantStore grants)
{
    /// <summary>Null when the request names nothing that can be read ahead.</summary>
    public RowQuery<NamedGrant>? FindQuery(Application application, string grantType, OAuthParameters parameters) =>
        grantType switch
        {
            GrantType.AuthorizationCode when parameters["code"] is { } text && codes.Read(application, text) is { } code => sessions
                .ById(application.Id, code.SessionId)
                .As(found => new NamedGrant(found, OfRefreshToken: null)),
            GrantType.RefreshToken when parameters["refresh_token"] is { } text && RefreshToken.Parse(text) is { } token => grants
                .ById(application.Id, token.GrantId)
                .As(found => new NamedGrant(OfCode: null, found)),
            _ => null,
        };
}
