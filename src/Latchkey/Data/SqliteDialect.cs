using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Latchkey.Data;

/// <summary>The SQLite dialect. Result codes: https://sqlite.org/rescode.html.</summary>
public sealed class SqliteDialect : Dialect
{
    public const string Engine = "sqlite";

    public const int Busy = 5;
    public const int Locked = 6;
    public const int ReadOnly = 8;
    public const int CannotOpen = 14;
    public const int IoError = 10;
    public const int Corrupt = 11;
    public const int Full = 13;
    public const int NotADatabase = 26;
    public const int Constraint = 19;
    private const int UniqueConstraint = 2067;
    private const int PrimaryKeyConstraint = 1555;

    public override string Name => Engine;

    public override string ForUpdate => "";

    public override string ForUpdateSkipLocked => "";

    public override string ForShare => "";

    public override string HasWords(string text, string parameter) =>
        $"""
            NOT EXISTS (SELECT 1 FROM json_each('[' || replace(json_quote(@{parameter}), ' ', '","') || ']') w
              WHERE w.value <> '' AND instr(' ' || {text} || ' ', ' ' || w.value || ' ') = 0)
            """;

    public override string JsonText(string json, string parameter) => $"json_extract({json}, '$.\"' || @{parameter} || '\"')";

    public override string AsciiLower(string text) => $"lower({text})";

    public override string InArray(string parameter) => $"IN (SELECT value FROM json_each(@{parameter}))";

    /// <summary>Slightly longer than the 150 ms at which a waiting writer retries.</summary>
    public override TimeSpan BulkWritePause => TimeSpan.FromMilliseconds(160);

    public override Task LockMigrations(DbConnection db) => Task.CompletedTask; // BEGIN IMMEDIATE is the lock

    public override bool IsUniqueViolation(DbException exception, string column) =>
        exception is SqliteException { SqliteExtendedErrorCode: UniqueConstraint or PrimaryKeyConstraint } e
        && e.Message.TrimEnd('.', '\'').EndsWith($".{column}", StringComparison.Ordinal);

    public override bool IsUnavailable(Exception exception) =>
        exception is SqliteException { SqliteErrorCode: Busy or Locked or ReadOnly or IoError or Full or CannotOpen };

    public override string? WriteProblem(Exception exception) =>
        exception switch
        {
            SqliteException { SqliteErrorCode: Full } => DiskFull,
            SqliteException { SqliteErrorCode: ReadOnly or IoError or CannotOpen } => "the database cannot be written",
            _ => null,
        };

    public override Task AnnounceChange(DbConnection db, string appId) =>
        db.ExecuteAsync(
            """
            INSERT INTO application_changes (app_id, seq) VALUES (@appId, (SELECT COALESCE(MAX(seq), 0) + 1 FROM application_changes))
            ON CONFLICT (app_id) DO UPDATE SET seq = excluded.seq
            """,
            new { appId }
        );

    public override Task<string> EngineVersion(DbConnection db) => db.QuerySingleAsync<string>("SELECT 'SQLite ' || sqlite_version()");

    public override async Task<IReadOnlyList<TableSchema>> Tables(DbConnection db)
    {
        var names = await db.QueryAsync<string>(
            "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND substr(name, 1, 7) <> 'sqlite_'"
        );
        var tables = new List<TableSchema>();
        foreach (var name in names)
        {
            var columns = await db.QueryAsync<(string Name, string Type)>(
                "SELECT name, type FROM pragma_table_info(@name) ORDER BY cid",
                new { name }
            );
            var references = await db.QueryAsync<string>("SELECT DISTINCT \"table\" FROM pragma_foreign_key_list(@name)", new { name });
            tables.Add(
                new(name, [.. columns.Select(column => new ColumnSchema(column.Name, Kind(column.Type), column.Type))], [.. references])
            );
        }

        return tables;
    }

    public override async Task<bool> HasTable(DbConnection db, string name) =>
        await db.QuerySingleAsync<long>("SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = @name", new { name }) == 1;

    public override Task BeginSnapshot(DbConnection db) => db.ExecuteAsync("BEGIN DEFERRED");

    public override long BulkCopy(DbConnection db, TableSchema table, IEnumerable<object?[]> rows)
    {
        using var insert = db.CreateCommand();
        insert.CommandText =
            $"INSERT INTO {table.Name} ({string.Join(", ", table.Columns.Select(column => column.Name))}) "
            + $"VALUES ({string.Join(", ", table.Columns.Select((_, i) => $"@p{i}"))})";
        foreach (var name in table.Columns.Select((_, i) => $"@p{i}"))
        {
            var parameter = insert.CreateParameter();
            parameter.ParameterName = name;
            insert.Parameters.Add(parameter);
        }

        var copied = 0L;
        foreach (var row in rows)
        {
            for (var i = 0; i < row.Length; i++)
            {
                insert.Parameters[i].Value = row[i] ?? DBNull.Value;
            }

            insert.ExecuteNonQuery();
            copied++;
        }

        return copied;
    }

    private static ColumnKind Kind(string type) =>
        type switch
        {
            "BOOLEAN" => ColumnKind.Boolean,
            "BIGINT" or "INTEGER" => ColumnKind.Number,
            "BLOB" => ColumnKind.Bytes,
            _ => ColumnKind.Text,
        };
}
