namespace Latchkey.Portal.Messages;

/// <summary>A piece of a <see cref="DifferenceLine"/>.</summary>
/// <param name="IsChanged">The other text has other words here.</param>
public sealed record DifferencePart(string Text, bool IsChanged);
