namespace Latchkey.Operations.Erasure;

/// <summary>How many rows went, and whether none is left.</summary>
public sealed record DeletionProgress(long Rows, bool IsDone);
