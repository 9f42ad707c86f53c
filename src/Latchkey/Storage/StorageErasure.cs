using System.Data.Common;

namespace Latchkey.Storage;

/// <summary>What a reset or the deletion of an application takes from its storage. The objects go in the background.</summary>
public sealed class StorageErasure(AssetStore assets, RemovalStore removals, StorageSettingsStore settings)
{
    /// <summary>Deletes some of the application's files. Returns how many.</summary>
    public Task<int> RemoveBatch(DbConnection db, string appId, int limit) => assets.RemoveBatch(db, appId, limit);

    /// <summary>Deleted files whose objects are still in the bucket.</summary>
    public Task<long> CountRemovals(DbConnection db, string appId) => removals.Count(db, appId);

    /// <summary>Removes the bucket's settings, unless they are needed to remove objects; then the last removal takes them.</summary>
    public Task RemoveUnusedSettings(DbConnection db, string appId) => settings.RemoveUnused(db, appId);
}
