namespace Latchkey.Operations.UserTransfer;

/// <summary>A row that was not imported.</summary>
public sealed record RejectedRow(SourceRow Row, string Problem);
