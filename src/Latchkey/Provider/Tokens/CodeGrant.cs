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
    CodeUses codeUses,
    SessionStore sessions,
    SessionGrants grants,
    SignIn signIn,
    SessionUses uses,
    TokenIssuer issuer,
    TimeProvider clock
)
{
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
            await codeUses.Burn(grant);
            return refused;
        }

        var session = SessionFor(request, of.Session, grant);
        grant = grant with
        {
            SessionId = session.Id,
            SidSessionId = session.Id == of.Session.Id ? null : of.Session.Id,
            ExpiresAt = TokenIssuer.ExpiryOf(grant, request.Client, grant.CreatedAt + Math.Max(CodeUses.TraceKept, target.Seconds * 1000)),
        };
        if (await codeUses.Use(new CodeUse(request.Client, code, of, session, grant)) is { } tooLate)
        {
            return tooLate;
        }

        uses.Note(of.Session);
        var found = new GrantedSession(of.User, session, grant);
        return issuer.Issue(request, found, target, TokenIssuer.ScopesOf(grant, request.Client), code.Nonce);
    }

    /// <summary>The user's session; by a setting a new one where the client goes on after the browser has signed out.</summary>
    private Session SessionFor(TokenRequest request, Session browser, SessionGrant grant) =>
        request.Caller.Application.Settings.OfflineOutlivesLogout && TokenIssuer.HasRefreshToken(grant, request.Client)
            ? signIn.Beside(request.Caller.Application, browser, request.Caller.Client, request.Client.Name)
            : browser;

    private SessionGrant Grant(TokenRequest request, AuthorizationCode code, Session session, string id) =>
        grants.Create(session, id, clock.Now()) with
        {
            Client = request.Client.Id,
            Scope = code.Scope,
            Resources = TokenIssuer.ResourcesOf(request, code.Scope, code.Resources),
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
}
