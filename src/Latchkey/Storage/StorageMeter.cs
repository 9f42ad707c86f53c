using System.Data.Common;
using Latchkey.Activity.Metering;
using Latchkey.Data;

namespace Latchkey.Storage;

/// <summary>
/// Tells metering what applications store, while billing is on. More is recorded in the transaction that completes a file. Less is
/// recorded when a worker takes up the removal of the objects, whose row is written in the transaction that deletes the file.
/// </summary>
public sealed class StorageMeter(Database database, MeteringStore metering, StorageUsageStore usage)
{
    /// <summary>Records what an application stores now. Runs in the caller's transaction.</summary>
    public async Task Record(DbConnection db, string appId)
    {
        if (metering.IsOn)
        {
            await metering.RecordStorage(db, appId, await usage.LockStoredBytes(db, database.Dialect, appId));
        }
    }

    /// <summary>Records what changed while billing was off.</summary>
    public async Task RecordUnknown()
    {
        if (metering.IsOn)
        {
            await database.Write(async db =>
            {
                foreach (var appId in await usage.ListUnmetered(db))
                {
                    await Record(db, appId);
                }
            });
        }
    }
}
