using System.Text;
using Latchkey.Core;
using Latchkey.Data;

namespace Latchkey.Storage;

/// <summary>
/// Compares a bucket with the database, and changes nothing. The bucket is read first: a file that is deleted or completed meanwhile is
/// found in the database as it is now, and what seems to be gone is asked for once more.
/// </summary>
public sealed class StorageCheck(
    Database database,
    AssetStore assets,
    RemovalStore removals,
    StorageSettingsStore settings,
    Buckets buckets
)
{
    private const int PageSize = 1000;

    /// <summary>720 for an application without a bucket, 725 with the reason as its cause when the bucket fails.</summary>
    public async Task<Result<StorageReport>> Run(string appId, CancellationToken stop)
    {
        if (await database.Read(db => settings.Find(db, appId)) is not { } found)
        {
            return ErrorCodes.StorageDisabled.WithCause("the application has no bucket");
        }

        var (bucket, seen) = (buckets.Open(found), new HashSet<string>(StringComparer.Ordinal));
        return (await ReadBucket(bucket, seen, stop)).Failed(out var report, out var unavailable)
            ? unavailable
            : await FindLost(report, bucket, seen, stop);
    }

    /// <summary>Reads the listing to its end, if it has one. The pages follow the order of the keys, that of their bytes.</summary>
    private async Task<Result<StorageReport>> ReadBucket(Bucket bucket, HashSet<string> seen, CancellationToken stop)
    {
        var report = new StorageReport(bucket.Settings.AppId, 0, 0, 0, []);
        var (after, last) = ((string?)null, "");
        while (true)
        {
            if ((await bucket.List(after, stop)).Failed(out var page, out var unavailable))
            {
                return unavailable;
            }

            report = await Judge(report, bucket.Settings, page.Objects, seen);
            if (page.Next is null)
            {
                return report;
            }

            if (page.Next == after || page.Objects.Count == 0 || !IsAfter(page.Objects[0].Key, last))
            {
                return ErrorCodes.StorageUnavailable.WithCause("The bucket's listing does not get on. Is the endpoint an S3 API?");
            }

            (after, last) = (page.Next, page.Objects[^1].Key);
        }
    }

    private static bool IsAfter(string key, string last) =>
        Encoding.UTF8.GetBytes(key).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(last)) > 0;

    private async Task<StorageReport> Judge(
        StorageReport report,
        StorageSettings bucket,
        IReadOnlyList<StoredObject> objects,
        HashSet<string> seen
    )
    {
        var ids = objects.Select(one => IdOf(bucket, one.Key)).OfType<string>().Distinct(StringComparer.Ordinal).ToArray();
        var rows = await database.Read(db => assets.ListByIds(db, report.AppId, ids));
        var keys = rows.SelectMany(asset => asset.Parts.Select(part => (Key: asset.Key(part.Name), Asset: asset)))
            .ToDictionary(one => one.Key, one => one.Asset, StringComparer.Ordinal);
        var leaving = (await database.Read(db => removals.ListByIds(db, report.AppId, ids))).ToHashSet(StringComparer.Ordinal);
        var (pending, removing, findings) = (0, 0, new List<StorageFinding>());
        foreach (var one in objects)
        {
            var id = IdOf(bucket, one.Key);
            if (keys.TryGetValue(one.Key, out var asset))
            {
                seen.Add(one.Key);
                pending += asset.CompletedAt is null ? 1 : 0;
            }
            else if (id is not null && leaving.Contains(id))
            {
                removing++;
            }
            else
            {
                findings.Add(new(StorageFindingKind.ObjectWithoutRow, one.Key, id, one.Size));
            }
        }

        return report.Add(findings) with
        {
            Objects = report.Objects + objects.Count,
            Pending = report.Pending + pending,
            Removing = report.Removing + removing,
        };
    }

    private async Task<Result<StorageReport>> FindLost(StorageReport report, Bucket bucket, HashSet<string> seen, CancellationToken stop)
    {
        var after = "";
        while (true)
        {
            var page = await database.Read(db => assets.ListCompleted(db, report.AppId, after, PageSize));
            foreach (var asset in page)
            {
                foreach (var part in asset.Parts.Where(part => !seen.Contains(asset.Key(part.Name))))
                {
                    if ((await bucket.Head(asset.Key(part.Name), stop)).Failed(out var facts, out var unavailable))
                    {
                        return unavailable;
                    }

                    if (!facts.Exists)
                    {
                        report = report.Add([new(StorageFindingKind.RowWithoutObject, asset.Key(part.Name), asset.Id, part.Size)]);
                    }
                }
            }

            if (page.Count < PageSize)
            {
                return report;
            }

            after = page[^1].Id;
        }
    }

    /// <summary>The asset's id in a key of the form prefix/user/id/part/name; null for another.</summary>
    private static string? IdOf(StorageSettings bucket, string key) =>
        key.StartsWith($"{bucket.Prefix}/", StringComparison.Ordinal) && key[(bucket.Prefix.Length + 1)..].Split('/') is [_, var id, _, _]
            ? id
            : null;
}
