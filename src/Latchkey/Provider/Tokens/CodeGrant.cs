using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Provider.Authorization;
using Latchkey.Provider.UserInfo;
using Latchkey.Users.Sessions;

namespace Latchkey.Provider.Tokens;

/// <summary>
/// The grant type authorization_code (RFC 6749 §4.1.3). A code works once: its first use stores a grant whose id is the code's hash, also
/// when the use is refused. A further use ends that grant, and so the tokens of the first one.
/// </summary>
public sealed class CodeGrant(
    Database database,
    AuthorizationCodes codes,
    SessionStore sessions,
    SessionGrantStore store,
    SessionGrants grants,
    ActivityCounter activity,
    SignIn signIn,
    SessionUses uses,
    TokenIssuer issuer,
    TimeProvider clock
)
{
    /// <summary>How long the trace of a code is kept that led to no tokens, in milliseconds.</summary>
    private const long TraceKept = 60 * 60_000;

    /// <summary>invalid_grant for a code that is unknown, used, expired or another's; invalid_request for what is malformed.</summary>
    public async Task<Result<TokenAnswer>> Issue(TokenRequest request)
    {
        var application = request.Caller.Application;
        if (request.Parameters["code"] is not { } text)
        {
            return OAuthErrors.InvalidRequest with { Message = "code is missing." };
        }

        if (codes.Read(application, text) is not { } code)
        {
            return OAuthErrors.InvalidGrant.WithCause("the code is unknown");
        }

        if ((request.Named?.OfCode ?? await database.Read(db => sessions.Find(db, application.Id, code.SessionId))) is not { } of)
        {
            return OAuthErrors.InvalidGrant.WithCause("the session of the code is gone");
        }

        var grant = Grant(request, code, of.Session, SessionGrants.IdOf(text));
        if (Check(request, code, of, grant).Failed(out var target, out var refused))
        {
            await Burn(grant);
            return refused;
        }

        var session = SessionFor(request, of.Session, grant);
        grant = grant with
        {
            SessionId = session.Id,
            ExpiresAt = TokenIssuer.HasRefreshToken(grant) ? null : grant.CreatedAt + Math.Max(TraceKept, target.Seconds * 1000),
        };
        if (!await Use(grant, of, session))
        {
            await Burn(grant with { SessionId = of.Session.Id });
            return OAuthErrors.InvalidGrant.WithCause("the code was used before; the tokens that it led to were revoked");
        }

        uses.Note(of.Session);
        var found = new GrantedSession(of.User, session, grant);
        return issuer.Issue(request, found, target, TokenIssuer.ScopesOf(grant, request.Client), code.Nonce);
    }

    /// <summary>The user's session; by a setting a new one where the client goes on after the browser has signed out.</summary>
    private Session SessionFor(TokenRequest request, Session browser, SessionGrant grant) =>
        request.Caller.Application.Settings.OfflineOutlivesLogout && TokenIssuer.HasRefreshToken(grant)
            ? signIn.Beside(request.Caller.Application, browser, request.Caller.Client, request.Client.Name)
            : browser;

    private SessionGrant Grant(TokenRequest request, AuthorizationCode code, Session session, string id) =>
        grants.Create(session, id, clock.Now()) with
        {
            Client = request.Client.Id,
            Scope = code.Scope,
            Resources = code.Resources,
            Claims = RequestedClaims.Allow(request.Caller.Application, request.Client, UserScopes.Split(code.Scope), code.Claims),
            DpopKey = request.Client.IsPublic ? request.DpopKey : null,
            Sid = session.PublicId,
        };

    private Result<TokenTarget> Check(TokenRequest request, AuthorizationCode code, SessionUser of, SessionGrant grant) =>
        code.ClientId != request.Client.Id ? OAuthErrors.InvalidGrant.WithCause("the code was given to another client")
        : codes.IsExpired(code) ? OAuthErrors.InvalidGrant.WithCause("the code has expired")
        : of.User.IsSuspended ? OAuthErrors.InvalidGrant.WithCause("the user is suspended")
        : of.Session.EndAt(clock.Now()) is not null ? OAuthErrors.InvalidGrant.WithCause("the session of the code is over")
        : CodeChecks.RedirectUri(code, request.Parameters) is { } uri ? uri
        : CodeChecks.Verifier(code, request.Parameters) is { } verifier ? verifier
        : code.DpopKey is { } key && key != request.DpopKey ? OAuthErrors.InvalidGrant.WithCause("the code is bound to another key")
        : TokenIssuer.Select(request, grant);

    /// <summary>Stores the grant; false, with nothing changed, when the code was used before.</summary>
    private async Task<bool> Use(SessionGrant grant, SessionUser of, Session session)
    {
        var isFirstOfDay = ActivityCounter.IsFirstOfDay(of.User, grant.CreatedAt);
        if (!isFirstOfDay && session.Id == of.Session.Id)
        {
            return await UseAlone(grant);
        }

        var used = await database.Write<Result<Done>>(async db =>
        {
            if (session.Id != of.Session.Id)
            {
                await signIn.StoreBeside(db, database.Dialect, session);
            }

            if (!await store.TryInsert(db, grant))
            {
                return OAuthErrors.InvalidGrant;
            }

            if (isFirstOfDay)
            {
                await activity.Count(db, grant.AppId, of.User.Id, grant.CreatedAt);
            }

            return default(Done);
        });
        return used.Succeeded;
    }

    /// <summary>As above, where there is nothing else to store: one round trip.</summary>
    private async Task<bool> UseAlone(SessionGrant grant)
    {
        var isFirst = false;
        await database.Write(db =>
        {
            isFirst = false;
            return store.TryInsert(db, grant, () => isFirst = true);
        });
        return isFirst;
    }

    /// <summary>Makes the code worthless, and ends the grant of an earlier use.</summary>
    private Task Burn(SessionGrant grant) =>
        database.Write(async db =>
        {
            var now = grant.CreatedAt;
            if (!await store.TryInsert(db, grant with { EndedAt = now, ExpiresAt = now + TraceKept }))
            {
                await store.End(db, grant.AppId, grant.Id, now);
            }
        });
}
