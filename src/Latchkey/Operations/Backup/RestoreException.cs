namespace Latchkey.Operations.Backup;

/// <summary>A backup cannot be put back here; the message says what to change. Nothing was restored.</summary>
public sealed class RestoreException(string message) : Exception(message);
