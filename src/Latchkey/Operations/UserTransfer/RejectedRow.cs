namespace Latchkey.Operations.UserTransfer;

/// <summary>A row that did not come in.</summary>
public sealed record RejectedRow(SourceRow Row, string Problem);
