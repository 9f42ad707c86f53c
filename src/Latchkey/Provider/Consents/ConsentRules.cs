using Latchkey.Activity.Audit;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Provider.Authorization;
using Latchkey.Provider.Clients;
using Latchkey.Provider.Devices;
using Latchkey.Users;
using Latchkey.Users.Sessions;

namespace Latchkey.Provider.Consents;

/// <summary>What users have allowed to clients: they can look at it and take it back.</summary>
public sealed class ConsentRules(
    Database database,
    ConsentStore store,
    ClientStore clients,
    GrantEnds grants,
    DeviceRequestStore devices,
    UserStore users,
    AuditStore audit,
    TimeProvider clock
)
{
    /// <summary>The user's consents with their clients, the newest first.</summary>
    public Task<IReadOnlyList<AllowedClient>> List(User user) =>
        database.Read<IReadOnlyList<AllowedClient>>(async db =>
        {
            var all = await store.List(db, user.AppId, user.Id);
            var names = await clients.FindNames(db, user.AppId, [.. all.Select(consent => consent.ClientId)]);
            return [.. all.Select(consent => new AllowedClient(consent, names.GetValueOrDefault(consent.ClientId, "")))];
        });

    /// <summary>
    /// Takes back what the user has allowed to a client: its tokens end, its sessions beside the browser's, and what was approved on a
    /// device; it has to ask again. That goes for a client without a consent too, for one of the developer's own for example. 753 when it
    /// has nothing of this user.
    /// </summary>
    public Task<Result<Done>> Revoke(User user, string clientId, Actor actor) =>
        database.Write<Result<Done>>(async db =>
        {
            // First, as a sign-in does: a grant that is being made ends with this, or is over before it.
            await users.FindForUpdate(db, database.Dialect, user.AppId, user.Id);
            var end = new SessionEnd(SessionEndReason.SignedOutElsewhere, actor.Client, clock.Now());
            var hadConsent = await store.Delete(db, user.AppId, user.Id, clientId);
            var hadGrant = await grants.EndOfUser(db, user.AppId, user.Id, clientId, end);
            var hadDevice = await devices.Withdraw(db, user.AppId, user.Id, clientId) > 0;
            if (!hadConsent && !hadGrant && !hadDevice)
            {
                return ErrorCodes.ConsentNotFound;
            }

            await audit.Add(db, new AuditEntry(user.AppId, "revokeConsent", user.Handle, actor) { Detail = clientId });
            return default(Done);
        });
}
