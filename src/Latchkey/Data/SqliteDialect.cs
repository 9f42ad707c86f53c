using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Latchkey.Data;

/// <summary>SQLite's side of the differences. Result codes: https://sqlite.org/rescode.html.</summary>
public sealed class SqliteDialect : Dialect
{
    public const int Busy = 5;
    public const int Locked = 6;
    public const int ReadOnly = 8;
    public const int CannotOpen = 14;
    public const int IoError = 10;
    public const int Corrupt = 11;
    public const int Full = 13;
    public const int NotADatabase = 26;
    private const int UniqueConstraint = 2067;
    private const int PrimaryKeyConstraint = 1555;

    public override string Name => "sqlite";

    public override string ForUpdate => "";

    public override string ForUpdateSkipLocked => "";

    public override string Among(string parameter) => $"IN @{parameter}"; // Dapper writes the list out

    public override Task LockMigrations(DbConnection db) => Task.CompletedTask; // BEGIN IMMEDIATE is the lock

    public override bool IsUniqueViolation(DbException exception, string column) =>
        exception is SqliteException { SqliteExtendedErrorCode: UniqueConstraint or PrimaryKeyConstraint } e
        && e.Message.TrimEnd('.', '\'').EndsWith($".{column}", StringComparison.Ordinal);

    public override bool IsOutOfOrder(Exception exception) => exception is SqliteException { SqliteErrorCode: Busy or Locked or ReadOnly or IoError or Full or CannotOpen };

    public override Task AnnounceChange(DbConnection db, string appId) =>
        db.ExecuteAsync(
            """
            INSERT INTO application_changes (app_id, seq) VALUES (@appId, (SELECT COALESCE(MAX(seq), 0) + 1 FROM application_changes))
            ON CONFLICT (app_id) DO UPDATE SET seq = excluded.seq
            """,
            new { appId });

    public override Task<string> EngineVersion(DbConnection db) => db.QuerySingleAsync<string>("SELECT 'SQLite ' || sqlite_version()");
}
