namespace Latchkey.Data;

/// <param name="Type">As the engine calls it.</param>
public sealed record ColumnSchema(string Name, ColumnKind Kind, string Type);
