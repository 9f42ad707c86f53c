using Latchkey.Activity.Audit;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Provider.Clients;
using Latchkey.Provider.Tokens;
using Latchkey.Users;
using Latchkey.Users.Sessions;
using Microsoft.AspNetCore.WebUtilities;

namespace Latchkey.Provider.Logout;

/// <summary>
/// Signs users out where a client asks for it (OpenID Connect RP-Initiated Logout). The client shows by an ID token of this very session
/// that it may; otherwise the user is asked, because any page could send a browser here. Whatever is wrong with a request, the browser
/// stays here.
/// </summary>
public sealed class LogoutRules(
    Database database,
    ClientStore clients,
    SessionStore sessions,
    SessionGrantStore grants,
    UserStore users,
    BackChannelLogout backChannel,
    AuditStore audit,
    TimeProvider clock
)
{
    private const string Action = "logout";

    /// <summary>
    /// invalid_request for a hint that is not ours, a client that it was not given to, or a URI that is not the client's.
    /// </summary>
    public async Task<Result<LogoutRequest>> Read(ProviderCaller caller, OAuthParameters parameters)
    {
        IdTokenHint? hint = null;
        if (parameters["id_token_hint"] is { } text)
        {
            hint = IdTokens.ReadHint(caller.Application, caller.Issuer, text);
            if (hint is null)
            {
                return Refuse("id_token_hint is not an ID token of this provider.");
            }
        }

        var clientId = parameters["client_id"] ?? hint?.ClientId;
        if (hint is not null && clientId != hint.ClientId)
        {
            return Refuse("client_id is not the client that the ID token was given to.");
        }

        var client = clientId is null ? null : await database.Read(db => clients.Find(db, caller.Application.Id, clientId));
        if (clientId is not null && client is null)
        {
            return Refuse("The client is unknown.");
        }

        var uri = parameters["post_logout_redirect_uri"];
        return uri is not null && client?.Settings.PostLogoutUris.Contains(uri, StringComparer.Ordinal) != true
            ? Refuse("post_logout_redirect_uri is not one of the client.")
            : new LogoutRequest(client, hint, uri, parameters["state"]);
    }

    /// <summary>What becomes of a request. Ends the session where it is certain that the user wants it.</summary>
    /// <param name="current">Who is signed in in this browser; null for nobody.</param>
    public async Task<LogoutDecision> Decide(ProviderCaller caller, LogoutRequest request, SessionUser? current)
    {
        if (current is null)
        {
            return request.Hint is null && request.RedirectUri is not null ? new LogoutDecision.Ask(request) : End(request);
        }

        return request.Hint is { } hint && hint.Subject == current.User.Id && await IsOf(current.Session, hint)
            ? await SignOut(caller, request, current)
            : new LogoutDecision.Ask(request);
    }

    /// <summary>Ends the session, and tells the clients that have used it.</summary>
    /// <param name="current">Who is signed in in this browser; null for nobody.</param>
    public async Task<LogoutDecision> SignOut(ProviderCaller caller, LogoutRequest request, SessionUser? current)
    {
        if (current is not null)
        {
            await EndSession(caller, request.Client, current);
            await backChannel.SendOf(caller.Application.Id, current.Session.Id);
        }

        return End(request);
    }

    /// <summary>
    /// Whether the hint is of this session, or of an earlier one of this browser whose clients went over to it when the user signed in
    /// again.
    /// </summary>
    private async Task<bool> IsOf(Session session, IdTokenHint hint) =>
        hint.SessionId == session.PublicId
        || await database.Read(db => grants.IsIn(db, session.AppId, session.Id, hint.ClientId, hint.SessionId));

    private Task EndSession(ProviderCaller caller, Client? client, SessionUser current) =>
        database.Write(async db =>
        {
            // First, as a login does: a login that is being completed ends with this one, or is over before it.
            await users.FindForUpdate(db, database.Dialect, caller.Application.Id, current.User.Id);
            var end = new SessionEnd(SessionEndReason.SignedOut, caller.Client.Address, clock.Now());
            if (await sessions.EndOne(db, caller.Application.Id, current.Session.Id, end))
            {
                await audit.Add(
                    db,
                    new AuditEntry(caller.Application.Id, Action, current.User.Handle, caller.Client.Address)
                    {
                        Detail = client?.Name ?? "",
                    }
                );
            }
        });

    private static LogoutDecision End(LogoutRequest request) =>
        request.RedirectUri is { } uri
            ? new LogoutDecision.Return(request.State is { } state ? QueryHelpers.AddQueryString(uri, "state", state) : uri)
            : new LogoutDecision.SignedOut();

    private static Error Refuse(string message) => OAuthErrors.InvalidRequest with { Message = message };
}
