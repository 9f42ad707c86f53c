namespace Latchkey.Operations.UserTransfer;

/// <summary>A file that cannot be read as a whole: its header is wrong, say. The message is a sentence for the one who gave it.</summary>
public sealed class UnreadableSourceException(string message) : IOException(message);
