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

        var (bucket, seen, report) = (
            buckets.Open(found),
            new HashSet<string>(StringComparer.Ordinal),
            new StorageReport(appId, 0, 0, 0, [])
        );
        string? after = null;
        do
        {
            if ((await bucket.List(after, stop)).Failed(out var page, out var unavailable))
            {
                return unavailable;
            }

            report = await Judge(report, found, page.Objects, seen);
            after = page.Next;
        } while (after is not null);

        return (await FindLost(bucket, seen, stop)).Failed(out var lost, out var failed)
            ? failed
            : report with
            {
                Findings = [.. report.Findings, .. lost],
            };
    }

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

        return report with
        {
            Objects = report.Objects + objects.Count,
            Pending = report.Pending + pending,
            Removing = report.Removing + removing,
            Findings = [.. report.Findings, .. findings],
        };
    }

    private async Task<Result<List<StorageFinding>>> FindLost(Bucket bucket, HashSet<string> seen, CancellationToken stop)
    {
        var (lost, after) = (new List<StorageFinding>(), "");
        while (true)
        {
            var page = await database.Read(db => assets.ListCompleted(db, bucket.Settings.AppId, after, PageSize));
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
                        lost.Add(new(StorageFindingKind.RowWithoutObject, asset.Key(part.Name), asset.Id, part.Size));
                    }
                }
            }

            if (page.Count < PageSize)
            {
                return lost;
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
