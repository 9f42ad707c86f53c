namespace Latchkey.Data;

/// <summary>A section of a list whose order an index provides.</summary>
/// <param name="Condition">Selects its rows; every row belongs to one section only.</param>
/// <param name="Number">The numeric column that sorts first; null for none.</param>
/// <param name="Text">The column that makes the order total.</param>
public sealed record ListSection(string Condition, string? Number, string Text, bool Descending);
