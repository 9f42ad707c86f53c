namespace Latchkey.Core;

/// <summary>The success that says nothing more; the wire's <c>true</c>.</summary>
public readonly record struct Done;
