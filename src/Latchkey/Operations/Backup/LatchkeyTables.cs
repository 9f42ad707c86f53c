using System.Text.RegularExpressions;
using Latchkey.Data;

namespace Latchkey.Operations.Backup;

/// <summary>The tables that the program's migrations make. What others put beside them is not its to back up.</summary>
public static partial class LatchkeyTables
{
    /// <summary>Tables that belong to an engine or to the schema's own book-keeping.</summary>
    private static readonly string[] Excluded = ["application_changes"];

    private static readonly HashSet<string> Names =
    [
        .. new[] { "sqlite", "postgres" }.SelectMany(Migrator.ScriptTexts).SelectMany(CreatedBy).Except(Excluded, StringComparer.Ordinal),
    ];

    /// <summary>Those of a database that are the program's, each after those it references.</summary>
    public static IReadOnlyList<TableSchema> Filter(IEnumerable<TableSchema> tables) =>
        TableSchema.SortByDependency(tables.Where(table => Names.Contains(table.Name)));

    private static IEnumerable<string> CreatedBy(string migration) => Made().Matches(migration).Select(table => table.Groups["name"].Value);

    [GeneratedRegex(@"^CREATE TABLE (IF NOT EXISTS )?(?<name>\w+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Made();
}
