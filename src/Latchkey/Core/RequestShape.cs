namespace Latchkey.Core;

/// <summary>For the OpenAPI document: the request type of a route, and whether it is read from the query.</summary>
public sealed record RequestShape(Type Type, bool InQuery);
