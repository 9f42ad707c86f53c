namespace Latchkey.Operations.UserTransfer;

/// <summary>A value that was omitted from imported users.</summary>
/// <param name="Text">The value and the reason.</param>
/// <param name="FirstLine">The line of the first of these users.</param>
public sealed record ImportNote(string Text, long Rows, long FirstLine);
