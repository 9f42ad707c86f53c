using System.Text.Json;
using Latchkey.Core;
using Latchkey.Data;

namespace Latchkey.Storage;

/// <summary>Describes assets with their links.</summary>
public sealed class AssetLinks(Buckets buckets, TimeProvider clock)
{
    /// <summary>How long a link of the portal is valid: it is followed at once.</summary>
    private static readonly TimeSpan PortalTime = TimeSpan.FromMinutes(5);

    public CreatedAsset ForUpload(StorageSettings settings, Asset asset)
    {
        var bucket = buckets.Open(settings);
        string Link(AssetCut part) => bucket.WriteLink(asset.Key(part.Name), asset.ContentType, part.Size, AssetRules.UploadTime);
        return new CreatedAsset(
            asset.Id,
            asset.Path,
            asset.ContentType,
            asset.Size,
            Link(new AssetCut(AssetCut.Original, asset.Size)),
            [.. asset.CutList.Select(cut => new WritableCut(cut.Name, cut.Size, Link(cut)))],
            WireDate.Format(asset.UploadUntil)
        );
    }

    public AssetDescription ForReading(StorageSettings settings, Asset asset)
    {
        var (bucket, lifetime) = (buckets.Open(settings), TimeSpan.FromHours(asset.LinkHours));
        string Link(string part) => asset.LinkHours == 0 ? bucket.PublicLink(asset.Key(part)) : bucket.ReadLink(asset.Key(part), lifetime);
        return new AssetDescription(
            asset.Id,
            asset.Path,
            asset.ContentType,
            asset.Size,
            asset.Caption,
            asset.Extra.Length > 0 ? JsonElement.Parse(asset.Extra) : null,
            WireDate.Format(asset.CreatedAt),
            WireDate.Format(asset.CompletedAt ?? 0),
            Link(AssetCut.Original),
            asset.LinkHours == 0 ? null : WireDate.Format(clock.Now() + (long)lifetime.TotalMilliseconds),
            [.. asset.CutList.Select(cut => new ReadableCut(cut.Name, cut.Size, Link(cut.Name)))]
        );
    }

    /// <summary>A link to one of an asset's objects, for whoever manages the application.</summary>
    public string ForPortal(StorageSettings settings, Asset asset, string part) =>
        buckets.Open(settings).ReadLink(asset.Key(part), PortalTime);
}
