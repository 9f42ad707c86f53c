namespace Latchkey.Storage;

/// <summary>A page of a listing.</summary>
/// <param name="Next">Where the next page begins; null on the last.</param>
public sealed record ObjectList(IReadOnlyList<StoredObject> Objects, string? Next);
