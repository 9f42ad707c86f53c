using System.Data.Common;
using Latchkey.Activity.Audit;
using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Provider.Tokens;
using Latchkey.Users.Sessions;

namespace Latchkey.Provider.Devices;

/// <summary>
/// The grant type of devices (RFC 8628 §3.4). A device polls until its user has decided. Then it gets a session of its own, which the user
/// finds in the list of sessions and can end there.
/// </summary>
public sealed class DeviceGrant(
    Database database,
    DeviceRequestStore store,
    DeviceDecisions decisions,
    SignIn signIn,
    SessionGrantStore grantStore,
    SessionGrants grants,
    ActivityCounter activity,
    AuditStore audit,
    TokenIssuer issuer,
    TimeProvider clock
)
{
    /// <summary>
    /// invalid_grant for a device code that is unknown, used or another client's; authorization_pending, slow_down, access_denied and
    /// expired_token as RFC 8628 §3.5 says.
    /// </summary>
    public async Task<Result<TokenAnswer>> Issue(TokenRequest request)
    {
        if (request.Parameters["device_code"] is not { } code)
        {
            return OAuthErrors.InvalidRequest with { Message = "device_code is missing." };
        }

        var (appId, now) = (request.Caller.Application.Id, clock.Now());
        return await database.Read(db => store.Find(db, appId, Secrets.Hash(code))) switch
        {
            null => OAuthErrors.InvalidGrant.WithCause("the device code is unknown"),
            var found when found.ClientId != request.Client.Id => OAuthErrors.InvalidGrant.WithCause("the device code is another client's"),
            { DpopKey: { } key } when key != request.DpopKey => OAuthErrors.InvalidGrant.WithCause(
                "the device code is bound to another key"
            ),
            { State: DeviceState.Used } => OAuthErrors.InvalidGrant.WithCause("the device code was used before"),
            var found when found.ExpiresAt <= now => OAuthErrors.ExpiredToken,
            { State: DeviceState.Denied } => OAuthErrors.AccessDenied,
            { State: DeviceState.Approved } found => await Use(request, found, code),
            var found => await Poll(found, now),
        };
    }

    /// <summary>Nobody has decided. The one write also says whether the device asks too often.</summary>
    private async Task<Result<TokenAnswer>> Poll(DeviceRequest found, long now) =>
        await database.Write(db => store.RecordPoll(db, found.AppId, found.Id, now)) > found.IntervalSeconds
            ? OAuthErrors.SlowDown
            : OAuthErrors.AuthorizationPending;

    private async Task<Result<TokenAnswer>> Use(TokenRequest request, DeviceRequest device, string code)
    {
        var grant = new SessionGrant
        {
            Client = request.Client.Id,
            Scope = device.Scope,
            Resources = TokenIssuer.ResourcesOf(request, device.Scope, device.Resources),
            DpopKey = request.Client.IsPublic ? request.DpopKey : null,
        };
        if (TokenIssuer.Select(request, grant).Failed(out var target, out var refused))
        {
            return refused;
        }

        var opened = await database.Write(db => Open(db, request, device, grant, SessionGrants.IdOf(code), target.Seconds));
        return opened.Failed(out var found, out refused)
            ? refused
            : issuer.Issue(request, found, target, TokenIssuer.ScopesOf(found.Grant, request.Client));
    }

    /// <summary>Uses the code up, and opens the device's session and grant. Whoever changes the user comes before, or waits.</summary>
    private async Task<Result<GrantedSession>> Open(
        DbConnection db,
        TokenRequest request,
        DeviceRequest device,
        SessionGrant wanted,
        string grantId,
        long seconds
    )
    {
        var (application, now) = (request.Caller.Application, clock.Now());
        if (await decisions.FindApproval(db, device, request.Client) is not { } approving)
        {
            return OAuthErrors.AccessDenied.WithCause("the user, the session of the approval or the consent is no longer in order");
        }

        if (!await store.Use(db, application.Id, device.Id, now))
        {
            return OAuthErrors.InvalidGrant.WithCause("the device code was used before");
        }

        var client = request.Caller.Client;
        long? endsWithToken = TokenIssuer.HasRefreshToken(wanted, request.Client) ? null : now + (seconds * 1000);
        var session = signIn.Beside(application, approving.Session, client, request.Client.Name);
        session = session with { ExpiresAt = Math.Min(session.ExpiresAt, endsWithToken ?? session.ExpiresAt) };
        await signIn.StoreBeside(db, session);
        await activity.Count(db, application.Id, session.UserId, now);
        var grant = grants.Create(session, grantId, now) with
        {
            Client = wanted.Client,
            Scope = wanted.Scope,
            Resources = wanted.Resources,
            DpopKey = wanted.DpopKey,
            Sid = session.PublicId,
            SidSessionId = session.Id,
            ExpiresAt = TokenIssuer.ExpiryOf(wanted, request.Client, endsWithToken),
        };
        await grantStore.Insert(db, grant);
        var entry = new AuditEntry(application.Id, "deviceLogin", approving.User.Handle, client.Address);
        await audit.Add(db, entry with { Detail = $"client {request.Client.Id}" });
        return new GrantedSession(approving.User, session, grant);
    }
}
