using System.Data.Common;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Dapper;
using Npgsql;
using NpgsqlTypes;

namespace Latchkey.Data;

/// <summary>The PostgreSQL dialect.</summary>
public sealed partial class PostgresDialect : Dialect
{
    public const string Engine = "postgres";

    /// <summary>The channel for changed applications; the payload is the App Id.</summary>
    public const string ChangeChannel = "latchkey_applications";

    /// <summary>
    /// SQLSTATE classes of unavailability: connection, resources, operator intervention, system error, internal error (including unwritable
    /// files), read-only standby, repeated deadlocks or conflicts, and a lock that somebody else holds for too long.
    /// </summary>
    private static readonly string[] UnavailableSqlStates = ["08", "53", "57", "58", "XX", "25006", "40", "55P03"];

    /// <summary>
    /// The server checks the foreign keys of all rows before it confirms a COPY. (Zero, which elsewhere means no timeout, sometimes ends it
    /// immediately.)
    /// </summary>
    private static readonly TimeSpan CopyTimeout = TimeSpan.FromHours(12);

    private const long MigrationLock = 0x4C61_7463_686B_6579; // "Latchkey"

    public override string Name => Engine;

    public override string ForUpdate => "FOR UPDATE";

    public override string ForUpdateSkipLocked => "FOR UPDATE SKIP LOCKED";

    public override string ForShare => "FOR SHARE";

    public override string HasWords(string text, string parameter) =>
        $"string_to_array({text}, ' ') @> string_to_array(CAST(@{parameter} AS TEXT), ' ')";

    public override string JsonText(string json, string parameter) => $"(CAST({json} AS JSON) ->> @{parameter})";

    public override string AsciiLower(string text) => $"lower({text} COLLATE \"C\")";

    public override string InArray(string parameter) => $"= ANY (@{parameter})";

    /// <summary>Waits without a timeout while another node migrates.</summary>
    public override Task LockMigrations(DbConnection db) =>
        db.ExecuteAsync(
            "SET LOCAL lock_timeout = 0; SELECT pg_advisory_xact_lock(@MigrationLock)",
            new { MigrationLock },
            commandTimeout: 0
        );

