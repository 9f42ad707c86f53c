using Latchkey.Applications;
using Latchkey.Applications.Credentials;
using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Users.Sessions;

namespace Latchkey.Api.Authentication;

/// <summary>
/// Resolves tokens to callers. A valid token of a deleted application resolves to <see cref="AppDeleted"/>: 401, after parameter errors.
/// </summary>
public sealed class TokenResolver(
    InstallationTokens tokens,
    LegacyTokens legacyTokens,
    ApplicationCache applications,
    Database database,
    SessionStore sessions,
    CredentialStore credentials,
    SessionUses uses,
    UnknownCredentials unknown,
    TimeProvider clock
)
{
    public static readonly Error AppDeleted = ErrorCodes.AppNoLongerExists;

    public async Task<Result<Caller>> FromAppToken(string? text, ClientAddress client)
    {
        if (text is null || tokens.ReadApp(text) is not { } token)
        {
            return text is not null && await legacyTokens.ReadApp(text) is { } movedIn
                ? new AppCaller(movedIn, client, UpgradingUser: null)
                : Unknown(UnknownCredentials.AppToken, text, client);
        }

        if (await applications.Find(token.AppId) is not { } application)
        {
            return AppDeleted;
        }

        return application.HasAppToken(token.Id, clock.Now())
            ? new AppCaller(application, client, UpgradingUser: null)
            : ErrorCodes.InvalidAppToken.WithCause("a revoked app token");
    }

    /// <summary>
    /// The header access-token without an app-token beside it. It names the application, also when it has expired or its session has ended;
    /// where the policy allows it, the token of a live anonymous user is an upgrade too. 405 for what is neither an access token nor, where
    /// the policy takes one there, an App Token.
    /// </summary>
    public async Task<Result<Caller>> FromLoneAccessToken(string text, ClientAddress client, TokenRequirement policy)
    {
        if (await FindNamed(text) is { } appId)
        {
            return await applications.Find(appId) is not { } application ? AppDeleted
                : policy.AllowsUpgrade ? await UpgradeIfLive(new AppCaller(application, client, UpgradingUser: null), text)
                : new AppCaller(application, client, UpgradingUser: null);
        }

        if (policy.Token == TokenKind.AppOrAccess || !await IsAppToken(text))
        {
            return Unknown(UnknownCredentials.AccessToken, text, client);
        }

        var fromAppToken = await FromAppToken(text, client);
        return fromAppToken.Error?.Code == ErrorCodes.InvalidAppToken.Code
            ? ErrorCodes.InvalidAccessToken.WithCause("a revoked app token")
            : fromAppToken;
    }

    public async Task<Result<Caller>> FromAccessToken(string? text, ClientAddress client)
    {
        if (text is null || tokens.ReadAccess(text) is not { } token)
        {
            return text is not null && await legacyTokens.ReadAccess(text) is { } old && await legacyTokens.FindSession(old) is { } session
                ? ToUserCaller(old.Application, client, session)
                : Unknown(UnknownCredentials.AccessToken, text, client);
        }

        if (clock.Now() / 1000 >= token.ExpiresAt)
        {
            return ErrorCodes.AccessTokenExpired;
        }

        if (await applications.Find(token.AppId) is not { } application)
        {
            return AppDeleted;
        }

        if (application.IsResetting)
        {
            // Each session ends with the reset's first moment, not with its row
            return ErrorCodes.InvalidAccessToken.WithCause("all users are being deleted");
        }

        return await FindSession(application, token) is { } found
            ? ToUserCaller(application, client, found)
            : ErrorCodes.InvalidAccessToken.WithCause("the session or its user is gone");
    }

    /// <summary>One of the application's servers. An unknown or ended secret is 400, like an unknown App Token.</summary>
    public async Task<Result<Caller>> FromAppSecret(string? secret, ClientAddress client)
    {
        if (secret is null)
        {
            return Unknown(UnknownCredentials.AppSecret, secret, client);
        }

        var hash = Secrets.Hash(secret);
        if (await database.Read(db => credentials.FindAppBySecret(db, hash)) is not { } appId)
        {
            return Unknown(UnknownCredentials.AppSecret, secret, client);
        }

        return await applications.Find(appId) is { } application && application.HasAppSecret(hash, clock.Now())
            ? new ServerCaller(application, client)
            : ErrorCodes.InvalidAppToken.WithCause("not an app secret in use");
    }

    /// <summary>The anonymous user who becomes a named one: its token must be live and of this application (405, 501).</summary>
    public async Task<Result<Caller>> WithUpgrade(AppCaller caller, string accessToken)
    {
        if ((await FromAccessToken(accessToken, caller.Client)).Failed(out var resolved, out var refused))
        {
            return refused.Code == ErrorCodes.AccessTokenExpired.Code ? refused : ErrorCodes.InvalidAccessToken;
        }

        return resolved is UserCaller { User.Anonymous: true } user && user.Application.Id == caller.Application.Id
            ? caller with
            {
                UpgradingUser = user.User,
            }
            : ErrorCodes.InvalidAccessToken.WithCause("not an anonymous user of this application");
    }

    private async Task<Result<Caller>> UpgradeIfLive(AppCaller caller, string accessToken) =>
        (await WithUpgrade(caller, accessToken)).Value ?? caller;

    /// <summary>The id of the application of an access token, whatever became of its session; null for anything else.</summary>
    private async Task<string?> FindNamed(string text) =>
        tokens.ReadAccess(text)?.AppId ?? (await legacyTokens.ReadAccess(text))?.Application.Id;

    private async Task<bool> IsAppToken(string text) => tokens.ReadApp(text) is not null || await legacyTokens.ReadApp(text) is not null;

    /// <summary>The refusal of a missing credential, or of one that this installation did not issue.</summary>
    private Error Unknown(string kind, string? text, ClientAddress client)
    {
        if (text is not null)
        {
            unknown.Record(kind, client);
        }

        return (kind == UnknownCredentials.AccessToken ? ErrorCodes.InvalidAccessToken : ErrorCodes.InvalidAppToken).WithCause(
            text is null ? $"no {kind}" : $"not an {kind} of this installation"
        );
    }

    private Result<Caller> ToUserCaller(Application application, ClientAddress client, SessionUser found)
    {
        if (found.User.IsSuspended)
        {
            return ErrorCodes.UserSuspended;
        }

        switch (found.Session.EndAt(clock.Now())?.Reason)
        {
            case null:
                uses.Note(found.Session);
                return new UserCaller(application, client, found.User, found.Session);
            case SessionEndReason.Expired or SessionEndReason.Idle:
                return ErrorCodes.AccessTokenExpired;
            default:
                return ErrorCodes.InvalidAccessToken.WithCause("the session has ended");
        }
    }

    private Task<SessionUser?> FindSession(Application application, AccessToken token) =>
        database.Read(db => sessions.Find(db, application.Id, token.SessionId));
}
