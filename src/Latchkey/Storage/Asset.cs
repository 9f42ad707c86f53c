namespace Latchkey.Storage;

/// <summary>A file of a user: a row of the table storage_assets.</summary>
public sealed record Asset
{
    private static readonly string[] Previews = ["preview", "small", "medium"];

    public string AppId { get; init; } = "";

    public string Id { get; init; } = "";

    public string UserId { get; init; } = "";

    /// <summary>The <see cref="AssetPath.Text"/>.</summary>
    public string Path { get; init; } = "";

    public string ContentType { get; init; } = "";

    /// <summary>Of the original, in bytes.</summary>
    public long Size { get; init; }

    /// <summary>The <see cref="AssetCut"/>s in their stored form.</summary>
    public string Cuts { get; init; } = "[]";

    /// <summary>Of the original and all cuts.</summary>
    public long Bytes { get; init; }

    /// <summary>What the keys of its objects begin with.</summary>
    public string Folder { get; init; } = "";

    /// <summary>What they end with: the <see cref="AssetPath.KeyName"/>.</summary>
    public string Name { get; init; } = "";

    public string Caption { get; init; } = "";

    /// <summary>A JSON document of the app; empty for none.</summary>
    public string Extra { get; init; } = "";

    /// <summary>As <see cref="StorageSettings.LinkHours"/>, for this file.</summary>
    public int LinkHours { get; init; }

    /// <summary>When the links for uploading end.</summary>
    public long UploadUntil { get; init; }

    public long CreatedAt { get; init; }

    /// <summary>Null until the app has said that everything is uploaded, and the bucket has confirmed it.</summary>
    public long? CompletedAt { get; init; }

    public IReadOnlyList<AssetCut> CutList => AssetCut.Read(Cuts);

    /// <summary>All of its objects, the original first: the part of the key, and the size.</summary>
    public IEnumerable<AssetCut> Parts => CutList.Prepend(new AssetCut(AssetCut.Original, Size));

    /// <summary>The smallest form for a look at it: the first of preview, small and medium, else the original.</summary>
    public string PreviewPart => Previews.FirstOrDefault(name => CutList.Any(cut => cut.Name == name)) ?? AssetCut.Original;

    public string Key(string part) => KeyOf(Folder, part, Name);

    public static string KeyOf(string folder, string part, string name) => $"{folder}/{part}/{name}";
}
