using System.Text.RegularExpressions;
using Latchkey.Data;

namespace Latchkey.Operations.Backup;

/// <summary>The tables created by Latchkey's migrations. Other tables in the database are not backed up.</summary>
public static partial class LatchkeyTables
{
    /// <summary>Tables of one engine, of the schema's own bookkeeping, filled by triggers, or of the servers that run now.</summary>
    private static readonly string[] Excluded = ["application_changes", "user_metadata_values", "nodes"];

    private static readonly HashSet<string> Names =
    [
        .. new[] { "sqlite", "postgres" }.SelectMany(dialect => OfSchema(dialect, int.MaxValue)),
    ];

    public static bool IsKnown(string name) => Names.Contains(name);

    /// <summary>Latchkey's tables in a database, each after those it references.</summary>
    public static IReadOnlyList<TableSchema> Filter(IEnumerable<TableSchema> tables) =>
        TableSchema.SortByDependency(tables.Where(table => IsKnown(table.Name)));

    /// <summary>The names of the tables that a database of this schema version has.</summary>
    public static IEnumerable<string> OfSchema(string dialect, int version) =>
        Migrator.ScriptTexts(dialect, version).SelectMany(CreatedBy).Except(Excluded, StringComparer.Ordinal);

    private static IEnumerable<string> CreatedBy(string migration) => Made().Matches(migration).Select(table => table.Groups["name"].Value);

    [GeneratedRegex(@"^CREATE TABLE (IF NOT EXISTS )?(?<name>\w+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Made();
}
