using Latchkey.Applications;
using Latchkey.Data;
using Latchkey.Users.Sessions;

namespace Latchkey.Provider.Tokens;

/// <summary>
/// Reads access tokens where this server itself takes them, and checks what a token alone cannot say: that it was not revoked, and that
/// its grant, its session and its user live. One query.
/// </summary>
public sealed class LiveTokens(Database database, AccessTokens tokens, UsedTokenStore used, TimeProvider clock)
{
    /// <summary>The token; null when it is none of the application, has expired, was revoked, or its session or client is gone.</summary>
    public async Task<LiveToken?> Find(Application application, string issuer, string text) =>
        tokens.Read(application, issuer, text) is { } token ? await Find(application, token) : null;

    /// <summary>As above, for a token that was read.</summary>
    public async Task<LiveToken?> Find(Application application, ProviderAccessToken token)
    {
        var key = RevocationKey(token);
        if (token.GrantId is not { } grantId)
        {
            return await database.Read(db => used.IsLive(db, application.Id, token.ClientId, key))
                ? new LiveToken(token, Found: null)
                : null;
        }

        var found = await database.Read(db => used.FindGrantOf(db, application.Id, grantId, token.ClientId, key));
        return found is not null && IsLive(found, clock.Now()) ? new LiveToken(token, found) : null;
    }

    /// <summary>Under which the token is stored once it is revoked.</summary>
    public static string RevocationKey(ProviderAccessToken token) =>
        UsedTokenStore.KeyOf(UsedTokenStore.RevokedToken, token.ClientId, token.Id);

    /// <summary>Whether grant, session and user are in order.</summary>
    public static bool IsLive(GrantedSession found, long now) =>
        found.Grant.EndedAt is null && !found.User.IsSuspended && found.Session.EndAt(now) is null;
}
