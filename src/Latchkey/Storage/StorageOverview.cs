using Latchkey.Activity.Audit;
using Latchkey.Core;
using Latchkey.Data;

namespace Latchkey.Storage;

/// <summary>What the portal shows and removes of an application's files.</summary>
public sealed class StorageOverview(
    Database database,
    AssetStore assets,
    StorageUsageStore usage,
    StorageSettingsStore settings,
    RemovalStore removals,
    AssetLinks links,
    AuditStore audit
)
{
    public Task<StorageUsage> OfApplication(string appId) => database.Read(db => usage.OfApplication(db, appId));

    public Task<StorageUsage> OfUser(string appId, string userId) => database.Read(db => usage.OfUser(db, appId, userId));

    /// <summary>Deleted files whose objects are still in the bucket.</summary>
    public Task<long> CountRemovals(string appId) => database.Read(db => removals.Count(db, appId));

    /// <summary>A user's files, newest first, and the cursor of the next page.</summary>
    public async Task<(IReadOnlyList<Asset> Files, PageCursor? Next)> List(string appId, string userId, string? cursor, int size)
    {
        var before = PageCursor.Decode(cursor)?.Text;
        var rows = await database.Read(db => assets.List(db, appId, userId, before, size + 1));
        return ([.. rows.Take(size)], rows.Count > size ? new PageCursor(0, 0, rows[size - 1].Id) : null);
    }

    /// <summary>A link to one of a file's objects that ends after minutes; null if there is none.</summary>
    public async Task<string?> Open(string appId, string userId, string id, string part)
    {
        var (bucket, asset) = (
            await database.Read(db => settings.Find(db, appId)),
            await database.Read(db => assets.Find(db, appId, userId, id))
        );
        return bucket is not null && asset?.CompletedAt is not null && asset.Parts.Any(one => one.Name == part)
            ? links.ForPortal(bucket, asset, part)
            : null;
    }

    /// <summary>Removes a user's file. 721 if it is gone.</summary>
    public async Task<Result<Done>> Remove(string appId, string userId, string id, Actor actor)
    {
        var removed = await database.Write<Result<Done>>(async db =>
        {
            if (!await assets.Delete(db, appId, userId, id))
            {
                return ErrorCodes.AssetNotFound;
            }

            await audit.Add(db, new AuditEntry(appId, "removeAsset", "", actor) { Detail = id });
            return default(Done);
        });
        removals.Wake();
        return removed;
    }
}
