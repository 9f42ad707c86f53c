namespace Latchkey.Storage;

/// <summary>A page of a user's assets, newest first.</summary>
/// <param name="Next">The cursor of the next page; left out on the last.</param>
public sealed record AssetPage(IReadOnlyList<AssetDescription> Assets, string? Next);
