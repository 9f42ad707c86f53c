namespace Latchkey.Operations.Erasure;

/// <summary>The number of deleted rows, and whether all are deleted.</summary>
public sealed record DeletionProgress(long Rows, bool IsDone);
