using System.Data.Common;
using Latchkey.Activity.Audit;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Provider.Authorization;
using Latchkey.Users.Sessions;

namespace Latchkey.Provider.Clients;

/// <summary>Deletes clients with all that users granted and allowed to them.</summary>
public sealed class ClientDeletion(
    Database database,
    ClientStore store,
    SessionGrantStore grants,
    OwnedSessionStore owned,
    ConsentStore consents,
    AuditStore audit,
    TimeProvider clock
)
{
    /// <summary>Rows per transaction, so that others can write in between.</summary>
    private const int BatchSize = 1000;

    /// <summary>750 for no client. Everything that it was given ends, before it returns.</summary>
    public async Task<Result<Done>> Delete(string appId, string id, Actor actor)
    {
        if (!Field.IsStorable(id) || await database.Read(db => store.Find(db, appId, id)) is not { } client)
        {
            return ErrorCodes.ClientNotFound;
        }

        var end = new SessionEnd(SessionEndReason.Operator, actor.Client, clock.Now());
        await RemoveInBatches(db => owned.EndOfClient(db, appId, id, end, BatchSize));
        await RemoveInBatches(db => consents.RemoveOfClient(db, appId, id, BatchSize));
        await RemoveInBatches(db => grants.RemoveOfClient(db, appId, id, BatchSize));
        return await database.Write<Result<Done>>(async db =>
        {
            if (!await store.Delete(db, appId, id))
            {
                return ErrorCodes.ClientNotFound;
            }

            await owned.EndOfClient(db, appId, id, end, int.MaxValue); // those of the last moment
            await grants.RemoveOfClient(db, appId, id, int.MaxValue);
            await audit.Add(db, new AuditEntry(appId, "deleteClient", "", actor) { Detail = $"{id} ({client.Name})" });
            return default(Done);
        });
    }

    private async Task RemoveInBatches(Func<DbConnection, Task<int>> remove)
    {
        while (await database.Write(remove) == BatchSize)
        {
            // continue
        }
    }
}
