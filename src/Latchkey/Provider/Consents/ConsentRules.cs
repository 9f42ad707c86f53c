using Latchkey.Activity.Audit;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Provider.Authorization;
using Latchkey.Provider.Clients;
using Latchkey.Users;
using Latchkey.Users.Sessions;

namespace Latchkey.Provider.Consents;

/// <summary>What users have allowed to clients: they can look at it and take it back.</summary>
public sealed class ConsentRules(
    Database database,
    ConsentStore store,
    ClientStore clients,
    SessionGrantStore grants,
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
    /// Takes a consent back: the client's refresh tokens end with it, and it has to ask again. 753 when the user has allowed nothing to
    /// this client.
    /// </summary>
    public Task<Result<Done>> Revoke(User user, string clientId, Actor actor) =>
        database.Write<Result<Done>>(async db =>
        {
            // First, as a sign-in does: a grant that is being made ends with this, or is over before it.
            await users.FindForUpdate(db, database.Dialect, user.AppId, user.Id);
            if (!await store.Delete(db, user.AppId, user.Id, clientId))
            {
                return ErrorCodes.ConsentNotFound;
            }

            await grants.EndOfClient(db, user.AppId, user.Id, clientId, clock.Now());
            await audit.Add(db, new AuditEntry(user.AppId, "revokeConsent", user.Handle, actor) { Detail = clientId });
            return default(Done);
        });
}
