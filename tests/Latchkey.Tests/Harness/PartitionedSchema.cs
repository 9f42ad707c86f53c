using System.Text.RegularExpressions;
using Dapper;
using Latchkey.Data;

namespace Latchkey.Tests.Harness;

/// <summary>
/// PostgreSQL's schema with the tables of the applications partitioned by hash of app_id, as an operator of a large installation may
/// lay it out (https://www.postgresql.org/docs/current/ddl-partitioning.html). It is made of the migrations' own text.
/// </summary>
public static partial class PartitionedSchema
{
    public const int Partitions = 4;

    /// <summary>The tables that are partitioned: those with app_id in their primary key.</summary>
    public static IReadOnlyList<string> Tables { get; } =
    [
        .. Migrator
            .ScriptTexts("postgres")
            .SelectMany(script => Table().Matches(script))
            .Where(table => KeyedByApplication().IsMatch(table.Value))
            .Select(table => table.Groups["name"].Value),
    ];

    /// <summary>Makes the schema in an empty database, which has every migration then.</summary>
    public static async Task Create(string connection)
    {
        await using var database = Database.Open(connection);
        await database.Write(async db =>
        {
            await db.ExecuteAsync("CREATE TABLE schema_migrations (version INTEGER PRIMARY KEY, name TEXT NOT NULL)");
            foreach (var (script, i) in Migrator.ScriptTexts("postgres").Select((script, i) => (script, i)))
            {
                await db.ExecuteAsync(Table().Replace(script, Partition));
                await db.ExecuteAsync("INSERT INTO schema_migrations (version, name) VALUES (@version, '')", new { version = i + 1 });
            }
        });
    }

    private static string Partition(Match table)
    {
        if (!KeyedByApplication().IsMatch(table.Value))
        {
            return table.Value;
        }

        var name = table.Groups["name"].Value;
        var partitions = Enumerable
            .Range(0, Partitions)
            .Select(i => $"CREATE TABLE {name}_p{i} PARTITION OF {name} FOR VALUES WITH (MODULUS {Partitions}, REMAINDER {i});");
        return $"{table.Value[..^1]} PARTITION BY HASH (app_id);\n{string.Join('\n', partitions)}";
    }

    [GeneratedRegex(@"^CREATE TABLE (?<name>\w+) \(\n.*?^\);", RegexOptions.Multiline | RegexOptions.Singleline, 1000)]
    private static partial Regex Table();

    [GeneratedRegex(@"PRIMARY KEY \(app_id|^  app_id TEXT NOT NULL PRIMARY KEY", RegexOptions.Multiline, 1000)]
    private static partial Regex KeyedByApplication();
}
