using Latchkey.Activity.Audit;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Provider.Clients;
using Latchkey.Provider.Sessions;
using Latchkey.Provider.Tokens;
using Latchkey.Users.Sessions;

namespace Latchkey.Provider.Authorization;

/// <summary>
/// The way of an authorization request: it is opened at the endpoint and at each page anew, and leads to a page or back to its client. In
/// the silent case that is one query and no write.
/// </summary>
public sealed class AuthorizationFlow(
    Database database,
    AuthorizationStore store,
    ClientStore clients,
    ConsentStore consents,
    UsedTokenStore used,
    AuthorizationCodes codes,
    PendingAuthorizations pendings,
    BrowserSessions sessions,
    AuditStore audit,
    TimeProvider clock
)
{
    public const string ConsentAction = "consent";

    /// <summary>How long a user can take on the pages.</summary>
    public static readonly TimeSpan PageLifetime = TimeSpan.FromMinutes(30);

    /// <summary>Of an address with a sealed request in it: servers and proxies take about 8 KB in the first line of a request.</summary>
    private const int MaxAddressLength = 7_500;

    /// <summary>How long a pushed request is remembered as used: longer than any copy of it works.</summary>
    private static readonly TimeSpan UsedLifetime = PageLifetime + PushedRequests.Lifetime;

    private static readonly Error TooLarge = OAuthErrors.InvalidRequest with { Message = "The request is too large." };

    /// <summary>The request as it came to the authorization endpoint. An error is for the user.</summary>
    public Result<PendingAuthorization> Begin(ProviderCaller caller, IReadOnlyList<KeyValuePair<string, string>> pairs)
    {
        string[] requestUris = [.. pairs.Where(pair => pair.Key == "request_uri").Select(pair => pair.Value)];
        string[] clientIds = [.. pairs.Where(pair => pair.Key == "client_id").Select(pair => pair.Value)];
        var (now, clientId) = (clock.Now(), clientIds is [var one] && Field.IsStorable(one) ? one : "");
        var expiresAt = now + (long)PageLifetime.TotalMilliseconds;
        if (requestUris is not [var uri] || PushedRequests.SealedOf(uri) is not { } text)
        {
            return new PendingAuthorization(SessionGrants.NewId(), PushedRequests.ToQuery(pairs), clientId, false, now, expiresAt);
        }

        // Nothing else in this request counts (RFC 9126 §4), and nobody but its client may use it.
        return pendings.Read(caller.Application, text) is { IsPushed: true, StartedAt: 0 } pushed && pushed.ClientId == clientId
            ? pushed with
            {
                StartedAt = now,
                ExpiresAt = expiresAt,
            }
            : OAuthErrors.InvalidRequestUri;
    }

    /// <summary>The request that a page's address has; null when it is none of this application, or too old.</summary>
    public PendingAuthorization? Read(ProviderCaller caller, string text) =>
        pendings.Read(caller.Application, text) is { StartedAt: > 0 } pending ? pending : null;

    /// <summary>Reads the request and what it depends on.</summary>
    /// <param name="caller">The application.</param>
    /// <param name="pending">The request.</param>
    /// <param name="sessionId">The session of the browser; null for none.</param>
    public async Task<OpenedAuthorization> Open(ProviderCaller caller, PendingAuthorization pending, string? sessionId)
    {
        if (OAuthParameters.DecodeQuery(pending.Parameters).Failed(out var pairs, out var unreadable))
        {
            return new RefusedAuthorization(unreadable, null);
        }

        var requestKey = pending.IsPushed ? KeyOf(pending) : "";
        var facts = await database.Read(db => store.Find(db, caller.Application.Id, pending.ClientId, sessionId ?? "", requestKey));
        if (AuthorizationRequestReader.FindTarget(facts?.Client, pairs).Failed(out var to, out var nowhere) || facts is null)
        {
            return new RefusedAuthorization(nowhere ?? OAuthErrors.InvalidRequest, null);
        }

        var request =
            facts.IsUsed ? OAuthErrors.InvalidRequestUri
            : facts.Client.Settings.PushedRequestsRequired && !pending.IsPushed
                ? OAuthErrors.InvalidRequest with
                {
                    Message = "The client must push its requests.",
                }
            : AuthorizationRequestReader.Read(caller, facts.Client, to, pairs);
        if (request.Failed(out var valid, out var refused))
        {
            return new RefusedAuthorization(refused, to);
        }

        var user = sessions.Accept(facts.User);
        return new ReadyAuthorization(
            pending,
            facts.Client,
            valid with
            {
                DpopKey = valid.DpopKey ?? pending.DpopKey,
            },
            user,
            user is null ? null : facts.Consent
        );
    }

    /// <summary>Where the client of a request is told of an error; null if the request does not say it rightly.</summary>
    public async Task<AnswerAddress?> FindTarget(ProviderCaller caller, PendingAuthorization pending)
    {
        var client = await database.Read(db => clients.Find(db, caller.Application.Id, pending.ClientId));
        return OAuthParameters.DecodeQuery(pending.Parameters).Failed(out var pairs, out _)
            ? null
            : AuthorizationRequestReader.FindTarget(client, pairs).Value;
    }

    /// <summary>Where the request goes on: back to its client, or to a page.</summary>
    public async Task<AuthorizationAnswer> Answer(ProviderCaller caller, OpenedAuthorization opened) =>
        opened switch
        {
            RefusedAuthorization { To: { } to, Error: var error } => to.WithError(caller.Issuer, error),
            RefusedAuthorization refused => new(null, refused.Error),
            ReadyAuthorization ready => AuthorizeRules.Decide(ready, clock.Now()) switch
            {
                ErrorDecision refusal => ready.To.WithError(caller.Issuer, refusal.Error),
                PageDecision needed => ToPage(caller, ready, needed.Page),
                _ => await IssueCode(caller, ready),
            },
            _ => throw new InvalidOperationException("a request is refused or ready"),
        };

    /// <summary>The page that the user needs; null when none is needed.</summary>
    public AuthorizationPage? FindPage(ReadyAuthorization opened) =>
        AuthorizeRules.Decide(opened, clock.Now()) is PageDecision needed ? needed.Page : null;

    /// <summary>The user went on as the one who is signed in.</summary>
    public static ReadyAuthorization Choose(ReadyAuthorization opened) =>
        opened with
        {
            Pending = opened.Pending with { ChosenSession = opened.User?.Session.PublicId },
        };

    /// <summary>The request after the user has opened this session for it.</summary>
    public static PendingAuthorization SignedIn(PendingAuthorization pending, Session session) =>
        pending with
        {
            FreshSession = session.PublicId,
        };

    /// <summary>The text of a request in the addresses of pages.</summary>
    public string Write(ProviderCaller caller, PendingAuthorization pending) => pendings.Write(caller.Application, pending);

    /// <summary>The user wants to sign in as somebody else.</summary>
    public static ReadyAuthorization SwitchAccount(ReadyAuthorization opened) =>
        opened with
        {
            Pending = opened.Pending with { SwitchesAccount = true, ChosenSession = null, FreshSession = null },
        };

    /// <summary>The user does not want to: access_denied.</summary>
    public async Task<AuthorizationAnswer> Deny(ProviderCaller caller, ReadyAuthorization opened)
    {
        var refused = OAuthErrors.AccessDenied with { Message = "The user did not allow it." };
        if (opened.User is { User.Handle: var handle })
        {
            var entry = Entry(caller, handle) with { Code = refused.Code, Detail = $"refused to {opened.Client.Id}" };
            await database.Write(db => audit.Add(db, entry));
        }

        return opened.To.WithError(caller.Issuer, refused);
    }

    /// <summary>The user allows what the request asks for: that is remembered, and the client gets its code.</summary>
    public async Task<AuthorizationAnswer> Allow(ProviderCaller caller, ReadyAuthorization opened)
    {
        var (user, now) = (UserOf(opened).User, clock.Now());
        var consent = new Consent
        {
            AppId = user.AppId,
            UserId = user.Id,
            ClientId = opened.Client.Id,
            Scope = Join(opened.Consent?.Scope, opened.Request.Scopes),
            Resources = Join(opened.Consent?.Resources, opened.Request.Resources),
            CreatedAt = opened.Consent?.CreatedAt ?? now,
            UpdatedAt = now,
        };
        var detail = $"allowed to {opened.Client.Id}: {string.Join(' ', opened.Request.Scopes.Concat(opened.Request.Resources))}";
        await database.Write(async db =>
        {
            await consents.Save(db, consent);
            await audit.Add(db, Entry(caller, user.Handle) with { Detail = detail });
        });
        return await IssueCode(caller, opened);
    }

    private AuthorizationAnswer ToPage(ProviderCaller caller, ReadyAuthorization opened, AuthorizationPage page)
    {
        var path = page switch
        {
            AuthorizationPage.SignIn => "login",
            AuthorizationPage.SignUp => "signup",
            AuthorizationPage.ChooseAccount => "login/account",
            AuthorizationPage.Consent => "consent",
            _ => throw new ArgumentOutOfRangeException(nameof(page)),
        };
        var url = $"{caller.Issuer}/{path}?request={Write(caller, opened.Pending)}";
        return url.Length <= MaxAddressLength ? new(url) : opened.To.WithError(caller.Issuer, TooLarge);
    }

    private async Task<AuthorizationAnswer> IssueCode(ProviderCaller caller, ReadyAuthorization opened)
    {
        var (pending, request, now) = (opened.Pending, opened.Request, clock.Now());
        if (pending.IsPushed)
        {
            var expiresAt = now + (long)UsedLifetime.TotalMilliseconds;
            if (!await database.Write(db => used.TryUse(db, caller.Application.Id, KeyOf(pending), expiresAt)))
            {
                return opened.To.WithError(caller.Issuer, OAuthErrors.InvalidRequestUri);
            }
        }

        var code = new AuthorizationCode(
            opened.Client.Id,
            UserOf(opened).Session.Id,
            request.RedirectUri,
            string.Join(' ', request.Scopes),
            string.Join(' ', request.Resources),
            request.Nonce,
            request.Claims,
            request.CodeChallenge,
            request.DpopKey,
            now + (long)AuthorizationCodes.Lifetime.TotalMilliseconds,
            pending.IsPushed ? pending.Id : null
        );
        return opened.To.WithCode(caller.Issuer, codes.Write(caller.Application, code));
    }

    private static SessionUser UserOf(ReadyAuthorization opened) =>
        opened.User ?? throw new InvalidOperationException("nobody is signed in");

    private static AuditEntry Entry(ProviderCaller caller, string handle) =>
        new(caller.Application.Id, ConsentAction, handle, caller.Client.Address);

    private static string KeyOf(PendingAuthorization pending) =>
        UsedTokenStore.KeyOf(UsedTokenStore.PushedRequest, pending.ClientId, pending.Id);

    private static string Join(string? before, IEnumerable<string> now) =>
        string.Join(' ', UserScopes.Split(before).Concat(now).Distinct(StringComparer.Ordinal));
}
