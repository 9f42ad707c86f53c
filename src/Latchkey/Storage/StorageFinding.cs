namespace Latchkey.Storage;

/// <summary>Something that <see cref="StorageCheck"/> found.</summary>
/// <param name="Kind">A <see cref="StorageFindingKind"/> as text.</param>
/// <param name="Key">The object's key.</param>
/// <param name="AssetId">The asset, if the key is of one.</param>
/// <param name="Size">In bytes.</param>
public sealed record StorageFinding(string Kind, string Key, string? AssetId, long Size);
