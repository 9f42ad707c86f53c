using System.Data.Common;
using Latchkey.Activity.Audit;
using Latchkey.Api.Authentication;
using Latchkey.Core;
using Latchkey.Data;

namespace Latchkey.Storage;

/// <summary>
/// What users do with their files. Bytes go straight between the app and the bucket; this class hands out the links and keeps the rows.
/// Another user's file, and another application's, does not exist here: 721.
/// </summary>
public sealed class AssetRules(
    Database database,
    AssetStore store,
    StorageUsageStore usage,
    StorageSettingsStore settings,
    Buckets buckets,
    AssetLinks links,
    RemovalStore removals,
    StorageMeter meter,
    AuditStore audit,
    TimeProvider clock
)
{
    public const int MaxPageSize = 50;

    /// <summary>The files of one user that wait for their upload.</summary>
    public const int MaxPending = 100;

    /// <summary>How long a link for uploading is valid.</summary>
    public static readonly TimeSpan UploadTime = TimeSpan.FromMinutes(15);

    /// <summary>
    /// Reserves a file's bytes and gives the links to upload it. 602 or 723 for what is not allowed, 722 when a quota is reached or too
    /// many files wait for their upload, 720 without a bucket, 405 when the user is deleted meanwhile.
    /// </summary>
    public async Task<Result<CreatedAsset>> Create(UserCaller caller, NewAsset asked)
    {
        if ((await Settings(caller)).Failed(out var bucket, out var off))
        {
            return off;
        }

        if (AssetDraft.Validate(bucket, asked).Failed(out var draft, out var refused))
        {
            return refused;
        }

        var (id, now) = (Ids.New(clock), clock.Now());
        var asset = draft with
        {
            AppId = caller.Application.Id,
            Id = id,
            UserId = caller.User.Id,
            Folder = $"{bucket.Prefix}/{caller.User.Id}/{id}",
            CreatedAt = now,
            UploadUntil = now + (long)UploadTime.TotalMilliseconds,
        };
        var stored = await database.Write<Result<Done>>(async db =>
        {
            var results = await db.QueryNumbers(
                store.Insert(asset),
                StorageUsageStore.AddToUser(asset, bucket.UserQuota, MaxPending),
                StorageUsageStore.AddToApplication(asset, bucket.AppQuota)
            );
            if (results[0] is null)
            {
                return ErrorCodes.InvalidAccessToken.WithCause("the user is gone");
            }

            if (results.Contains(null))
            {
                return ErrorCodes.StorageQuotaExceeded;
            }

            await Log(db, caller, "createAsset", $"{id}, {asset.Bytes} bytes");
            return default(Done);
        });
        return stored.Error is { } failed ? failed : links.ForUpload(bucket, asset);
    }

    /// <summary>
    /// Checks that the bucket has what was announced, and marks the file as completed; again for one that is. 724 when an object is
    /// missing, or is not what was announced: then the file is removed. 725 when the bucket does not answer.
    /// </summary>
    public async Task<Result<AssetDescription>> Complete(UserCaller caller, string id, CancellationToken stop)
    {
        if ((await Find(caller, id)).Failed(out var found, out var unknown))
        {
            return unknown;
        }

        var (bucket, asset) = found;
        if (asset.CompletedAt is not null)
        {
            return links.ForReading(bucket, asset);
        }

        if ((await buckets.Open(bucket).Inspect(asset, stop)).Failed(out var mismatch, out var unavailable))
        {
            return unavailable;
        }

        if (mismatch.IsMissing)
        {
            return ErrorCodes.UploadMismatch.WithCause(mismatch.Cause);
        }

        if (mismatch.Cause.Length > 0)
        {
            await database.Write(db => store.DeletePending(db, asset));
            removals.Wake();
            return ErrorCodes.UploadMismatch.WithCause(mismatch.Cause);
        }

        await database.Write(async db =>
        {
            if (await store.Complete(db, asset, clock.Now()))
            {
                await usage.MarkStored(db, asset);
                await meter.Record(db, asset.AppId);
                await Log(db, caller, "completeAsset", $"{asset.Id}, {asset.Bytes} bytes");
            }
        });
        return await Read(caller, id);
    }

    /// <summary>A page of the user's completed files, newest first, with links.</summary>
    public async Task<Result<AssetPage>> List(UserCaller caller, string? cursor, int size)
    {
        if ((await Settings(caller)).Failed(out var bucket, out var off))
        {
            return off;
        }

        var before = PageCursor.Decode(cursor)?.Text;
        var rows = await database.Read(db => store.List(db, caller.Application.Id, caller.User.Id, before, size + 1));
        var shown = rows.Take(size).Where(asset => asset.CompletedAt is not null).Select(asset => links.ForReading(bucket, asset));
        return new AssetPage([.. shown], rows.Count > size ? new PageCursor(0, 0, rows[size - 1].Id).Encoded : null);
    }

    /// <summary>A completed file with new links. 721 for one that is not completed.</summary>
    public async Task<Result<AssetDescription>> Read(UserCaller caller, string id) =>
        (await Find(caller, id)).Failed(out var found, out var unknown) ? unknown
        : found.Asset.CompletedAt is null ? ErrorCodes.AssetNotFound.WithCause("not completed")
        : links.ForReading(found.Bucket, found.Asset);

    /// <summary>Removes a file, completed or not. Its objects go in the background.</summary>
    public async Task<Result<Done>> Remove(UserCaller caller, string id)
    {
        if ((await Settings(caller)).Error is { } off)
        {
            return off;
        }

        var removed = await database.Write<Result<Done>>(async db =>
        {
            if (!await store.Delete(db, caller.Application.Id, caller.User.Id, id))
            {
                return ErrorCodes.AssetNotFound;
            }

            await Log(db, caller, "removeAsset", id);
            return default(Done);
        });
        removals.Wake();
        return removed;
    }

    private async Task<Result<(StorageSettings Bucket, Asset Asset)>> Find(UserCaller caller, string id)
    {
        if ((await Settings(caller)).Failed(out var bucket, out var off))
        {
            return off;
        }

        return await database.Read(db => store.Find(db, caller.Application.Id, caller.User.Id, id)) is { } asset
            ? (bucket, asset)
            : ErrorCodes.AssetNotFound;
    }

    private async Task<Result<StorageSettings>> Settings(UserCaller caller) =>
        await database.Read(db => settings.Find(db, caller.Application.Id)) is { Enabled: true } found ? found : ErrorCodes.StorageDisabled;

    private Task Log(DbConnection db, UserCaller caller, string action, string detail) =>
        audit.Add(db, new AuditEntry(caller.Application.Id, action, caller.User.Handle, caller.Client.Address) { Detail = detail });
}
