namespace Latchkey.Operations.UserTransfer;

/// <summary>The whole file is unreadable, for example because its header is wrong. The message is a sentence for its user.</summary>
public sealed class UnreadableSourceException(string message) : IOException(message);
