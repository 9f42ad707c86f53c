namespace Latchkey.Storage;

/// <summary>A deleted asset whose objects are still to be removed: a row of the table storage_removals.</summary>
public sealed record Removal
{
    public string AppId { get; init; } = "";

    /// <summary>The asset's id.</summary>
    public string Id { get; init; } = "";

    public string Folder { get; init; } = "";

    public string Name { get; init; } = "";

    public string Cuts { get; init; } = "[]";

    /// <summary>Until then, the links for uploading could bring an object back.</summary>
    public long UploadUntil { get; init; }

    /// <summary>How often it was tried.</summary>
    public int Attempts { get; init; }

    public IEnumerable<string> Keys =>
        AssetCut.Read(Cuts).Select(cut => cut.Name).Prepend(AssetCut.Original).Select(part => Asset.KeyOf(Folder, part, Name));
}
