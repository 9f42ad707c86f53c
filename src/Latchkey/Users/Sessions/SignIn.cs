using System.Data.Common;
using Latchkey.Activity.Usage;
using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Data;

namespace Latchkey.Users.Sessions;

/// <summary>Completes every successful login: opens a session in the caller's transaction, and issues its tokens.</summary>
public sealed class SignIn(
    SessionStore sessions,
    SessionGrants grants,
    UserStore users,
    UsageStore usage,
    InstallationTokens tokens,
    UserJwt userJwt,
    TimeProvider clock
)
{
    /// <summary>The maximum number of active sessions of a user; a newer one ends the oldest.</summary>
    public const int MaxSessions = 100;
    private static readonly TimeSpan SignedUserTokenLifetime = TimeSpan.FromMinutes(5);

    /// <summary>Opens a session and records the login. Runs in the caller's transaction.</summary>
    /// <param name="user">As read with a row lock in this transaction, so that of concurrent logins only one counts as the day's
    /// first.</param>
    /// <param name="methods">How the user signed in (<see cref="Session.Methods"/>).</param>
    /// <param name="isLogin">False for a signup, which is counted separately.</param>
    /// <param name="isRecorded">The user's row was inserted in this transaction with this login.</param>
    /// <param name="provedAt">When the user proved who they are, if that was elsewhere and earlier; null for now.</param>
    public async Task<Session> Open(
        DbConnection db,
        Application application,
        User user,
        ClientAddress client,
        string methods,
        bool isLogin = true,
        bool isRecorded = false,
        long? provedAt = null
    )
    {
        var session = NewSession(application, user.Id, client, methods) with { ProvedAt = provedAt };
        await sessions.Insert(db, session);
        session = await grants.AddTo(db, application, session);
        if (isLogin)
        {
            if (!isRecorded)
            {
                var end = new SessionEnd(SessionEndReason.TooMany, client.Address, session.CreatedAt);
                await sessions.EndSurplus(db, application.Id, user.Id, MaxSessions, end);
                await users.RecordLogin(db, application.Id, user.Id, session.CreatedAt);
            }

            await usage.CountActivity(
                db,
                application.Id,
                user.Id,
                session.CreatedAt,
                [UserActivity.LoginKindOf(methods), .. UserActivity.UsageKindsFor(UserActivity.LastSeen(user), session.CreatedAt)]
            );
        }

        return session;
    }

    /// <summary>
    /// A session beside the one that a user has in a browser, for a client that goes on when the browser has signed out. Not stored yet.
    /// </summary>
    /// <param name="name">What lists call it.</param>
    public Session Beside(Application application, Session browser, ClientAddress client, string name) =>
        NewSession(application, browser.UserId, client with { DeviceName = name }, browser.Methods) with
        {
            ProvedAt = browser.AuthenticatedAt,
        };

    /// <summary>Stores a session of <see cref="Beside"/>. Runs in the caller's transaction, which has locked the user's row.</summary>
    public async Task StoreBeside(DbConnection db, Session session)
    {
        await sessions.InsertNow(db, session);
        var end = new SessionEnd(SessionEndReason.TooMany, session.Client, session.CreatedAt);
        await sessions.EndSurplus(db, session.AppId, session.UserId, MaxSessions, end);
    }

    /// <summary>
    /// Signs the tokens of an open session. Takes about a millisecond of CPU time, so never call it inside a transaction.
    /// </summary>
    /// <param name="isNew">Whether the user has just signed in, so that a passkey may be offered.</param>
    public TokenResponse IssueTokens(Application application, User user, Session session, bool isNew = true)
    {
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        var lifetime = (long)application.Settings.AccessTokenLifetime.TotalSeconds;
        var expiresAt = Math.Min(session.ExpiresAt / 1000, now + lifetime);
        var accessToken = new AccessToken(application.Id, user.Handle, session.Id, now, expiresAt);
        return new(
            userJwt.Write(application, user, session),
            tokens.Write(accessToken),
            session.Grant is { } grant ? grants.TokenOf(grant) : null,
            session.Grant is null ? null : expiresAt - now,
            isNew && OffersPasskey(application, user, session) ? true : null
        );
    }

    /// <summary>As <see cref="IssueTokens"/>, for a user who has just proved the address.</summary>
    public RegistrationTokenResponse IssueRegistrationTokens(Application application, User user, Session session)
    {
        var (issued, issuedAt) = (IssueTokens(application, user, session), session.CreatedAt / 1000);
        var signedUser = new SignedUserToken(application.Id, user.Handle, issuedAt, issuedAt + (long)SignedUserTokenLifetime.TotalSeconds);
        return new(issued.Jwt, issued.AccessToken, tokens.Write(signedUser), issued.RefreshToken, issued.ExpiresIn, issued.OfferPasskey);
    }

    /// <summary>
    /// As <see cref="IssueTokens"/>, on another thread while the transaction goes on. Do not return the tokens before the transaction has
    /// committed.
    /// </summary>
    public Task<TokenResponse> IssueTokensInBackground(Application application, User user, Session session) =>
        Task.Run(() => IssueTokens(application, user, session));

    /// <summary>Whether a user who has just signed in may be offered a passkey.</summary>
    public static bool OffersPasskey(Application application, User user, Session session) =>
        application.Settings.PasskeysEnabled
        && user is { Anonymous: false, PasskeyCount: 0 }
        && !AuthenticationMethods.IncludePasskey(session.Methods);

    private Session NewSession(Application application, string userId, ClientAddress client, string methods)
    {
        var (now, settings) = (clock.Now(), application.Settings);
        return new Session
        {
            Id = Secrets.Token(),
            AppId = application.Id,
            UserId = userId,
            Client = client.Address,
            UserAgent = client.ShortUserAgent,
            DeviceName = client.ShortDeviceName,
            Methods = methods,
            CreatedAt = now,
            ExpiresAt = now + (long)settings.SessionLifetime.TotalMilliseconds,
            IdleExpiresAt = settings.SessionIdleLifetime is { } idle ? now + (long)idle.TotalMilliseconds : null,
        };
    }
}
