namespace Latchkey.Core;

/// <summary>Tells the OpenAPI document which type a route reads, and whether from the query.</summary>
public sealed record RequestShape(Type Type, bool InQuery);
