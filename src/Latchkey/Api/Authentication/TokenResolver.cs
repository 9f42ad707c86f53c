using Latchkey.Applications;
using Latchkey.Applications.Credentials;
using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Users.Sessions;

namespace Latchkey.Api.Authentication;

/// <summary>Turns tokens into callers. A good token of a deleted application resolves to <see cref="AppGone"/>: 401, after the parameters.</summary>
public sealed class TokenResolver(InstallationTokens tokens, OldTokens oldTokens, ApplicationDirectory directory, Database database, SessionStore sessions, CredentialStore credentials, TimeProvider clock)
{
    public static readonly Error AppGone = ErrorCodes.AppNoLongerExists;

    public async Task<Result<Caller>> FromAppToken(string? text, ClientAddress client)
    {
        if (text is null || tokens.ReadApp(text) is not { } token)
        {
            return text is not null && await oldTokens.ReadApp(text) is { } movedIn
                ? new AppCaller(movedIn, client, Upgrading: null)
                : ErrorCodes.InvalidAppToken.Because(text is null ? "no app-token" : "not an app token of this installation");
        }

        if (await directory.Find(token.AppId) is not { } application)
        {
            return AppGone;
        }

        return application.HasAppToken(token.Id, clock.Now())
            ? new AppCaller(application, client, Upgrading: null)
            : ErrorCodes.InvalidAppToken.Because("a revoked app token");
    }

    /// <summary>An access token in place of the app token only names the application: expired or ended, it still serves.</summary>
    public async Task<Result<Caller>> FromNamingToken(string text, ClientAddress client)
    {
        if (tokens.ReadAccess(text) is not { } token)
        {
            return await oldTokens.ReadAccess(text) is { } old
                ? new AppCaller(old.Application, client, Upgrading: null)
                : ErrorCodes.InvalidAccessToken.Because("not an access token of this installation");
        }

        return await directory.Find(token.AppId) is { } application ? new AppCaller(application, client, Upgrading: null) : AppGone;
    }

    public async Task<Result<Caller>> FromAccessToken(string? text, ClientAddress client)
    {
        if (text is null || tokens.ReadAccess(text) is not { } token)
        {
            return text is not null && await oldTokens.ReadAccess(text) is { } old && await oldTokens.FindSession(old) is { } session
                ? Admit(old.Application, client, session)
                : ErrorCodes.InvalidAccessToken.Because(text is null ? "no access-token" : "not an access token of this installation");
        }

        if (clock.Now() / 1000 >= token.ExpiresAt)
        {
            return ErrorCodes.AccessTokenExpired;
        }

        if (await directory.Find(token.AppId) is not { } application)
        {
            return AppGone;
        }

        if (application.IsResetting)
        {
            return ErrorCodes.InvalidAccessToken.Because("all users are being deleted"); // each session ends with the reset's first moment, not with its row
        }

        return await FindSession(application, token) is { } found
            ? Admit(application, client, found)
            : ErrorCodes.InvalidAccessToken.Because("the session or its user is gone");
    }

    /// <summary>One of the application's servers. An unknown or ended secret is 400, like an unknown App Token.</summary>
    public async Task<Result<Caller>> FromAppSecret(string? secret, ClientAddress client)
    {
        if (secret is null)
        {
            return ErrorCodes.InvalidAppToken.Because("no app-secret");
        }

        var hash = Secrets.Hash(secret);
        var appId = await database.Read(db => credentials.FindAppBySecret(db, hash));
        return appId is not null && await directory.Find(appId) is { } application && application.HasAppSecret(hash, clock.Now())
            ? new ServerCaller(application, client)
            : ErrorCodes.InvalidAppToken.Because("not an app secret in use");
    }

    /// <summary>The anonymous user who becomes a named one: its token must be live and of this application (405, 501).</summary>
    public async Task<Result<Caller>> WithUpgrade(AppCaller caller, string accessToken)
    {
        var (resolved, refused) = await FromAccessToken(accessToken, caller.Client);
        if (refused is not null)
        {
            return refused.Code == ErrorCodes.AccessTokenExpired.Code ? refused : ErrorCodes.InvalidAccessToken;
        }

        return resolved is UserCaller { User.Anonymous: true } user && user.Application.Id == caller.Application.Id
            ? caller with { Upgrading = user.User }
            : ErrorCodes.InvalidAccessToken.Because("not an anonymous user of this application");
    }

    private Result<Caller> Admit(Application application, ClientAddress client, SessionUser found)
    {
        if (found.User.IsSuspended)
        {
            return ErrorCodes.UserSuspended;
        }

        if (found.Session.EndedAt is not null)
        {
            return ErrorCodes.InvalidAccessToken.Because("the session has ended");
        }

        return found.Session.ExpiresAt <= clock.Now() ? ErrorCodes.AccessTokenExpired : new UserCaller(application, client, found.User, found.Session);
    }

    private Task<SessionUser?> FindSession(Application application, AccessToken token) =>
        database.Read(db => sessions.Find(db, application.Id, token.SessionId));
}
