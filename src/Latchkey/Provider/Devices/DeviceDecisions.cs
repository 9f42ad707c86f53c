using System.Data.Common;
using System.Net;
using System.Text;
using Latchkey.Activity.Audit;
using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Limits;
using Latchkey.Provider.Authorization;
using Latchkey.Provider.Clients;
using Latchkey.Provider.Tokens;
using Latchkey.Users;
using Latchkey.Users.Sessions;

namespace Latchkey.Provider.Devices;

/// <summary>A signed-in user types the code of a device, sees what asks, and approves or declines (RFC 8628 §3.3, RFC 10027).</summary>
public sealed class DeviceDecisions(
    Database database,
    DeviceRequestStore store,
    ClientStore clients,
    ConsentStore consents,
    UserStore users,
    SessionStore sessions,
    RateLimits limits,
    KeyRing ring,
    AuditStore audit,
    TimeProvider clock
)
{
    /// <summary>
    /// What waits under a typed code. Wrong codes are counted for the user who types them, so nobody can use up the tries of another; a
    /// text that cannot be a code is not counted.
    /// </summary>
    public async Task<Result<DeviceQuestion>> Find(ProviderCaller caller, SessionUser by, string? typed)
    {
        if (DeviceUserCode.Parse(typed) is not { } code)
        {
            return OAuthErrors.UnknownUserCode;
        }

        var (appId, limit) = (caller.Application.Id, DefaultLimits.WrongDeviceCodes);
        if (await limits.TryAcquire(appId, new RateLimitRequest(limit, by.User.Id)) is { } tooMany)
        {
            return OAuthErrors.SlowDownClient with { Cause = tooMany.Cause, RetryAfter = tooMany.RetryAfter };
        }

        var (hashes, now) = (DeviceRules.HashesOf(ring, code), clock.Now());
        var (request, client) = await database.Read(async db =>
            await store.FindPending(db, appId, hashes, now) is { } found
                ? (found, await clients.Find(db, appId, found.ClientId))
                : (null, null)
        );
        if (request is null || client?.HasGrant(GrantType.DeviceCode) != true)
        {
            return OAuthErrors.UnknownUserCode;
        }

        await database.Write(db => limits.Release(db, limit, appId, by.User.Id));
        var ticket = ring.Encrypt(Purpose(appId), $"{request.Id}\n{by.Session.Id}");
        return new DeviceQuestion(request, client, Compare(request, caller.Client), ticket);
    }

    /// <summary>The question of a ticket once more. UnknownUserCode when it is not of this session, over, or decided.</summary>
    public async Task<Result<DeviceQuestion>> Open(ProviderCaller caller, SessionUser by, string ticket)
    {
        var (appId, now) = (caller.Application.Id, clock.Now());
        if (Read(appId, by, ticket) is not { } id)
        {
            return OAuthErrors.UnknownUserCode;
        }

        var (request, client) = await database.Read(async db =>
            await store.Find(db, appId, id) is { State: DeviceState.Pending } found && found.ExpiresAt > now
                ? (found, await clients.Find(db, appId, found.ClientId))
                : (null, null)
        );
        return request is null || client is null
            ? OAuthErrors.UnknownUserCode
            : new DeviceQuestion(request, client, Compare(request, caller.Client), ticket);
    }

    /// <summary>
    /// Stores the decision. UnknownUserCode when the ticket is not of this session, its time is over, or somebody has decided already.
    /// </summary>
    /// <param name="ticket">Of <see cref="DeviceQuestion"/>.</param>
    public async Task<Result<Client>> Decide(ProviderCaller caller, SessionUser by, string ticket, bool isApproved)
    {
        var appId = caller.Application.Id;
        if (Read(appId, by, ticket) is not { } id)
        {
            return OAuthErrors.UnknownUserCode.WithCause("the decision is not of this session");
        }

        return await database.Write<Result<Client>>(async db =>
        {
            var now = clock.Now();
            var user = await users.FindForUpdate(db, database.Dialect, appId, by.User.Id);
            if (user is null || user.IsSuspended || !await sessions.IsLive(db, appId, by.Session.Id, now))
            {
                return OAuthErrors.LoginRequired;
            }

            if (
                await store.Find(db, appId, id) is not { } request
                || await clients.Find(db, appId, request.ClientId) is not { } client
                || !await store.Decide(db, appId, id, isApproved ? DeviceState.Approved : DeviceState.Denied, user.Id, by.Session.Id, now)
            )
            {
                return OAuthErrors.UnknownUserCode;
            }

            if (isApproved && !client.Settings.FirstParty)
            {
                await SaveConsent(db, user, request, now);
            }

            var entry = new AuditEntry(appId, isApproved ? "approveDevice" : "declineDevice", user.Handle, caller.Client.Address);
            await audit.Add(db, entry with { Detail = $"client {client.Id}, device {request.Client}" });
            return client;
        });
    }

    /// <summary>
    /// Who approved, and in which session; null if that session is over: a reset password, or a logout everywhere, ends what was approved
    /// before it too. Null also if the user has taken the consent back that a client of a third party needs. Locks the user's row until
    /// the transaction ends.
    /// </summary>
    public async Task<SessionUser?> FindApproval(DbConnection db, DeviceRequest device, Client client)
    {
        if (
            device is not { UserId: { } userId, SessionId: { } sessionId }
            || await users.FindForUpdate(db, database.Dialect, device.AppId, userId) is not { IsSuspended: false } user
            || await sessions.Find(db, device.AppId, sessionId) is not { } found
        )
        {
            return null;
        }

        return found.Session.EndAt(clock.Now()) is null && await IsAllowed(db, userId, device, client)
            ? new SessionUser(user, found.Session)
            : null;
    }

    private async Task<bool> IsAllowed(DbConnection db, string userId, DeviceRequest device, Client client) =>
        client.Settings.FirstParty
        || (await consents.Find(db, device.AppId, userId, client.Id))?.Covers(device.Scopes, UserScopes.Split(device.Resources)) == true;

    /// <summary>The page asked the user, so it is a consent like any other: in the list, and the user can take it back.</summary>
    private async Task SaveConsent(DbConnection db, User user, DeviceRequest request, long now)
    {
        var before = await consents.Find(db, user.AppId, user.Id, request.ClientId);
        await consents.Save(
            db,
            new Consent
            {
                AppId = user.AppId,
                UserId = user.Id,
                ClientId = request.ClientId,
                Scope = Join(before?.Scope, request.Scope),
                Resources = Join(before?.Resources, request.Resources),
                CreatedAt = before?.CreatedAt ?? now,
                UpdatedAt = now,
            }
        );
    }

    private static string Join(string? some, string more) => string.Join(' ', UserScopes.Split($"{some} {more}"));

    private static DeviceNetwork Compare(DeviceRequest device, ClientAddress user)
    {
        var network = IPAddress.TryParse(device.Client, out var address) ? ClientAddress.From(address).Network : device.Client;
        return network != user.Network ? DeviceNetwork.Other
            : device.Client == user.Address && device.UserAgent.Length > 0 && device.UserAgent == user.ShortUserAgent
                ? DeviceNetwork.SameDevice
            : DeviceNetwork.Same;
    }

    /// <summary>The request of a ticket that was given to this session; null for any other text.</summary>
    private string? Read(string appId, SessionUser by, string ticket) =>
        ring.TryOpen(Purpose(appId), ticket) is { } text
        && Encoding.UTF8.GetString(text).Split('\n') is [var id, var sessionId]
        && sessionId == by.Session.Id
            ? id
            : null;

    private static string Purpose(string appId) => $"device-decision/{appId}";
}
