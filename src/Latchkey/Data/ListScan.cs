namespace Latchkey.Data;

/// <summary>Part of a list's filter that an index has in the order of the list's sections, so that scans skip other rows.</summary>
/// <param name="Table">The table, or one made of several, with the list's columns.</param>
/// <param name="Condition">What the index has, in addition to the list's scope.</param>
/// <param name="Filter">The rest of the list's filter; empty for none.</param>
public sealed record ListScan(string Table, string Condition, string Filter);
