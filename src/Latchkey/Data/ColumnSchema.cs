namespace Latchkey.Data;

/// <param name="Type">The engine's name of the type.</param>
public sealed record ColumnSchema(string Name, ColumnKind Kind, string Type);
