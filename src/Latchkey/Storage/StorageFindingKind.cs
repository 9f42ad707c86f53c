namespace Latchkey.Storage;

/// <summary>What can be out of step between the bucket and the database.</summary>
public static class StorageFindingKind
{
    /// <summary>No asset has this object.</summary>
    public const string ObjectWithoutRow = "object-without-row";

    /// <summary>The object of a completed asset is gone.</summary>
    public const string RowWithoutObject = "row-without-object";
}
