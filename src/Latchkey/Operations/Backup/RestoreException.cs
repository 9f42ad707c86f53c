namespace Latchkey.Operations.Backup;

/// <summary>The backup cannot be restored here; the message says what to change. Nothing was restored.</summary>
public sealed class RestoreException(string message) : Exception(message);
