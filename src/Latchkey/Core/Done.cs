namespace Latchkey.Core;

/// <summary>A success without a value; <c>true</c> on the wire.</summary>
public readonly record struct Done;
