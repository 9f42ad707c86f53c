namespace Latchkey.Data;

/// <summary>A table in the database.</summary>
/// <param name="Columns">In order; without computed columns.</param>
/// <param name="References">The tables that its foreign keys reference.</param>
public sealed record TableSchema(string Name, IReadOnlyList<ColumnSchema> Columns, IReadOnlyList<string> References)
{
    /// <summary>Orders tables so that each comes after those it references.</summary>
    public static IReadOnlyList<TableSchema> SortByDependency(IEnumerable<TableSchema> tables)
    {
        var (waiting, ordered) = (tables.OrderBy(table => table.Name, StringComparer.Ordinal).ToList(), new List<TableSchema>());
        while (waiting.Count > 0)
        {
            var next = waiting.First(table =>
                table.References.All(name => name == table.Name || waiting.TrueForAll(other => other.Name != name))
            );
            waiting.Remove(next);
            ordered.Add(next);
        }

        return ordered;
    }
}
