namespace Latchkey.Core;

/// <summary>A file does not hold what it should. The message is a sentence for its user.</summary>
public sealed class UnreadableFileException(string message) : IOException(message);