    // Constraints are named table_column after their last column. A partition's constraints have the names that PostgreSQL generates:
    // partition_columns_idx, with a number if that is taken.
    public override bool IsUniqueViolation(DbException exception, string column) =>
        exception is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: { } name }
        && PartitionSuffix().Replace(name, "").EndsWith($"_{column}", StringComparison.Ordinal);

    [GeneratedRegex(@"_idx\d*\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex PartitionSuffix();

    public override bool IsUnavailable(Exception exception) =>
        exception switch
        {
            PostgresException e => UnavailableSqlStates.Any(e.SqlState.StartsWith),
            NpgsqlException or TimeoutException or SocketException or IOException => true,
            _ => false,
        };

    public override string? WriteProblem(Exception exception) =>
        exception switch
        {
            PostgresException { SqlState: PostgresErrorCodes.DiskFull } => DiskFull,
            PostgresException { SqlState: PostgresErrorCodes.IoError } => "the database cannot be written",
            _ => null,
        };

    public override Task AnnounceChange(DbConnection db, string appId) =>
        db.ExecuteAsync("SELECT pg_notify(@ChangeChannel, @appId)", new { ChangeChannel, appId });

    /// <summary>
    /// Prepared statements keep their plan until the table's statistics are updated
    /// (https://www.postgresql.org/docs/current/sql-prepare.html).
    /// </summary>
    public override Task AnalyzeAfterBulkInsert(DbConnection db, string table) => db.ExecuteAsync($"ANALYZE {table}");

    /// <summary>
    /// Uses COPY (https://www.postgresql.org/docs/current/sql-copy.html), which fails at the first duplicate; then inserts row by row.
    /// </summary>
    public override async Task<int> InsertMany(DbConnection db, string table, IReadOnlyList<string> columns, IReadOnlyList<object?[]> rows)
    {
        var connection = (NpgsqlConnection)db;
        await connection.ExecuteAsync("SAVEPOINT bulk");
        try
        {
            await Copy(connection, table, columns, rows);
            await connection.ExecuteAsync("RELEASE SAVEPOINT bulk");
            return rows.Count;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            await connection.ExecuteAsync("ROLLBACK TO SAVEPOINT bulk");
            return await base.InsertMany(db, table, columns, rows);
        }
    }

    private static async Task Copy(NpgsqlConnection db, string table, IReadOnlyList<string> columns, IReadOnlyList<object?[]> rows)
    {
        await using var writer = await db.BeginBinaryImportAsync($"COPY {table} ({string.Join(", ", columns)}) FROM STDIN (FORMAT BINARY)");
        writer.Timeout = CopyTimeout;
        foreach (var row in rows)
        {
            await writer.StartRowAsync();
            foreach (var value in row)
            {
                await (
                    value switch
                    {
                        null => writer.WriteNullAsync(),
                        string text => writer.WriteAsync(text, NpgsqlDbType.Text),
                        long number => writer.WriteAsync(number, NpgsqlDbType.Bigint),
                        int number => writer.WriteAsync(number, NpgsqlDbType.Integer),
                        bool flag => writer.WriteAsync(flag, NpgsqlDbType.Boolean),
                        _ => throw new NotSupportedException($"a {value.GetType().Name} in a bulk insert"),
                    }
                );
            }
        }

        await writer.CompleteAsync();
    }

    public override async Task<string> EngineVersion(DbConnection db) =>
        $"PostgreSQL {await db.QuerySingleAsync<string>("SHOW server_version")}";

    public override async Task<IReadOnlyList<TableSchema>> Tables(DbConnection db)
    {
        var columns = await db.QueryAsync<(string Table, string Name, string Type)>(
            """
            SELECT c.table_name, c.column_name, c.data_type FROM information_schema.columns c
            JOIN information_schema.tables t ON t.table_schema = c.table_schema AND t.table_name = c.table_name
              AND t.table_type = 'BASE TABLE'
            WHERE c.table_schema = current_schema() AND c.is_generated = 'NEVER'
            ORDER BY c.table_name, c.ordinal_position
            """
        );
        var references = (
            await db.QueryAsync<(string Table, string Referenced)>(
                """
                SELECT DISTINCT t.relname, r.relname FROM pg_constraint c
                JOIN pg_class t ON t.oid = c.conrelid JOIN pg_class r ON r.oid = c.confrelid
                WHERE c.contype = 'f' AND c.connamespace = current_schema()::regnamespace
                """
            )
        ).ToLookup(pair => pair.Table, pair => pair.Referenced, StringComparer.Ordinal);
        return
        [
            .. columns
                .GroupBy(column => column.Table, StringComparer.Ordinal)
                .Select(table => new TableSchema(
                    table.Key,
                    [.. table.Select(column => new ColumnSchema(column.Name, Kind(column.Type), column.Type))],
                    [.. references[table.Key]]
                )),
        ];
    }

    public override Task<bool> HasTable(DbConnection db, string name) =>
        db.QuerySingleAsync<bool>("SELECT to_regclass(@name) IS NOT NULL", new { name });

    public override Task BeginSnapshot(DbConnection db) => db.ExecuteAsync("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");

    public override long BulkCopy(DbConnection db, TableSchema table, IEnumerable<object?[]> rows)
    {
        var copied = Copy((NpgsqlConnection)db, table, rows);
        foreach (
            var column in db.Query<string>(
                "SELECT attname FROM pg_attribute WHERE attrelid = @Name::regclass AND attidentity <> ''",
                new { table.Name }
            )
        )
        {
            // COPY with explicit numbers does not advance the sequence.
            db.Execute(
                $"SELECT setval(pg_get_serial_sequence('{table.Name}', '{column}'), (SELECT COALESCE(MAX({column}), 0) + 1 FROM "
                    + $"{table.Name}), FALSE)"
            );
        }

        return copied;
    }

    private static long Copy(NpgsqlConnection db, TableSchema table, IEnumerable<object?[]> rows)
    {
        using var import = db.BeginBinaryImport(
            $"COPY {table.Name} ({string.Join(", ", table.Columns.Select(column => column.Name))}) FROM STDIN (FORMAT BINARY)"
        );
        import.Timeout = CopyTimeout;
        var types = table.Columns.Select(column => column.Type).ToList();
        foreach (var row in rows)
        {
            import.StartRow();
            for (var i = 0; i < row.Length; i++)
            {
                Write(import, row[i], types[i]);
            }
        }

        return (long)import.Complete();
    }

    private static void Write(NpgsqlBinaryImporter import, object? value, string type)
    {
        switch (value)
        {
            case null:
                import.WriteNull();
                break;
            case long number when type == "integer":
                import.Write(checked((int)number), NpgsqlDbType.Integer);
                break;
            case long number:
                import.Write(number, NpgsqlDbType.Bigint);
                break;
            case bool flag:
                import.Write(flag, NpgsqlDbType.Boolean);
                break;
            case byte[] bytes:
                import.Write(bytes, NpgsqlDbType.Bytea);
                break;
            default:
                import.Write((string)value, NpgsqlDbType.Text);
                break;
        }
    }

    private static ColumnKind Kind(string type) =>
        type switch
        {
            "boolean" => ColumnKind.Boolean,
            "bigint" or "integer" => ColumnKind.Number,
            "bytea" => ColumnKind.Bytes,
            _ => ColumnKind.Text,
        };
}
