namespace Latchkey.Data;

/// <summary>A part of a list that an index has in order.</summary>
/// <param name="Condition">Which rows are in it; all rows are in one section only.</param>
/// <param name="Number">The column that sorts first, a number; null for none.</param>
/// <param name="Text">The column that makes the order total.</param>
public sealed record ListSection(string Condition, string? Number, string Text, bool Descending);
